using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Causes;
using Cdr.Support.Clocks;
using Cdr.Support.Escalation;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Tickets;

/// <summary>Does something to a ticket: its state, its entry, its clocks and the message that tells it are one transaction.</summary>
internal sealed class TicketWriting(IDbContextFactory<SupportDb> contexts, TicketText text, RuleBook rules, Organisms organisms, OutboxBell bell, TimeProvider clock)
{
    /// <summary>Detail of an organism's answer: it corrected the file.</summary>
    public const string Corrected = "fileCorrected";

    /// <summary>Files of one ticket: what shows a difference is a few pages.</summary>
    public const int MostFiles = 20;

    private const int Attempts = 5;

    /// <summary>Null once it is done.</summary>
    public async Task<ProblemHttpResult?> MoveAsync(Guid id, TicketMove move, Actor actor, CancellationToken cancellationToken, AttachmentRow? file = null, EvidenceRow? later = null, string? by = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var done = move.Id is { } again ? await db.Entries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == again, cancellationToken) : null;
            var isAgain = done is not null && SentAgain.IsSame(done, done.Text is { } words ? text.OpenWords(done.Id, words) : null, id, move, actor);
            // Who gave it away does not see it any more.
            if (isAgain)
                return null;
            if (await db.Tickets.Where(actor.Sees).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket)
                return TicketProblems.Unknown();
            if (done is not null)
                return TicketProblems.DoneOtherwise();
            // A file's id is its own, and its entry has another.
            if (file is not null && await db.Attachments.AsNoTracking().Where(row => row.Id == file.Id).Select(row => new { row.Ticket, row.Role, row.Hash }).FirstOrDefaultAsync(cancellationToken) is { } kept)
                return kept.Ticket == id && kept.Role == file.Role && kept.Hash.AsSpan().SequenceEqual(file.Hash) ? null : TicketProblems.FileIdTaken();
            // What we number ourselves may have waited for days.
            if (by is null && ChosenId.Refuse(move.Id ?? file?.Id, clock.GetUtcNow()) is { } wrong)
                return wrong;
            if (move.Version is { } seen && seen != ticket.Version)
                return TicketProblems.Changed();
            if (await ApplyAsync(db, ticket, move, actor, file, later, by, cancellationToken) is { } refused)
                return refused;
            if (by is null)
                await EstablishmentGroups.SayAsync(db, actor, clock.GetUtcNow(), cancellationToken);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                bell.Ring();
                return null;
            }
            catch (DbUpdateException) when (attempt < Attempts)
            {
                // Somebody was faster: what they did is looked at first.
            }
            catch (DbUpdateException e) when (!Cdr.ServiceDefaults.Stores.StoreOutage.Is(e))
            {
                // Too many at once; its number in the trail is somebody else's, or its version.
                return TicketProblems.Changed();
            }
        }
    }

    /// <summary>A new ticket with its first entry, and what else its transaction holds.</summary>
    public async Task AddAsync(SupportDb db, TicketRow ticket, string words, Actor actor, CancellationToken cancellationToken)
    {
        db.Tickets.Add(ticket);
        await EstablishmentGroups.SayAsync(db, actor, ticket.CreatedAt, cancellationToken);
        await AppendAsync(db, ticket, new TicketMove { Action = TicketAction.Open, Text = words }, actor, TicketState.Draft, EntryReaders.All, null, null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        bell.Ring();
    }

    private async Task<ProblemHttpResult?> ApplyAsync(SupportDb db, TicketRow ticket, TicketMove move, Actor actor, AttachmentRow? file, EvidenceRow? later, string? by, CancellationToken cancellationToken)
    {
        if (actor.Side is not { } side || !TicketMachine.IsOf(move.Action, side))
            return TicketProblems.NotYours();
        if (TicketMachine.Find(move.Action, side, ticket.State) is not { } rule)
            return TicketProblems.NotNow(ticket.State);
        if (move.Text is { Length: > TicketProblems.MostWords })
            return TicketProblems.TextInvalid();
        DestinationOrganism? organism = null;
        var detail = by;
        switch (rule.Condition)
        {
            case TicketCondition.DirectSending when !await db.Establishments.AnyAsync(row => row.Finess == ticket.Establishment && row.DirectSending, cancellationToken):
                return TicketProblems.ReferentSends(isKept: true);
            case TicketCondition.Text when string.IsNullOrWhiteSpace(move.Text):
                return TicketProblems.TextInvalid();
            case TicketCondition.Priority:
                (ticket.Impact, ticket.Urgency) = (move.Impact ?? ticket.Impact, move.Urgency ?? ticket.Urgency);
                ticket.Priority = TicketMachine.Priority(ticket.Impact, ticket.Urgency);
                detail = $"{ticket.Impact} {ticket.Urgency}";
                break;
            case TicketCondition.Checked:
                if (Checklist.Join(ticket.Kind, move.Checked ?? []) is not { } checks)
                    return Problems.Invalid("checked", "check-unknown", "Ce point n'est pas de la liste de ce ticket.");
                detail = ticket.Checks = checks;
                break;
            case TicketCondition.Transferable or TicketCondition.OtherOrganism:
                if (!TicketMachine.Grants(move.Action, ticket.Kind, isAnswered: false))
                    return TicketProblems.NotTransferable();
                if (!Checklist.IsComplete(ticket.Kind, ticket.Checks))
                    return TicketProblems.Incomplete([.. Checklist.Read(ticket.Kind, ticket.Checks).Where(point => !point.Done).Select(point => point.Id)]);
                if ((move.Organism ?? (rule.Condition == TicketCondition.Transferable ? ticket.ManagingOrganism : null)) is not { } key)
                    return Problems.Invalid("organism", "organism-missing", "Aucun organisme n'est dit, et la réponse contestée n'en nomme pas un seul.", "Donnez le régime (2 chiffres) et la caisse (3 chiffres) de celui qui gère le dossier.");
                organism = await organisms.FindAsync(db, key, cancellationToken);
                if (organism is null)
                    return Problems.Invalid("organism", "organism-unknown", "Aucun organisme destinataire ne répond à ce code.", "Donnez le régime (2 chiffres) et la caisse (3 chiffres) ; la table des organismes destinataires les liste.");
                if (organism.Key == ticket.Organism && ticket.State == TicketState.Transferred)
                    return Problems.Invalid("organism", "organism-same", "Cet organisme a déjà le ticket.");
                break;
            case TicketCondition.Solvable when !TicketMachine.Grants(move.Action, ticket.Kind, await IsAnsweredAsync(db, ticket.Id, cancellationToken)):
                return TicketProblems.OrganismDecides();
            case TicketCondition.Solvable:
                if (string.IsNullOrWhiteSpace(move.Cause))
                    return TicketProblems.CauseMissing();
                if (!(await CauseBook.ReadAsync(db, cancellationToken)).Any(one => one.Code == move.Cause && one.Holds(ticket.Kind, CauseBook.Today(clock))))
                    return TicketProblems.CauseUnknown();
                detail = ticket.Cause = move.Cause;
                break;
            case TicketCondition.File:
                if (file is null)
                    return Problems.Invalid("action", "attach-apart", "Un fichier se joint par son propre appel.");
                if (await db.Attachments.CountAsync(row => row.Ticket == ticket.Id, cancellationToken) >= MostFiles)
                    return TicketProblems.FilesTooMany(MostFiles);
                db.Attachments.Add(file);
                detail = file.Id.ToString();
                break;
            case TicketCondition.LaterAnswer:
                if (later is null)
                    return Problems.Invalid("consultation", "consultation-missing", "Dites quelle consultation est mise à côté.");
                if (await db.Evidence.AnyAsync(row => row.Ticket == ticket.Id && row.Consultation == later.Consultation, cancellationToken))
                    return TicketProblems.AnswerThere();
                db.Evidence.Add(later);
                detail = later.Consultation.ToString();
                break;
            case TicketCondition.Kind:
                if (move.Kind is not { } kind || kind == ticket.Kind)
                    return Problems.Invalid("kind", "kind-same", "Dites la nouvelle nature du ticket, autre que celle qu'il a.");
                detail = $"{ticket.Kind} {kind}";
                // The list is another one.
                (ticket.Kind, ticket.Checks) = (kind, "");
                break;
            case TicketCondition.Somebody:
                if (await Assignment.RefuseAsync(db, move, actor, cancellationToken) is { } nobody)
                    return nobody;
                break;
            case TicketCondition.OtherTicket:
                if (move.Other is not { } other || other == ticket.Id
                    || await db.Tickets.Where(actor.Sees).FirstOrDefaultAsync(row => row.Id == other && row.State != TicketState.Merged, cancellationToken) is not { } target)
                    return Problems.Invalid("other", "other-unknown", "L'autre ticket n'existe pas.");
                if (move.Action == TicketAction.Merge && target.Establishment != ticket.Establishment)
                    return TicketProblems.MergedElsewhere();
                if (move.Action == TicketAction.Merge && !TicketMachine.IsLive(target.State))
                    return TicketProblems.MergedIntoOver();
                if (move.Action == TicketAction.Merge && target.Kind != ticket.Kind)
                    return TicketProblems.MergedIntoOtherKind();
                if (move.Action == TicketAction.Merge && await db.Evidence.AnyAsync(row => row.Ticket == ticket.Id, cancellationToken) && !await db.Evidence.AnyAsync(row => row.Ticket == other, cancellationToken))
                    return TicketProblems.MergeHidesProof();
                detail = other.ToString();
                if (move.Action == TicketAction.Merge)
                    await CarryAsync(db, ticket, target, actor, cancellationToken);
                if (!await db.Links.AnyAsync(row => row.Ticket == ticket.Id && row.Other == other, cancellationToken))
                    db.Links.AddRange(new LinkRow { Ticket = ticket.Id, Other = other }, new LinkRow { Ticket = other, Other = ticket.Id });
                break;
            default:
                break;
        }

        detail = await ChangeAsync(db, ticket, move, actor, cancellationToken) ?? detail;
        var from = ticket.State;
        ticket.State = rule.To ?? ticket.State;
        await AppendAsync(db, ticket, move, actor, from, TicketMachine.Readers(move.Action, side), organism, detail, cancellationToken);
        if (organism is not null)
            (ticket.Organism, ticket.OrganismRegime) = (organism.Key, organism.Regime);
        if (move.Action == TicketAction.GiveBack)
            (ticket.Organism, ticket.OrganismRegime) = (null, null);
        return null;
    }

    private static async Task<bool> IsAnsweredAsync(SupportDb db, Guid id, CancellationToken cancellationToken) =>
        TicketMachine.IsAnswered(await db.Entries.Where(row => row.Ticket == id).OrderBy(row => row.Number).Select(row => row.Action).ToListAsync(cancellationToken));

    // Who asked follows the one that goes on. It has an entry of it, and so a version: merged away itself at that moment, one of the two fails.
    private async Task CarryAsync(SupportDb db, TicketRow ticket, TicketRow target, Actor actor, CancellationToken cancellationToken)
    {
        var following = await db.Watchers.Where(row => row.Ticket == ticket.Id).Select(row => row.Subject).ToListAsync(cancellationToken);
        var there = await db.Watchers.Where(row => row.Ticket == target.Id).Select(row => row.Subject).ToListAsync(cancellationToken);
        db.Watchers.AddRange(following.Append(ticket.Author).Distinct().Except(there).Where(one => one != target.Author).Select(one => new WatcherRow { Ticket = target.Id, Subject = one }));
        await AppendAsync(db, target, new TicketMove { Action = TicketAction.Link }, actor, target.State, EntryReaders.Hotline, null, ticket.Id.ToString(), cancellationToken);
    }

    private static async Task<string?> ChangeAsync(SupportDb db, TicketRow ticket, TicketMove move, Actor actor, CancellationToken cancellationToken)
    {
        switch (move.Action)
        {
            case TicketAction.Answer when move.FileCorrected:
                return Corrected;
            case TicketAction.Take:
                return ticket.Assignee = actor.Subject;
            case TicketAction.Assign:
                (ticket.Assignee, ticket.Team) = (Assignment.Subject(move, actor), Assignment.Given(move.Team) ?? ticket.Team);
                return $"{ticket.Assignee}|{ticket.Team}";
            case TicketAction.Merge:
                ticket.MergedInto = move.Other;
                return null;
            // Whom the hotline may ask.
            case TicketAction.Send when actor.Subject == ticket.Author:
                return null;
            case TicketAction.Send or TicketAction.Watch when !await db.Watchers.AnyAsync(row => row.Ticket == ticket.Id && row.Subject == actor.Subject, cancellationToken):
                db.Watchers.Add(new WatcherRow { Ticket = ticket.Id, Subject = actor.Subject });
                return null;
            // What it was held for did not solve it.
            case TicketAction.Reopen:
                ticket.Cause = null;
                return null;
            case TicketAction.Unwatch:
                db.Watchers.RemoveRange(await db.Watchers.Where(row => row.Ticket == ticket.Id && row.Subject == actor.Subject).ToListAsync(cancellationToken));
                return null;
            default:
                return null;
        }
    }

    private async Task AppendAsync(
        SupportDb db, TicketRow ticket, TicketMove move, Actor actor, TicketState from, EntryReaders readers, DestinationOrganism? organism, string? detail, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = move.Id ?? Guid.CreateVersion7(now);
        var entry = new EntryRow
        {
            Id = id, Ticket = ticket.Id, Number = ++ticket.Version, At = now, Actor = actor.Subject, Role = actor.Role, Action = move.Action, From = from, To = ticket.State,
            Priority = ticket.Priority, Readers = readers, Organism = organism?.Key ?? (actor.Side == TicketSide.Organism ? ticket.Organism : null), OrganismHours = organism is null ? null : $"{organism.Department}|{organism.Hours}", Detail = detail,
            Text = string.IsNullOrWhiteSpace(move.Text) ? null : text.SealWords(id, move.Text.Trim()),
        };
        var trail = await db.Entries.Where(row => row.Ticket == ticket.Id).OrderBy(row => row.Number).Select(TrailEntry.Of).ToListAsync(cancellationToken);
        trail.Add(TrailEntry.Of.Compile()(entry));
        db.Entries.Add(entry);
        ticket.UpdatedAt = now;
        await ClockKeeping.WriteAsync(db, ticket, ClockKeeping.Make(trail, await rules.ReadAsync(cancellationToken), now), cancellationToken);
        var isOrganisms = actor.Side == TicketSide.Organism || (move.Action == TicketAction.Withdraw && from == TicketState.Transferred);
        db.Tell(new TicketMoved(id, ticket.Id, entry.Number, move.Action, ticket.State, now, organism?.Regime ?? (isOrganisms ? ticket.OrganismRegime : null)));
        if (move is { Action: TicketAction.Answer, FileCorrected: true } && ticket.OrganismRegime is { } regime)
        {
            // One that began with a call contests none by itself: those that were put with it.
            var beside = await db.Evidence.Where(row => row.Ticket == ticket.Id).Select(row => (Guid?)row.Consultation).ToListAsync(cancellationToken);
            foreach (var consultation in beside.Append(ticket.Consultation).OfType<Guid>().Distinct())
                db.Tell(new FileCorrected(Guid.CreateVersion7(now), ticket.Id, consultation, regime, now));
        }
    }
}
