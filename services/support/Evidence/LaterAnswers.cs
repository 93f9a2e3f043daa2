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
        if (!TicketMachine.Grants(move.Action, ticket.Kind, isAnswered: false))
            return (null, TicketProblems.ShowsNoRights());
        var kept = await db.Evidence.AsNoTracking().Where(row => row.Ticket == id).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        if (kept.Exists(row => row.Consultation == consultation))
            return (null, TicketProblems.AnswerThere());
        if (kept.Count >= Most)
            return (null, TicketProblems.AnswersTooMany(Most));
        var (answer, refused) = await contested.ReadAsync(consultation, keep: true, cancellationToken);
        if (refused is not null)
            return (null, refused);
        if (kept is [var first, ..] && Refuse(first, answer!.Answer) is { } foreign)
            return (null, foreign);
        return (keeping.Freeze(id, answer!), null);
    }

    // What is put beside a ticket stays there, and is read by whoever it is transferred to.
    private ProblemHttpResult? Refuse(EvidenceRow first, ConsultationAnswer later)
    {
        if (!keeping.TryOpen(first, out var bytes))
            return TicketProblems.FirstUnreadable();
        var contestedFiles = JsonSerializer.Deserialize<ConsultationAnswer>(bytes, JsonSerializerOptions.Web)!.Affiliations;
        if (contestedFiles.Count == 0 || later.Affiliations.Count == 0)
            return TicketProblems.AnswerOfNobody();
        return contestedFiles.Any(one => later.Affiliations.Any(other => IsOfOne(one, other))) ? null : TicketProblems.AnswerOfAnother();
    }

    // A family shares its insured person's number: without numbers of their own, two are one under the same insured person alone.
    private static bool IsOfOne(Affiliation one, Affiliation other) =>
        ((Own(one) is not null && Own(other) is not null) || one.Insured.Nir == other.Insured.Nir) && !one.MayBeAnothersThan(other);

    private static string? Own(Affiliation file) => file.Beneficiary.Nir ?? (file.Insured.IsPatient ? file.Insured.Nir : null);
}
