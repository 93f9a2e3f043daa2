using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Knowledge;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Information;

/// <summary>Announces: what is shown, what was said and the message that tells it are one transaction.</summary>
internal sealed class Announcing(IDbContextFactory<SupportDb> contexts, OutboxBell bell, TimeProvider clock)
{
    // What is announced later than that is a slip of the pen.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(730);

    // A regime's maintenance is a night or a weekend.
    private static readonly TimeSpan LongClosure = TimeSpan.FromHours(72);

    /// <summary>Null: the caller may say this.</summary>
    /// <param name="caisse">Whose it is, where it is one's: its interruption closes no regime.</param>
    private static ProblemHttpResult? Refuse(AnnouncementText text, Actor actor, string? caisse, DateTimeOffset now)
    {
        if (!Enum.IsDefined(text.Kind))
            return Problems.Invalid("kind", "kind-unknown", "Choisissez une actualité, une interruption ou un guide.");
        if (actor.Side == TicketSide.Organism ? text.Regime is not null && text.Regime != actor.Regime : actor.Side != TicketSide.Hotline)
            return NotYours();
        if (text.Regime is not null && !RegimeId.Parse(text.Regime).TryGet(out _, out var wrong))
            return Problems.Invalid("regime", wrong);
        if (text.Title?.Trim() is not { Length: >= 1 and <= ArticleWriting.MostTitle } title)
            return Problems.Invalid("title", "title-invalid", "Donnez un titre de 1 à 150 caractères.");
        if ((text.Markdown?.Trim() ?? "").Length is var length && (length > ArticleWriting.MostMarkdown || length == 0 && text.Kind != AnnouncementKind.Downtime))
            return Problems.Invalid("markdown", "markdown-invalid", "Écrivez de 1 à 20 000 caractères ; une interruption peut n'avoir que son titre.");
        if (text.To <= (text.From ?? now))
            return Problems.Invalid("to", "ends-before-it-begins", "La fin vient avant le début.", "Corrigez l'une des deux heures : elles sont celles de Paris.");
        if (text.From - now > Furthest || text.To - now > Furthest || now - text.From > Furthest)
            return Problems.Invalid("from", "too-far", "Cette date est à plus de deux ans.", "Vérifiez l'année.");
        if (caisse is null && text is { Kind: AnnouncementKind.Downtime, To: { } end, ClosesLong: false } && (text.Regime ?? actor.Regime) is { Length: > 0 } && end - Later(text.From ?? now, now) is var closed && closed > LongClosure)
            return Problems.Invalid("closesLong", "closes-long", $"Ce régime ne serait pas interrogé pendant {Math.Round(closed.TotalDays, MidpointRounding.AwayFromZero)} jours : toute réponse qui a besoin de lui serait incomplète.", "Vérifiez la fin ; si c'est bien ce que vous annoncez, confirmez-le.");
        return PersonalData.Refuse("title", title) ?? PersonalData.Refuse("markdown", text.Markdown ?? "");
    }

    public static ProblemHttpResult NotYours() =>
        Problems.Problem(StatusCodes.Status403Forbidden, "regime-not-yours", "Vous n'annoncez que pour votre propre régime.", "Demandez à la hotline ce qui concerne un autre régime ou tout le service.");

    public static ProblemHttpResult Unknown() =>
        Problems.Problem(StatusCodes.Status404NotFound, "announcement-not-found", "Cette annonce n'existe pas, ou n'est pas de votre régime ou de votre caisse.", "Cherchez-la dans la liste des annonces.");

    public static ProblemHttpResult Changed() =>
        Problems.Problem(StatusCodes.Status409Conflict, "announcement-changed", "Quelqu'un vient de modifier cette annonce.", "Relisez-la, puis recommencez.");

    /// <summary>Whose an announcement is: the hotline's all, a regime's its own and its caisses', a caisse's its own.</summary>
    public static IQueryable<AnnouncementRow> Of(IQueryable<AnnouncementRow> rows, Actor actor) =>
        actor.Side == TicketSide.Hotline ? rows
        : actor.Organism.Length > 0 ? rows.Where(row => row.Regime == actor.Regime && row.Organism == actor.Organism)
        : rows.Where(row => row.Regime == actor.Regime);

    public static Announcement Show(AnnouncementRow row) => new()
    {
        Id = row.Id, Kind = row.Kind, Regime = row.Regime, Organism = row.Organism, Title = row.Title, Markdown = row.Markdown, From = row.From, To = row.To, Withdrawn = row.Withdrawn, UpdatedAt = row.UpdatedAt, Version = row.Version,
    };

