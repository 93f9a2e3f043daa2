using System.Globalization;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Support.Store;
using Cdr.Support.Tests.Doubles;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MimeKit;
using Refit;

namespace Cdr.Support.Tests.Mail;

/// <summary>The real program beside an SMTP server of the test's own.</summary>
public abstract class MailTestsOfHost : HostTests
{
    protected const string Team = "hotline@cdr.example";

    private protected SmtpDouble Smtp { get; } = new();

    private protected IMailApi Mine(string role, string subject) => RestService.ForGenerated<IMailApi>(Host.ClientOf(Token(role, subject, regime: "test-regime")), new RefitSettings());

    private protected override ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync() => new(
    [
        new("Support:Mail:Host", "127.0.0.1"), new("Support:Mail:Port", Smtp.Port.ToString(CultureInfo.InvariantCulture)), new("Support:Mail:Security", "None"),
        new("Support:Mail:From", "CDR <cdr@cdr.example>"), new("Support:Mail:Portal", "https://portail.example"), new("Support:Mail:HotlineAddress", Team),
    ]);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Smtp.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives an address, reads the code where it was sent, and confirms.</summary>
    private protected async Task<IMailApi> ConfirmedAsync(string role, string subject, string address)
    {
        var mine = Mine(role, subject);
        await mine.GiveAddressAsync(new MailAddress(address), Cancel);
        var code = await TakenAsync(address);
        await mine.ConfirmAsync(new MailCode(CodeIn(code)), Cancel);
        return mine;
    }

    private protected static string CodeIn(MimeMessage message) => System.Text.RegularExpressions.Regex.Match(message.TextBody!, "[0-9]{4} [0-9]{4}").Value;

    /// <summary>The last of so many that were sent there.</summary>
    private protected async Task<MimeMessage> TakenAsync(string address, int count = 1)
    {
        await Deadline.UntilAsync($"{count} messages at {address}", TimeSpan.FromSeconds(60), () => Task.FromResult(To(address).Count >= count), Cancel);
        return To(address)[count - 1];
    }

    private protected List<MimeMessage> To(string address) => [.. Smtp.Taken.Where(message => message.To.Mailboxes.Single().Address == address)];

    private protected MailSender Sender => Host.Services.GetServices<IHostedService>().OfType<MailSender>().Single();

    private protected Task ByHandAsync() => ByHandAsync(Sender);

    private protected async Task<List<MailRow>> RowsAsync()
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        return await db.Mails.AsNoTracking().OrderBy(row => row.Id).ToListAsync(Cancel);
    }

    /// <summary>Every bell of that rang: what is owed beside it is written by then, or soon.</summary>
    private protected Task OwedAsync(string recipient, int count) =>
        Deadline.UntilAsync($"{count} are owed to {recipient}", TimeSpan.FromSeconds(60), async () => (await RowsAsync()).Count(row => row.Recipient == recipient && row.Event != MailRow.CodeEvent) >= count, Cancel);
}
