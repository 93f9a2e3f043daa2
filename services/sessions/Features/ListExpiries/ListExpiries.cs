using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Package;
using Cdr.Sessions.Posts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.ListExpiries;

/// <summary>What a referent sees to: leavers whose card is to be recovered, cards and certificates about to end, posts about to be cut off, posts on which the package was tried. Two months, as the field gives warning.</summary>
internal static class ListExpiries
{
    private const int Months = 2;
    private const int MostTrials = 200;

    public static RouteHandlerBuilder MapListExpiries(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/expiries", HandleAsync).RequireAuthorization(SessionsModule.AnyAdministrator).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
            .WithSummary("Leavers, cards and software certificates of an establishment about to end, and posts about to be cut off.");

    internal static async Task<Results<Ok<ExpiryList>, ForbidHttpResult, ProblemHttpResult>> HandleAsync(
        string? establishment, Guid? trialsAfter, HttpContext http, SessionsDb db, PersonRegister register, PostRegister posts, PackageDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        var reader = Administrator.Of(http.User);
        var finess = establishment ?? reader.Establishment;
        if (!reader.Reaches(finess))
            return TypedResults.Forbid();
        if (await db.Establishments.AsNoTracking().FirstOrDefaultAsync(one => one.Finess == finess, cancellationToken) is not { } place)
            return Problems.Problem(StatusCodes.Status404NotFound, "establishment-unknown", "Cet établissement n'est pas connu de la plateforme.", "Donnez son numéro FINESS géographique.");
        var now = clock.GetUtcNow();
        var today = EstablishmentDay.Of(place.Department, now);
        var (since, until) = (today.AddMonths(-Months), today.AddMonths(Months));
        var soon = now.AddMonths(Months);

        var people = (await db.Habilitations.AsNoTracking().Include(one => one.Person).Where(one => one.EstablishmentFiness == place.Finess).ToListAsync(cancellationToken)).GroupBy(one => one.PersonId).ToList();
        var cards = await CardsAsync(db, place.Finess, cancellationToken);
        var leavers = from person in people
                      let last = person.MaxBy(one => one.Until ?? DateOnly.MaxValue)!
                      let day = last.Until ?? DateOnly.MaxValue
                      where day >= since && day <= until
                      let card = cards.GetValueOrDefault(person.Key)
                      orderby day
                      select new Leaver(register.NameOf(last.Person!), last.Role, day, card?.Kind, card?.EndsAt);
        var ending = from person in people
                     where person.Any(one => !(one.Until < today)) && cards.ContainsKey(person.Key)
                     let card = cards[person.Key]
                     where card.EndsAt <= soon
                     orderby card.EndsAt
                     select new EndingCard(register.NameOf(person.First().Person!), card.Kind, card.EndsAt);
        var certificates = await db.SoftwareClients.AsNoTracking()
            .Where(client => client.WithdrawnAt == null && client.CertificateEndsAt <= soon && client.Scope.Any(scope => scope.EstablishmentFiness == place.Finess))
            .OrderBy(client => client.CertificateEndsAt).Select(client => new EndingCertificate(client.Id, client.Name, client.CertificateEndsAt!.Value)).ToListAsync(cancellationToken);
        var here = await db.Posts.AsNoTracking().Include(post => post.Cards).Where(post => post.EstablishmentFiness == place.Finess).ToListAsync(cancellationToken);
        var cut = from post in here
                  from one in posts.CutOffs(post, until)
                  orderby one.Rule.RefuseFrom, post.Label
                  select new EndingPost(post.Reference, post.Label, one.Pki, one.Rule.RefuseFrom!.Value, one.Rule.Title, one.Rule.Next);
        var trials = await TrialsAsync(db, desk, place, now.AddMonths(-Months), trialsAfter, here, cancellationToken);
        return TypedResults.Ok(new ExpiryList(place.Finess, until, [.. leavers], [.. ending], certificates, [.. cut], trials.Shown, trials.Left));
    }

    /// <summary>
    /// One that was repeated counts as it last went; a failure stays beside what passed later on its day: whoever says that it passes does
    /// not take the ticket away. Whoever knows the establishment can tell trials: what is read of all is a few words each.
    /// </summary>
    private static async Task<(IReadOnlyList<PostTrialEntry> Shown, int Left)> TrialsAsync(SessionsDb db, PackageDesk desk, Establishment place, DateTimeOffset since, Guid? after, List<Post> here, CancellationToken cancellationToken)
    {
        var told = await db.Set<PackageTrial>().AsNoTracking().Where(trial => trial.Access!.EstablishmentFiness == place.Finess && trial.At >= since)
            .OrderByDescending(trial => trial.At).ThenByDescending(trial => trial.Id).Select(trial => new { trial.Id, trial.At, trial.Post, trial.Function, Passed = trial.Failed == "" }).ToListAsync(cancellationToken);
        var counting = told.GroupBy(trial => (trial.Post, trial.Function))
            .SelectMany(own => own.Where(trial => trial == own.First() || (!trial.Passed && DayOf(trial.At) == DayOf(own.First().At))).DistinctBy(trial => trial.Passed))
            .OrderBy(trial => trial.Passed).ThenByDescending(trial => trial.At).ThenByDescending(trial => trial.Id).Select(trial => trial.Id).ToList();
        var from = after is { } last ? counting.IndexOf(last) + 1 : 0;
        var page = counting.Skip(from).Take(MostTrials).ToList();
        var trials = await db.Set<PackageTrial>().AsNoTracking().Include(trial => trial.Access).Where(trial => page.Contains(trial.Id)).ToListAsync(cancellationToken);
        return ([.. from trial in trials
                    orderby page.IndexOf(trial.Id)
                    let label = here.FirstOrDefault(post => post.Reference == trial.Post)?.Label
                    select new PostTrialEntry(
                        trial.Id, trial.At, trial.Post, label, trial.Function, trial.Failed.Split(' ', StringSplitOptions.RemoveEmptyEntries), desk.RequesterOf(trial.Access!), TrialTickets.Read(trial.Ticket))],
            counting.Count - from - page.Count);

        DateOnly DayOf(DateTimeOffset at) => EstablishmentDay.Of(place.Department, at);
    }

    /// <summary>The card each last signed in with: one that was renewed replaces the one before.</summary>
    private static async Task<Dictionary<Guid, LastCard>> CardsAsync(SessionsDb db, string finess, CancellationToken cancellationToken)
    {
        var all = await db.Sessions.AsNoTracking().Where(session => session.Habilitation!.EstablishmentFiness == finess && session.Card.Issuer.Length == ProvenCard.IssuerLength)
            .GroupBy(session => new { session.PersonId, session.Card.Kind, session.Card.EndsAt })
            .Select(group => new { group.Key.PersonId, group.Key.Kind, group.Key.EndsAt, Last = group.Max(session => session.StartedAt) }).ToListAsync(cancellationToken);
        return all.GroupBy(one => one.PersonId).ToDictionary(own => own.Key, own => own.MaxBy(one => one.Last)!).ToDictionary(own => own.Key, own => new LastCard(own.Value.Kind, own.Value.EndsAt));
    }

    private sealed record LastCard(string Kind, DateTimeOffset EndsAt);
}
