using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Retention;

/// <summary>
/// Takes what is past its time, a ticket at a time, as the owner. One transaction: what goes is named in rows that stay, or nothing goes; the
/// database itself refuses a removal that is not named.
/// </summary>
internal sealed class TicketPurge(SupportDb db, RetentionOptions options, TimeProvider clock)
{
    /// <summary>Of the lock that one purge at a time holds: « cdr tk ».</summary>
    public const long LockKey = 0x636472_746B;

    private static readonly TicketState[] Over = [TicketState.Solved, TicketState.Closed, TicketState.Merged];
    private static readonly TicketState[] NeverSent = [TicketState.Draft, TicketState.Abandoned];
    private readonly DateTimeOffset now = clock.GetUtcNow();

    /// <summary>What went, or would go.</summary>
    public async IAsyncEnumerable<ErasureRow> RunAsync(bool isDry, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        foreach (var (policy, months, states) in new[] { ("tickets", options.TicketMonths, Over), ("drafts", options.DraftMonths, NeverSent) })
        {
            var until = now.AddMonths(-months);
            foreach (var ticket in await db.Tickets.Where(row => states.Contains(row.State) && row.UpdatedAt < until).Select(row => row.Id).ToListAsync(cancellationToken))
            {
                if (await EraseTicketAsync(ticket, $"{policy}-{months}m", until, states, isDry, cancellationToken) is { } erased)
                    yield return erased;
            }
        }

        var answersUntil = now.AddMonths(-options.AnswerMonths);
        foreach (var ticket in await db.Evidence.Where(row => row.FrozenAt < answersUntil).Select(row => row.Ticket)
            .Union(db.Attachments.Where(row => row.At < answersUntil).Select(row => row.Ticket)).ToListAsync(cancellationToken))
        {
            var gone = await AnswersAsync(row => row.Ticket == ticket && row.FrozenAt < answersUntil, row => row.Ticket == ticket && row.At < answersUntil, cancellationToken);
            if (await ErasePartAsync(ticket, $"answers-{options.AnswerMonths}m", answersUntil, gone, 0, isDry, cancellationToken) is { } erased)
                yield return erased;
        }

        var tracesUntil = now.AddMonths(-options.TraceMonths);
        foreach (var ticket in await db.EvidenceReads.Where(row => row.At < tracesUntil).Select(row => row.Ticket)
            .Union(db.Notices.Where(row => row.At < tracesUntil).Select(row => row.Ticket)).ToListAsync(cancellationToken))
        {
            var gone = await db.EvidenceReads.AsNoTracking().Where(row => row.Ticket == ticket && row.At < tracesUntil)
                .Select(row => new Gone(row.Id, ErasedKind.Reading, row.At, Array.Empty<byte>())).ToListAsync(cancellationToken);
            var bells = await db.Notices.CountAsync(row => row.Ticket == ticket && row.At < tracesUntil, cancellationToken);
            if (await ErasePartAsync(ticket, $"traces-{options.TraceMonths}m", tracesUntil, gone, bells, isDry, cancellationToken) is { } erased)
                yield return erased;
        }

        if (isDry)
            yield break;
        // All that it marks as read went before.
        await db.NoticeMarks.Where(row => row.At < tracesUntil).ExecuteDeleteAsync(cancellationToken);
        // What was sent or told elsewhere; what still waits is not over.
        await db.Mails.Where(row => row.At < tracesUntil && row.DueAt == null).ExecuteDeleteAsync(cancellationToken);
        await db.ReceivedMails.Where(row => row.At < tracesUntil).ExecuteDeleteAsync(cancellationToken);
        await db.Deliveries.Where(row => row.At < tracesUntil && row.DueAt == null).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<ErasureRow?> EraseTicketAsync(Guid id, string policy, DateTimeOffset until, TicketState[] states, bool isDry, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Touched since it was listed: its time begins again.
        if (await db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.UpdatedAt < until && states.Contains(row.State), cancellationToken) is not { } ticket)
            return null;
        var bells = await db.Notices.CountAsync(row => row.Ticket == id, cancellationToken);
        var erasure = Make(id, ticket.Number, ticket.Kind, ticket.State, ticket.CreatedAt, ticket.UpdatedAt, policy, until, true, bells);
        if (isDry)
            return erasure;
        var words = await db.Entries.AsNoTracking().Where(row => row.Ticket == id).Select(row => new { row.Id, row.At, row.Text }).ToListAsync(cancellationToken);
        List<Gone> gone = [.. words.Select(row => new Gone(row.Id, ErasedKind.Entry, row.At, row.Text is { } text ? SHA256.HashData(text) : [])), .. await AnswersAsync(row => row.Ticket == id, row => row.Ticket == id, cancellationToken)];
        await NameAsync(erasure, gone, cancellationToken);
        await RemoveAsync(gone, cancellationToken);
        await RemoveNoticesAsync(db.Notices.Where(row => row.Ticket == id), cancellationToken);
        await db.Clocks.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        await db.Links.Where(row => row.Ticket == id || row.Other == id).ExecuteDeleteAsync(cancellationToken);
        await db.Watchers.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        await db.Looks.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        await db.Mails.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        await db.Deliveries.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        await db.SearchTokens.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        await db.SearchMarks.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        // Opened again meanwhile: it stays, and nothing was taken.
        if (await db.Tickets.Where(row => row.Id == id && row.Version == ticket.Version && row.UpdatedAt < until && states.Contains(row.State)).ExecuteDeleteAsync(cancellationToken) == 0)
            return null;
        await transaction.CommitAsync(cancellationToken);
        return erasure;
    }

