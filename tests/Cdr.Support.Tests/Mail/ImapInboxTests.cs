using System.Text;
using Cdr.Support.Mail;
using Cdr.Support.Mail.Inbox;
using Cdr.Support.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Tests.Mail;

public sealed class ImapInboxTests : IAsyncDisposable
{
    private readonly ImapDouble server = new();

    [Fact]
    public async Task What_is_over_goes_what_is_set_aside_is_starred_and_what_is_for_later_stays()
    {
        foreach (var text in new[] { "over", "aside", "later" })
            server.Put(Encoding.ASCII.GetBytes($"From: a@b.example\r\n\r\n{text}\r\n"));
        server.Put(new byte[IncomingMailReading.MostBytes + 1]);
        List<string> seen = [];
        Task<InboxVerdict> ShowAsync(byte[]? raw, CancellationToken cancellationToken)
        {
            var text = raw is null ? "large" : Encoding.ASCII.GetString(raw);
            seen.Add(text.Trim().Split('\n')[^1]);
            return Task.FromResult(text.Contains("over", StringComparison.Ordinal) ? InboxVerdict.Over : text.Contains("later", StringComparison.Ordinal) ? InboxVerdict.Later : InboxVerdict.Aside);
        }

        await Inbox("secret").LookAsync(ShowAsync, TestContext.Current.CancellationToken);
        Assert.Equal(["over", "aside", "later", "large"], seen);
        Assert.Equal(["\\Flagged", "", "\\Flagged"], server.Flags);

        // The next time only what was for later.
        seen.Clear();
        await Inbox("secret").LookAsync(ShowAsync, TestContext.Current.CancellationToken);
        Assert.Equal(["later"], seen);
    }

    [Fact]
    public async Task A_mailbox_that_is_empty_or_refuses_shows_nothing()
    {
        await Inbox("secret").LookAsync((_, _) => throw new InvalidOperationException(), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<MailKit.Security.AuthenticationException>(() => Inbox("other").LookAsync((_, _) => throw new InvalidOperationException(), TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private ImapInbox Inbox(string password) =>
        new(Options.Create(new InboxOptions { Address = "reponses@cdr.example", Host = "127.0.0.1", Port = server.Port, Security = MailSecurity.None, User = "reponses", Password = password }));
}