    public async Task<Results<Ok<Announcement>, ProblemHttpResult>> AnnounceAsync(AnnouncementText text, Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var caisse = actor.Side == TicketSide.Organism && actor.Organism.Length > 0 ? actor.Organism : null;
        if (Refuse(text, actor, caisse, now) is { } refused)
            return refused;
        if (text.Id is { Version: not 7 })
            return Problems.Invalid("id", "id-not-v7", "L'identifiant choisi doit être un UUID de version 7.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var id = text.Id ?? Guid.CreateVersion7(now);
        if (await AgainAsync(db, id, actor, cancellationToken) is { } again)
            return again;
        var row = new AnnouncementRow
        {
            Id = id, Kind = text.Kind, Regime = actor.Side == TicketSide.Organism ? actor.Regime : text.Regime,
            Organism = caisse, Title = "", Markdown = "", From = now, UpdatedAt = now, Version = 0,
        };
        db.Announcements.Add(row);
        Say(db, row, text, false, actor, now);
        db.Tell(new NewsPublished(Guid.CreateVersion7(now), id, row.Kind, row.Regime, row.From, now));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (!StoreOutage.Is(e))
        {
            // The same, sent twice at once.
            db.ChangeTracker.Clear();
            if (await AgainAsync(db, id, actor, cancellationToken) is { } first)
                return first;
            throw;
        }

        bell.Ring();
        return TypedResults.Ok(Show(row));
    }

    public Task<Results<Ok<Announcement>, ProblemHttpResult>> ChangeAsync(Guid id, AnnouncementText text, Actor actor, CancellationToken cancellationToken) => SayAgainAsync(id, actor, (row, now) =>
        row.Version != text.Version ? Changed()
        : row.Kind != text.Kind || text.Regime is not null && text.Regime != row.Regime ? Problems.Invalid("kind", "kind-fixed", "Une annonce garde sa nature et son régime.", "Retirez-la, puis faites-en une autre.")
        : Refuse(text with { From = text.From ?? row.From, Regime = row.Regime, ClosesLong = text.ClosesLong || (text.To <= row.To && (text.From ?? row.From) >= row.From) }, actor, row.Organism, now), row => text with { From = text.From ?? row.From }, false, cancellationToken);

    public Task<Results<Ok<Announcement>, ProblemHttpResult>> WithdrawAsync(Guid id, Actor actor, CancellationToken cancellationToken) => SayAgainAsync(id, actor, (_, _) => null, null, true, cancellationToken);

    private async Task<Results<Ok<Announcement>, ProblemHttpResult>> SayAgainAsync(
        Guid id, Actor actor, Func<AnnouncementRow, DateTimeOffset, ProblemHttpResult?> refuse, Func<AnnouncementRow, AnnouncementText>? text, bool withdrawn, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await Of(db.Announcements, actor).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return Unknown();
        var now = clock.GetUtcNow();
        if (refuse(row, now) is { } refused)
            return refused;
        if (withdrawn && row.Withdrawn)
            return TypedResults.Ok(Show(row));
        Say(db, row, text?.Invoke(row), withdrawn, actor, now);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (!StoreOutage.Is(e))
        {
            return Changed();
        }

        bell.Ring();
        return TypedResults.Ok(Show(row));
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // Null: as it was.
    private static void Say(SupportDb db, AnnouncementRow row, AnnouncementText? text, bool withdrawn, Actor actor, DateTimeOffset now)
    {
        if (text is not null)
            (row.Title, row.Markdown, row.From, row.To) = (text.Title.Trim(), (text.Markdown ?? "").Trim(), (text.From ?? now).ToUniversalTime(), text.To?.ToUniversalTime());
        // What was said last holds, and is later than all that was said before, whichever process says it.
        (row.Withdrawn, row.UpdatedAt) = (withdrawn, row.Version == 0 ? now : Later(now, row.UpdatedAt.AddMicroseconds(1)));
        db.AnnouncementVersions.Add(new AnnouncementVersionRow
        {
            Announcement = row.Id, Number = ++row.Version, Title = row.Title, Markdown = row.Markdown, From = row.From, To = row.To, Withdrawn = withdrawn, At = now, By = actor.Subject, Role = actor.Role,
        });
        if (Downtime(row, now) is { } downtime)
            db.Tell(downtime);
    }

    /// <summary>What Rights is told of it. Null: it is no interruption of a whole regime; a caisse's is not, since the others answer.</summary>
    public static DowntimeAnnounced? Downtime(AnnouncementRow row, DateTimeOffset now) => row is { Kind: AnnouncementKind.Downtime, Regime: { } regime, Organism: null }
        ? new(Guid.CreateVersion7(now), row.Id, row.Version, regime, row.From, row.To, row.Withdrawn, row.UpdatedAt) : null;

    // Sent again after a silence. Null: none has that id.
    private static async Task<Results<Ok<Announcement>, ProblemHttpResult>?> AgainAsync(SupportDb db, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (await db.Announcements.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return null;
        return await db.AnnouncementVersions.AnyAsync(said => said.Announcement == id && said.Number == 1 && said.By == actor.Subject, cancellationToken) ? TypedResults.Ok(Show(row)) : Changed();
    }
}
