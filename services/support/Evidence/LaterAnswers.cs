using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Evidence;

/// <summary>Freezes a later answer to the question of a contested one, as that was: read with the caller's own token, and proven.</summary>
internal sealed class LaterAnswers(IDbContextFactory<SupportDb> contexts, ContestedAnswers contested, EvidenceKeeping keeping)
{
    /// <summary>Of one ticket: a question is not asked so often for one file.</summary>
    private const int Most = 10;

    /// <summary>Nothing where the move is refused for another reason, or was done already: whoever writes it says so.</summary>
    public async Task<(EvidenceRow? Later, ProblemHttpResult? Refused)> FreezeAsync(Guid id, TicketMove move, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (actor.Side is not { } side || move.Consultation is not { } consultation
            || await db.Tickets.AsNoTracking().Where(actor.Sees).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket
            || TicketMachine.Find(move.Action, side, ticket.State) is null
            || (move.Id is { } again && await db.Entries.AnyAsync(row => row.Id == again, cancellationToken)))
            return (null, null);
        if (ticket.Kind != TicketKind.DataInconsistency)
            return (null, TicketProblems.ShowsNoRights());
        var kept = await db.Evidence.AsNoTracking().Where(row => row.Ticket == id).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        if (kept.Exists(row => row.Consultation == consultation))
            return (null, TicketProblems.AnswerThere());
        if (kept.Count >= Most)
            return (null, TicketProblems.AnswersTooMany(Most));
        var (answer, refused) = await contested.ReadAsync(consultation, keep: true, cancellationToken);
        if (refused is not null)
            return (null, refused);
        if (kept is [var first, ..] && keeping.TryOpen(first, out var bytes) && IsOfAnother(JsonSerializer.Deserialize<ConsultationAnswer>(bytes, JsonSerializerOptions.Web)!, answer!.Answer))
            return (null, TicketProblems.AnswerOfAnother());
        return (keeping.Freeze(id, answer!), null);
    }

    // Of two who have numbers, and none in common. Whom no regime knew has none.
    private static bool IsOfAnother(ConsultationAnswer one, ConsultationAnswer other)
    {
        var (first, second) = (Numbers(one), Numbers(other));
        return first.Count > 0 && second.Count > 0 && !first.Overlaps(second);
    }

    private static HashSet<string> Numbers(ConsultationAnswer answer) =>
        answer.Affiliations.SelectMany(one => new[] { one.Beneficiary.Nir, one.Insured.Nir }).OfType<string>().ToHashSet(StringComparer.Ordinal);
}
