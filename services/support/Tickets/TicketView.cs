using Cdr.Contracts.Support;
using Cdr.Support.Causes;
using Cdr.Support.Clocks;
using Cdr.Support.Escalation;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Tickets;

/// <summary>A ticket as one reader may see it.</summary>
internal sealed class TicketView(IDbContextFactory<SupportDb> contexts, TicketText text, RuleBook rules, Organisms organisms, TimeProvider clock)
{
    /// <summary>Null: none, or none of theirs.</summary>
    public async Task<Ticket?> ReadAsync(Actor actor, Func<IQueryable<TicketRow>, IQueryable<TicketRow>> which, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await which(db.Tickets.AsNoTracking().Where(actor.Sees)).FirstOrDefaultAsync(cancellationToken) is not { } ticket)
            return null;
        var entries = await db.Entries.AsNoTracking().Where(row => row.Ticket == ticket.Id).OrderBy(row => row.Number).ToListAsync(cancellationToken);
        var links = await db.Links.Where(link => link.Ticket == ticket.Id && db.Tickets.Where(actor.Sees).Any(other => other.Id == link.Other)).Select(link => link.Other).ToListAsync(cancellationToken);
        // A side of the ticket: others follow it, and not the person. A technical one shows no rights, whatever it was before.
        List<TicketAnswer> answers = actor.Side is null || ticket.Kind != TicketKind.DataInconsistency ? []
            : await db.Evidence.Where(row => row.Ticket == ticket.Id).OrderBy(row => row.Id).Select(row => new TicketAnswer(row.Id, row.Consultation, row.AnsweredAt)).ToListAsync(cancellationToken);
        var direct = await db.Establishments.AnyAsync(row => row.Finess == ticket.Establishment && row.DirectSending, cancellationToken);
        var labels = await organisms.LabelsAsync(db, [.. entries.Select(entry => entry.Organism).Append(ticket.Organism).OfType<string>().Distinct()], cancellationToken);
        var now = clock.GetUtcNow();
        var made = ClockKeeping.Make(entries.Select(TrailEntry.Of.Compile()), await rules.ReadAsync(cancellationToken), now);
        var cause = ticket.Cause is null ? null : (await CauseBook.ReadAsync(db, cancellationToken)).FirstOrDefault(one => one.Code == ticket.Cause);
        var opens = rules.Hotline.NextOpening(now);
        var isAnswered = TicketMachine.IsAnswered(entries.Select(entry => entry.Action));
        return new Ticket
        {
            Id = ticket.Id,
            Number = ticket.Number,
            Kind = ticket.Kind,
            State = ticket.State,
            WaitsFor = ticket.WaitsFor,
            Priority = ticket.Priority,
            Impact = ticket.Impact,
            Urgency = ticket.Urgency,
            Title = actor.ReadsWords ? text.OpenTitle(ticket.Id, ticket.Title) : "",
            Establishment = ticket.Establishment,
            Department = ticket.Department,
            Consultation = ticket.Consultation,
            Organism = ticket.Organism,
            OrganismLabel = ticket.Organism is { } has ? labels.GetValueOrDefault(has) : null,
            Assignee = actor.Side == TicketSide.Hotline ? ticket.Assignee : null,
            Team = actor.Side == TicketSide.Hotline ? ticket.Team : null,
            Cause = ticket.Cause,
            CauseLabel = cause?.Label,
            MergedInto = ticket.MergedInto,
            CreatedAt = ticket.CreatedAt,
            UpdatedAt = ticket.UpdatedAt,
            Version = ticket.Version,
            HasEvidence = answers.Count > 0,
            Answers = answers,
            Checklist = Checklist.Read(ticket.Kind, ticket.Checks),
            Entries = [.. entries.Where(entry => actor.Reads(entry, ticket.Organism)).Select(entry => new TicketEntry(
                entry.Number, entry.At, entry.Action, entry.Role, actor.Side == TicketSide.Hotline || entry.Actor == actor.Subject ? entry.Actor : null, entry.From, entry.To, entry.Organism,
                entry.Text is { } words && actor.ReadsWordsOf(entry) ? text.OpenWords(entry.Id, words) : null, KindsOf(entry), entry.Organism is { } its ? labels.GetValueOrDefault(its) : null))],
            // Who owes what is no secret; an organism sees its own.
            Clocks = [.. made.Clocks.Where(one => actor.Side != TicketSide.Organism || one.Owner == ticket.Organism).Select(one => new TicketClock(
                one.Kind, one.Owner, one.DueAt, Minutes(one.RunningSince is { } since ? one.Used + one.Hours.Between(since, now) : one.Used), Minutes(one.Target), one.MetAt, one.MissedAt ?? (one.DueAt < now ? one.DueAt : null)))],
            Links = links,
            // Who has it does not take it; and what its kind or its organism's silence refuses is not offered.
            Can = actor.Side is { } side
                ? [.. TicketMachine.Of(side, ticket.State, direct).Where(action => (action != TicketAction.Take || ticket.Assignee != actor.Subject) && TicketMachine.Grants(action, ticket.Kind, isAnswered))] : [],
            FileCorrectedAt = entries.LastOrDefault(entry => entry is { Action: TicketAction.Answer, Detail: TicketWriting.Corrected })?.At,
            HotlineOpensAt = opens > now ? opens : null,
        };
    }

    private static KindChange? KindsOf(EntryRow entry) =>
        entry is { Action: TicketAction.Retype, Detail: { } detail } && detail.Split(' ') is [var from, var to] ? new KindChange(Enum.Parse<TicketKind>(from), Enum.Parse<TicketKind>(to)) : null;

    private static int Minutes(TimeSpan time) => (int)time.TotalMinutes;
}
