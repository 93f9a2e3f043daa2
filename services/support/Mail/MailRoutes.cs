using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Cdr.Support.Mail;

/// <summary>What became of a message on its way.</summary>
internal abstract record MailOutcome
{
    /// <summary>The other side has it.</summary>
    public sealed record Sent : MailOutcome;

    /// <param name="Fault">A code, never the other side's words: they repeat addresses.</param>
    /// <param name="IsForAll">Nothing else would leave now either.</param>
    public sealed record Later(string Fault, bool IsForAll) : MailOutcome;

    /// <param name="Fault">The same.</param>
    public sealed record Refused(string Fault) : MailOutcome;
}

/// <summary>A way out.</summary>
internal interface IMailRoute
{
    Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken);

    /// <summary>Nothing more for now.</summary>
    Task RestAsync(CancellationToken cancellationToken);
}

/// <summary>SMTP. A connection lasts as long as there is something to send.</summary>
internal sealed partial class SmtpRoute(IOptions<MailOptions> options) : IMailRoute, IDisposable
{
    private const int Timeout = 20_000;
    private SmtpClient? client;

    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await (await ConnectedAsync(cancellationToken)).SendAsync(message, cancellationToken);
            return new MailOutcome.Sent();
        }
        catch (SmtpCommandException e)
        {
            // 4xx passes. A sender, a relay or a session that is refused is our own setting, and most servers say so of the recipient: put right, everything leaves.
            var isOfOne = e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted;
            Drop();
            return (e.ErrorCode is SmtpErrorCode.MessageNotAccepted ? (int)e.StatusCode >= 500 : isOfOne && IsTheirs(e)) ? new MailOutcome.Refused(Code(e)) : new MailOutcome.Later(Code(e), !isOfOne);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Drop();
            return new MailOutcome.Later(e.GetType().Name, IsForAll: true);
        }
    }

    public async Task RestAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (client is { IsConnected: true })
                await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ProtocolException or System.Net.Sockets.SocketException)
        {
            // It is gone already.
        }

        Drop();
    }

    public void Dispose() => Drop();

    private async Task<SmtpClient> ConnectedAsync(CancellationToken cancellationToken)
    {
        if (client is { IsConnected: true })
            return client;
        Drop();
        var to = options.Value;
        // The certificate is checked as the system does; what it does not trust gets no password.
        client = new SmtpClient { Timeout = Timeout };
        var security = to.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        };
        await client.ConnectAsync(to.Host!, to.Port, security, cancellationToken);
        if (!string.IsNullOrEmpty(to.User))
            await client.AuthenticateAsync(to.User, to.Password!, cancellationToken);
        return client;
    }

    private void Drop()
    {
        client?.Dispose();
        client = null;
    }

    // RFC 3463: 5.1 is the address, 5.2 the mailbox. Where a server does not say it, RFC 5321's two replies about a mailbox that is not there.
    private static bool IsTheirs(SmtpCommandException e) =>
        (int)e.StatusCode >= 500 && (Enhanced().Match(e.Message) is { Success: true } said ? said.Groups[1].ValueSpan is "1" or "2" && said.Groups[2].ValueSpan is not ("7" or "8") : (int)e.StatusCode is 550 or 551);

    [GeneratedRegex(@"^\s*5\.(\d{1,3})\.(\d{1,3})(?!\S)")]
    private static partial Regex Enhanced();

    private static string Code(SmtpCommandException e) => ((int)e.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A folder: a message is a file named after its id, so that sent again it is the same file.</summary>
internal sealed class PickupRoute(IOptions<MailOptions> options) : IMailRoute
{
    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var folder = Directory.CreateDirectory(options.Value.PickupFolder!).FullName;
            var name = message.MessageId!.Split('@')[0];
            var making = Path.Combine(folder, name + ".tmp");
            await using (var file = File.Create(making))
                await message.WriteToAsync(file, cancellationToken);
            File.Move(making, Path.Combine(folder, name + ".eml"), overwrite: true);
            return new MailOutcome.Sent();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MailOutcome.Later(e.GetType().Name, IsForAll: true);
        }
    }

    public Task RestAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
