using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Mail.Inbox;

/// <summary>What is done with a message once it was looked at.</summary>
internal enum InboxVerdict
{
    /// <summary>It goes: what it said is in its ticket, or was of nobody.</summary>
    Over,

    /// <summary>It stays, marked, for people to read.</summary>
    Aside,

    /// <summary>It stays as it is: it is looked at again.</summary>
    Later,
}

/// <summary>Where answers arrive.</summary>
internal interface IInbox
{
    /// <summary>Shows what arrived, one after another; of one that is too large, null.</summary>
    Task LookAsync(Func<byte[]?, CancellationToken, Task<InboxVerdict>> show, CancellationToken cancellationToken);
}

/// <summary>IMAP. What is over is removed, so that nothing of a patient lies there for long; what is set aside is starred.</summary>
internal sealed class ImapInbox(IOptions<InboxOptions> options) : IInbox
{
    private const int AtOnce = 100;
    private const int Timeout = 20_000;

    public async Task LookAsync(Func<byte[]?, CancellationToken, Task<InboxVerdict>> show, CancellationToken cancellationToken)
    {
        var from = options.Value;
        using var client = new ImapClient { Timeout = Timeout };
        var security = from.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        };
        await client.ConnectAsync(from.Host!, from.Port, security, cancellationToken);
        await client.AuthenticateAsync(from.User!, from.Password!, cancellationToken);
        var inbox = client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        var ids = (await inbox.SearchAsync(SearchQuery.NotFlagged.And(SearchQuery.NotDeleted), cancellationToken)).Take(AtOnce).ToList();
        if (ids.Count > 0)
        {
            foreach (var one in await inbox.FetchAsync(ids, MessageSummaryItems.UniqueId | MessageSummaryItems.Size, cancellationToken))
            {
                switch (await show(one.Size > IncomingMailReading.MostBytes ? null : await BytesAsync(inbox, one.UniqueId, cancellationToken), cancellationToken))
                {
                    case InboxVerdict.Over:
                        await inbox.AddFlagsAsync(one.UniqueId, MessageFlags.Deleted, silent: true, cancellationToken);
                        break;
                    case InboxVerdict.Aside:
                        await inbox.AddFlagsAsync(one.UniqueId, MessageFlags.Flagged, silent: true, cancellationToken);
                        break;
                    default:
                        break;
                }
            }

            await inbox.ExpungeAsync(cancellationToken);
        }

        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    private static async Task<byte[]> BytesAsync(IMailFolder inbox, UniqueId id, CancellationToken cancellationToken)
    {
        await using var stream = await inbox.GetStreamAsync(id, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}

/// <summary>A folder of <c>.eml</c> files; what is set aside goes to <c>aside</c> in it.</summary>
internal sealed class DropFolderInbox(IOptions<InboxOptions> options) : IInbox
{
    public async Task LookAsync(Func<byte[]?, CancellationToken, Task<InboxVerdict>> show, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(options.Value.DropFolder!);
        foreach (var file in folder.EnumerateFiles("*.eml").OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            switch (await show(file.Length > IncomingMailReading.MostBytes ? null : await File.ReadAllBytesAsync(file.FullName, cancellationToken), cancellationToken))
            {
                case InboxVerdict.Over:
                    file.Delete();
                    break;
                case InboxVerdict.Aside:
                    file.MoveTo(Path.Combine(folder.CreateSubdirectory("aside").FullName, file.Name), overwrite: true);
                    break;
                default:
                    break;
            }
        }
    }
}
