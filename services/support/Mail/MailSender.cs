using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Cdr.Support.Mail;

/// <summary>
/// Sends what is due. Who claims a message moves its next attempt first, and is alone with it until then; sent, it is over. Whoever dies
/// in between leaves it due again under the same message id: twice is what a mailbox recognises, never is what nobody would notice.
/// </summary>
internal sealed partial class MailSender(IDbContextFactory<SupportDb> contexts, IMailRoute route, MailBook book, MailWords words, MailMeter meter, MailBell bell, IHostApplicationLifetime lifetime, IOptions<MailOptions> options, TimeProvider clock, ILogger<MailSender> log)
    : BackgroundService
{
    private const int AtOnce = 100;

    // As long as a server takes to say anything at all, twice.
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim looking = new(1, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsOn)
            return;
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(log, e.GetType().Name);
            }

            await bell.WaitAsync(options.Value.SendEvery, clock, stoppingToken);
        }
    }

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        // A way out is one connection.
        await looking.WaitAsync(cancellationToken);
        try
        {
            await LookAsync(cancellationToken);
        }
        finally
        {
            looking.Release();
        }
    }

    public override void Dispose()
    {
        looking.Dispose();
        base.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var due = await db.Mails.AsNoTracking().Where(row => row.DueAt <= now).OrderBy(row => row.DueAt).ThenBy(row => row.Id).Take(AtOnce).ToListAsync(cancellationToken);
        // All that one person is owed is one message, wherever the look ends.
        var people = due.Where(row => row is { Digest: true, Batch: null }).Select(row => row.Recipient).Distinct().ToList();
        if (people.Count > 0)
            due = [.. due.UnionBy(await db.Mails.AsNoTracking().Where(row => row.Digest && row.Batch == null && row.DueAt <= now && people.Contains(row.Recipient)).OrderBy(row => row.DueAt).ThenBy(row => row.Id).ToListAsync(cancellationToken), row => row.Id)];
        foreach (var group in due.GroupBy(row => row.Digest ? row.Batch?.ToString() ?? row.Recipient : row.Id.ToString()))
        {
            if (await ClaimAsync(db, [.. group], now, cancellationToken) is not { Count: > 0 } claimed)
                continue;
            // A server that does not answer is asked once a look, not once a message.
            if (!await SendAsync(db, claimed, cancellationToken))
                break;
        }

        await route.RestAsync(cancellationToken);
        var waiting = await db.Mails.Where(row => row.DueAt != null && (row.DueAt <= now || row.Attempts > 0)).GroupBy(_ => 1).Select(all => new { Count = all.LongCount(), First = all.Min(row => row.At) }).FirstOrDefaultAsync(cancellationToken);
        meter.Measured(waiting?.Count ?? 0, waiting is null ? TimeSpan.Zero : now - waiting.First);
    }

    internal static TimeSpan Patience(int attempts) => First * Math.Pow(2, Math.Min(attempts, 10)) is var wait && wait < Longest ? wait : Longest;

    private static async Task<List<MailRow>> ClaimAsync(SupportDb db, List<MailRow> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var batch = rows[0].Digest ? rows[0].Batch ?? rows[0].Id : (Guid?)null;
        List<MailRow> claimed = [];
        foreach (var row in rows)
        {
            var (next, seen) = (now + Patience(row.Attempts), row.DueAt);
            if (await db.Mails.Where(one => one.Id == row.Id && one.DueAt == seen && one.Attempts == row.Attempts)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, next).SetProperty(one => one.Attempts, row.Attempts + 1).SetProperty(one => one.Batch, batch), cancellationToken) == 1)
            {
                // As the store has it: the message's id is the batch's, now and after a crash.
                row.Batch = batch;
                claimed.Add(row);
            }
            else if (claimed.Count == 0)
                // Another replica has this one, and the rest of it.
                return claimed;
        }

        return claimed;
    }

    // False: nothing more can be sent now.
    private async Task<bool> SendAsync(SupportDb db, List<MailRow> rows, CancellationToken cancellationToken)
    {
        List<(MailRow Row, string Title)> wanted = [];
        MailReader? where = null;
        foreach (var row in rows)
        {
            var title = "";
            switch (await NewsMail.OfAsync(db, row, clock.GetUtcNow(), cancellationToken))
            {
                case NewsMail.Over:
                    await EndAsync(db, [row], null, "unwanted", cancellationToken);
                    continue;
                case NewsMail.NotYet notYet:
                    await PutOffAsync(db, row, notYet.From, cancellationToken);
                    continue;
                case NewsMail.Now now:
                    title = now.Title;
                    break;
            }

            if (await book.WhereAsync(db, row, clock.GetUtcNow(), cancellationToken) is not { } reads)
            {
                await EndAsync(db, [row], null, "unwanted", cancellationToken);
                continue;
            }

            where = reads;
            wanted.Add((row, title));
        }

        if (where is not { } to || await MakeAsync(db, wanted, to, cancellationToken) is not { } message)
            return true;
        message.Date = clock.GetUtcNow();
        var sent = wanted.ConvertAll(one => one.Row);
        switch (await route.SendAsync(message, cancellationToken))
        {
            case MailOutcome.Sent:
                await EndAsync(db, sent, clock.GetUtcNow(), null, cancellationToken);
                meter.Count("sent", sent.Count);
                return true;
            case MailOutcome.Refused refused:
                await EndAsync(db, sent, null, refused.Fault, cancellationToken);
                meter.Count("setAside", sent.Count);
                Log.SetAside(log, sent[0].Id, refused.Fault);
                return true;
            case MailOutcome.Later later:
                meter.Count("later", sent.Count);
                Log.NotYet(log, sent[0].Id, later.Fault);
                return !later.IsForAll;
            default:
                return true;
        }
    }

    private async Task<MimeMessage?> MakeAsync(SupportDb db, List<(MailRow Row, string Title)> rows, MailReader to, CancellationToken cancellationToken)
    {
        var (first, title) = rows[0];
        if (first.Event == MailRow.CodeEvent)
        {
            var code = await db.MailAddresses.Where(row => row.Subject == first.Recipient).Select(row => row.Code).FirstOrDefaultAsync(cancellationToken);
            if (book.OpenCode(first.Recipient, code) is { } digits)
                return words.Code(first, to.Address, digits);
            await EndAsync(db, [first], null, "unwanted", cancellationToken);
            return null;
        }

        if (first.Digest)
            return words.Digest(first.Batch ?? first.Id, rows, to);
        if (first.Announcement is not null)
            return words.News(first, title, to);
        var before = await db.Mails.Where(row => row.Ticket == first.Ticket && row.Recipient == first.Recipient && !row.Digest && row.SentAt != null).OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(cancellationToken);
        return words.About(first, to, before.Count == 0 ? null : (before[0], before[^1]));
    }

    // Its beginning was moved since it was announced.
    private async Task PutOffAsync(SupportDb db, MailRow row, DateTimeOffset from, CancellationToken cancellationToken)
    {
        if (await book.WhenAsync(db, row.Recipient, row.Event, from, cancellationToken) is not { } when)
            await EndAsync(db, [row], null, "unwanted", cancellationToken);
        else
            await db.Mails.Where(one => one.Id == row.Id).ExecuteUpdateAsync(
                set => set.SetProperty(one => one.DueAt, when.At).SetProperty(one => one.Attempts, 0).SetProperty(one => one.Batch, (Guid?)null), cancellationToken);
    }

    private async Task EndAsync(SupportDb db, List<MailRow> rows, DateTimeOffset? sentAt, string? fault, CancellationToken cancellationToken)
    {
        var (ids, aside) = (rows.ConvertAll(row => row.Id), sentAt is null ? clock.GetUtcNow() : (DateTimeOffset?)null);
        await db.Mails.Where(row => ids.Contains(row.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.DueAt, (DateTimeOffset?)null).SetProperty(row => row.SentAt, sentAt).SetProperty(row => row.SetAsideAt, aside).SetProperty(row => row.Fault, fault), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "E-mail could not be looked at ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "E-mail {Mail} is not sent yet ({Fault}); it will be.")]
        public static partial void NotYet(ILogger logger, Guid mail, string fault);

        [LoggerMessage(3, LogLevel.Warning, "E-mail {Mail} is refused for good ({Fault}): set aside.")]
        public static partial void SetAside(ILogger logger, Guid mail, string fault);
    }
}
