using System.Security.Cryptography;
using MimeKit;

namespace Cdr.Support.Mail.Inbox;

/// <summary>What a message of the mailbox is, before anybody is asked whose it is.</summary>
internal abstract record IncomingMail
{
    /// <param name="Token">To which it answers.</param>
    /// <param name="From">Who says to have sent it.</param>
    /// <param name="Key">By which it is known when it comes again.</param>
    /// <param name="Text">What they wrote; may be empty.</param>
    /// <param name="Files">As they came.</param>
    /// <param name="Left">Files that were not even looked at: too many, or a message inside.</param>
    public sealed record Reply(string Token, string From, string Key, string Text, IReadOnlyList<IncomingFile> Files, int Left) : IncomingMail
    {
        public override string ToString() => nameof(Reply);
    }

    /// <summary>Of a program, not of a person: answering it would go on for ever.</summary>
    public sealed record Automatic : IncomingMail;

    /// <param name="Reason">A code.</param>
    public sealed record Strange(string Reason) : IncomingMail;
}

/// <param name="Name">As it came; null where it has none.</param>
/// <param name="Bytes">Decoded.</param>
internal sealed record IncomingFile(string? Name, byte[] Bytes)
{
    public override string ToString() => $"{nameof(IncomingFile)} {Bytes.Length}";
}

/// <summary>Reads a message that anybody may have sent. Pure: what is not understood is strange, and never an exception.</summary>
internal static class IncomingMailReading
{
    /// <value>As it lies in the mailbox: five files of 5 MB in base64 are more, and are asked to come apart.</value>
    public const int MostBytes = 12 * 1024 * 1024;

    private const int MostText = 1024 * 1024;
    private const int MostParts = 100;
    private const int MostFiles = 5;
    // As it came, in base64.
    private const int MostLogo = 20 * 1024;
    private const int MostDashes = 1000;
    private const int MostFields = 20_000;
    private const int MostDepth = 20;
    private static readonly string[] Recipients = ["Delivered-To", "X-Original-To", "Envelope-To"];

    public static IncomingMail Read(byte[] raw, string inbox)
    {
        if (raw.Length > MostBytes)
            return new IncomingMail.Strange("too-large");
        // Before anything is made of it: a part of seven bytes becomes thousands, and so does a field of three.
        if (HasTooManyLines(raw))
            return new IncomingMail.Strange("too-many-parts");
        try
        {
            using var stream = new MemoryStream(raw, writable: false);
            using var message = MimeMessage.Load(new ParserOptions { MaxMimeDepth = MostDepth }, stream);
            if (IsAutomatic(message))
                return new IncomingMail.Automatic();
            return TokenOf(message, inbox) is not { } token ? new IncomingMail.Strange("no-token")
                : message.From.Mailboxes.Take(2).ToList() is not [var from] ? new IncomingMail.Strange("no-sender")
                : ReadParts(message, raw, inbox, token, from.Address);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or InvalidOperationException or IOException or System.Text.DecoderFallbackException)
        {
            return new IncomingMail.Strange("malformed");
        }
    }

    private static IncomingMail ReadParts(MimeMessage message, byte[] raw, string inbox, string token, string from)
    {
        var parts = message.BodyParts.Take(MostParts + 1).ToList();
        if (parts.Count > MostParts)
            return new IncomingMail.Strange("too-many-parts");
        var texts = parts.OfType<TextPart>().Where(part => !part.IsAttachment && part.FileName is null).ToList();
        if (texts.Sum(part => part.Content?.Stream?.Length ?? 0) > MostText)
            return new IncomingMail.Strange("too-long");
        // Some programs go on below a picture; some leave the plain part empty.
        var plain = string.Join("\n\n", texts.Where(part => part.IsPlain).Select(part => part.Text.Trim()).Where(said => said.Length > 0));
        var text = plain.Length > 0 ? plain : texts.Find(part => part.IsHtml) is { } page ? OwnWords.OfHtml(page.Text) : "";
        // What is small and belongs to the page is the logo of a signature.
        var files = parts.Where(part => part is MessagePart || !texts.Contains(part) && (part.IsAttachment || part is MimePart { ContentId: null, FileName: not null } || part is MimePart { Content.Stream.Length: > MostLogo })).ToList();
        var kept = files.OfType<MimePart>().Where(part => part.Content is not null).Take(MostFiles).Select(part => new IncomingFile(part.FileName, Decode(part))).ToList();
        return new IncomingMail.Reply(token, from, message.MessageId is { Length: > 0 and < 1000 } id ? id : Convert.ToHexString(SHA256.HashData(raw)), OwnWords.Of(text, inbox), kept, files.Count - kept.Count);
    }

    // A line may be a field of a heading, one with dashes may begin a part.
    private static bool HasTooManyLines(ReadOnlySpan<byte> raw)
    {
        var (fields, dashes) = (0, 0);
        while (!raw.IsEmpty)
        {
            var end = raw.IndexOf((byte)'\n');
            // Nothing that is in base64 has a colon.
            if ((raw.StartsWith("--"u8) && ++dashes > MostDashes) || ((end < 0 ? raw : raw[..end]).Contains((byte)':') && ++fields > MostFields))
                return true;
            raw = end < 0 ? [] : raw[(end + 1)..];
        }

        return false;
    }

    // RFC 3834, and what programs of before it say.
    private static bool IsAutomatic(MimeMessage message)
    {
        string Of(string header) => message.Headers[header]?.Trim().ToLowerInvariant() ?? "";
        var type = message.Body?.ContentType;
        return Of("Auto-Submitted") is not ("" or "no") || Of("Return-Path") == "<>" || Of("Precedence") is "bulk" or "junk" or "list" or "auto_reply"
            || message.Headers.Contains("X-Autoreply") || message.Headers.Contains("X-Autorespond") || message.Headers.Contains("List-Id")
            || type is not null && (type.IsMimeType("multipart", "report") || type.IsMimeType("message", "delivery-status"))
            || message.From.Mailboxes.Any(one => one.LocalPart.ToLowerInvariant() is "mailer-daemon" or "postmaster");
    }

    private static string? TokenOf(MimeMessage message, string inbox)
    {
        var addresses = message.To.Mailboxes.Concat(message.Cc.Mailboxes).Select(one => one.Address)
            .Concat(Recipients.Select(header => message.Headers[header]?.Trim().Trim('<', '>')).OfType<string>());
        return addresses.Take(MostParts).Select(address => ReplyAddress.TokenOf(inbox, address)).FirstOrDefault(token => token is not null);
    }

    private static byte[] Decode(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }
}
