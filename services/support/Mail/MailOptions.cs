using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace Cdr.Support.Mail;

/// <summary>How e-mail leaves. With neither a server nor a folder none does, and preferences say so.</summary>
internal sealed class MailOptions
{
    public const string Section = "Support:Mail";

    /// <value>SMTP server. Default: none.</value>
    public string? Host { get; init; }

    /// <value>Default 587.</value>
    [Range(1, 65535)]
    public int Port { get; init; } = 587;

    /// <value><c>StartTls</c> (default), <c>Tls</c> from the first byte, or <c>None</c> towards a relay on the same machine.</value>
    [EnumDataType(typeof(MailSecurity))]
    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    /// <value>Who signs in there. Default: nobody.</value>
    public string? User { get; init; }

    /// <value>In a file of <c>Secrets:Folder</c>, as every secret.</value>
    public string? Password { get; init; }

    /// <value>Development: messages become files of this folder instead.</value>
    public string? PickupFolder { get; init; }

    /// <value>Sender. Its domain is that of message ids.</value>
    public string From { get; init; } = "CDR <ne-pas-repondre@cdr.invalid>";

    /// <value>Where the portal is for those who read: <c>https://cdr.example</c>.</value>
    public string? Portal { get; init; }

    /// <value>Where the hotline reads as a team. Default: nowhere.</value>
    public string? HotlineAddress { get; init; }

    /// <value>Time between two looks at what is to be sent. Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SendEvery { get; init; } = TimeSpan.FromSeconds(5);

    public bool IsOn => !string.IsNullOrEmpty(Host) || !string.IsNullOrEmpty(PickupFolder);

    public MailboxAddress Sender => MailboxAddress.Parse(From);

    public string Domain => Sender.Domain;

    /// <summary>Null: it can be sent with.</summary>
    public string? Fault() => this switch
    {
        { IsOn: false } => null,
        { Host: { Length: > 0 }, PickupFolder: { Length: > 0 } } => "Support:Mail:Host and Support:Mail:PickupFolder are both set: e-mail leaves by one of them.",
        _ when !MailboxAddress.TryParse(From, out var from) || from.Domain.Length == 0 => "Support:Mail:From is no address: « CDR <cdr@example.fr> ».",
        _ when !Uri.TryCreate(Portal, UriKind.Absolute, out var portal) || portal.Scheme is not ("https" or "http") => "Support:Mail:Portal is not set: a message without a link helps nobody. Give the portal's address, « https://cdr.example.fr ».",
        _ when HotlineAddress is { Length: > 0 } team && AddressText.Read(team) is null => "Support:Mail:HotlineAddress is no address.",
        { Security: MailSecurity.None, Password.Length: > 0 } => "Support:Mail:Security is None: a password would travel in clear. Choose StartTls or Tls.",
        { User: { Length: > 0 }, Password: null or "" } => "Support:Mail:User has no Support:Mail:Password.",
        _ => null,
    };
}

/// <summary>Of the way to the SMTP server.</summary>
internal enum MailSecurity
{
    StartTls,
    Tls,
    None,
}

/// <summary>An address as somebody types it.</summary>
internal static class AddressText
{
    /// <summary>Null: not an address that a server on the Internet would take.</summary>
    public static string? Read(string? typed)
    {
        var text = typed?.Trim() ?? "";
        return text.Length is >= 6 and <= 254 && text.All(one => one is > ' ' and < '\u007f' and not (',' or ';' or '<' or '>' or '"' or '(' or ')' or '\\'))
            && MailboxAddress.TryParse(text, out var read) && read.Address == text && read.Domain.Contains('.', StringComparison.Ordinal) && read.LocalPart.Length is >= 1 and <= 64
            ? text
            : null;
    }
}
