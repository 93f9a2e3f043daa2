using System.ComponentModel.DataAnnotations;

namespace Cdr.Support.Mail.Inbox;

/// <summary>Where answers to e-mail are read. With no address none are, and messages say to answer in the portal.</summary>
internal sealed class InboxOptions
{
    public const string Section = "Support:Mail:Inbox";

    /// <value><c>reponses@cdr.example</c>; its server must take <c>reponses+anything@cdr.example</c> for it. Default: none.</value>
    public string? Address { get; init; }

    /// <value>IMAP server of that mailbox, which nothing else empties.</value>
    public string? Host { get; init; }

    /// <value>Default 993.</value>
    [Range(1, 65535)]
    public int Port { get; init; } = 993;

    /// <value><c>Tls</c> (default), <c>StartTls</c>, or <c>None</c> towards a server on the same machine.</value>
    [EnumDataType(typeof(MailSecurity))]
    public MailSecurity Security { get; init; } = MailSecurity.Tls;

    /// <value>Who signs in there.</value>
    public string? User { get; init; }

    /// <value>In a file of <c>Secrets:Folder</c>, as every secret.</value>
    public string? Password { get; init; }

    /// <value>Development: <c>.eml</c> files of this folder instead.</value>
    public string? DropFolder { get; init; }

    /// <value>Time between two looks. Default 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    public bool IsOn => !string.IsNullOrEmpty(Address);

    /// <summary>Null: it can be read.</summary>
    public string? Fault(bool isMailOn) => this switch
    {
        { IsOn: false } => null,
        // The token is 42 characters; a name before « @ » has 64 at most.
        _ when AddressText.Read(Address) is null || Address!.IndexOf('@', StringComparison.Ordinal) > 20 || Address.Contains('+', StringComparison.Ordinal) => "Support:Mail:Inbox:Address is no address, has more than 20 characters before « @ », or a « + »: « reponses@cdr.example ».",
        _ when !isMailOn => "Support:Mail:Inbox:Address is set and no e-mail is sent: give Support:Mail:Host.",
        { Host: { Length: > 0 }, DropFolder: { Length: > 0 } } => "Support:Mail:Inbox:Host and Support:Mail:Inbox:DropFolder are both set: answers come by one of them.",
        { Host: null or "", DropFolder: null or "" } => "Support:Mail:Inbox:Address has no Support:Mail:Inbox:Host: nobody would read what is answered.",
        { Host: { Length: > 0 }, User: null or "" } or { Host: { Length: > 0 }, Password: null or "" } => "Support:Mail:Inbox:User or Support:Mail:Inbox:Password is not set.",
        { Host: { Length: > 0 } host, Security: MailSecurity.None } when host is not ("127.0.0.1" or "localhost" or "::1") => "Support:Mail:Inbox:Security is None: a password would travel in clear. Choose Tls or StartTls.",
        _ => null,
    };
}