    private async Task<ErasureRow?> ErasePartAsync(Guid id, string policy, DateTimeOffset until, List<Gone> gone, int bells, bool isDry, CancellationToken cancellationToken)
    {
        var ticket = await db.Tickets.AsNoTracking().Where(row => row.Id == id).Select(row => new { row.Number, row.Kind, row.State, row.CreatedAt, row.UpdatedAt }).FirstOrDefaultAsync(cancellationToken)
            ?? await db.Erasures.AsNoTracking().Where(row => row.Ticket == id).OrderBy(row => row.Id).Select(row => new { row.Number, row.Kind, row.State, row.CreatedAt, row.UpdatedAt }).FirstOrDefaultAsync(cancellationToken);
        // In a dry run, of a ticket that would be gone by now.
        if (ticket is null)
            return null;
        var erasure = Make(id, ticket.Number, ticket.Kind, ticket.State, ticket.CreatedAt, ticket.UpdatedAt, policy, until, false, bells);
        if (isDry)
            return erasure;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await NameAsync(erasure, gone, cancellationToken);
        await RemoveAsync(gone, cancellationToken);
        if (bells > 0)
            await RemoveNoticesAsync(db.Notices.Where(row => row.Ticket == id && row.At < until), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return erasure;
    }

    private async Task<List<Gone>> AnswersAsync(
        System.Linq.Expressions.Expression<Func<EvidenceRow, bool>> answers, System.Linq.Expressions.Expression<Func<AttachmentRow, bool>> files, CancellationToken cancellationToken) =>
    [
        .. await db.Evidence.AsNoTracking().Where(answers).Select(row => new Gone(row.Id, ErasedKind.Answer, row.FrozenAt, row.Hash)).ToListAsync(cancellationToken),
        .. await db.Attachments.AsNoTracking().Where(files).Select(row => new Gone(row.Id, ErasedKind.File, row.At, row.Hash)).ToListAsync(cancellationToken),
    ];

    private async Task NameAsync(ErasureRow erasure, List<Gone> gone, CancellationToken cancellationToken)
    {
        db.Erasures.Add(erasure);
        db.Erased.AddRange(gone.Select(row => new ErasedRow { Id = row.Id, Erasure = erasure.Id, Kind = row.Kind, At = row.At, Hash = row.Hash }));
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    private async Task RemoveAsync(List<Gone> gone, CancellationToken cancellationToken)
    {
        foreach (var alike in gone.GroupBy(row => row.Kind))
        {
            Guid[] ids = [.. alike.Select(row => row.Id)];
            _ = alike.Key switch
            {
                ErasedKind.Entry => await db.Entries.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken),
                ErasedKind.Answer => await db.Evidence.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken),
                ErasedKind.File => await db.Attachments.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken),
                _ => await db.EvidenceReads.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken),
            };
        }
    }

    private async Task RemoveNoticesAsync(IQueryable<NoticeRow> notices, CancellationToken cancellationToken)
    {
        await db.NoticeReads.Where(read => notices.Any(row => row.Id == read.Notice)).ExecuteDeleteAsync(cancellationToken);
        await notices.ExecuteDeleteAsync(cancellationToken);
    }

    private ErasureRow Make(Guid ticket, string number, TicketKind kind, TicketState state, DateTimeOffset created, DateTimeOffset updated, string policy, DateTimeOffset until, bool whole, int notices) => new()
    {
        Id = Guid.CreateVersion7(now), Ticket = ticket, Number = number, Kind = kind, State = state, CreatedAt = created, UpdatedAt = updated, Policy = policy, Until = until, At = now, Whole = whole, Notices = notices,
    };

    private sealed record Gone(Guid Id, ErasedKind Kind, DateTimeOffset At, byte[] Hash);
}
