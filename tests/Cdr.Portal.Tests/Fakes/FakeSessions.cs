using Cdr.Contracts.Drawer;
using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>A drawer of cards (PIN 1234) and the sessions they open.</summary>
public sealed class FakeSessions
{
    private static readonly Activity Emergencies = new(Guid.Parse("01930000-0000-7000-8000-000000000001"), CdrRoles.Clerk, "Urgences – Hôpital Saint-Roch", "590780193", "Hôpital Saint-Roch", "Urgences", "emergencies");
    private static readonly Activity Invoicing = new(Guid.Parse("01930000-0000-7000-8000-000000000002"), CdrRoles.Clerk, "Facturation – Clinique du Parc", "590782421", "Clinique du Parc", "Facturation", "invoicing");
    private static readonly Activity Operating = new(Guid.Parse("01930000-0000-7000-8000-000000000003"), CdrRoles.Operations, "Exploitation", null, null, null, null);

    private readonly Dictionary<string, int> tries = [];

    public static IReadOnlyList<DemoCard> Cards { get; } =
    [
        new("cpe-admissions-nord", "CpeNominative", "Camille Martin", "CPE nominative", "Hôpital Saint-Roch, urgences", true),
        new("cps-two-places", "Cps", "Dr Alix Bernard", "CPS", "Deux activités : hôpital et clinique", true),
        new("cpa-operations", "Cpa", "Sacha Petit", "CPA", "Exploitation de la plateforme", true),
        new("cps-liberal", "Cps", "Dr Noa Robert", "CPS", "Exercice libéral seulement", false),
        new("cpe-service", "CpeService", "Accueil", "CPE de service", "Sans titulaire nommé", false),
    ];

    public string? EndedBecause { get; set; }

    /// <summary>Whose the next session is.</summary>
    public string Subject { get; set; } = "p-1";

    /// <summary>To be accepted by everybody; null: none.</summary>
    public TermsOfUse? Terms { get; set; }

    /// <summary>Of the post that the next session is opened on.</summary>
    public IReadOnlyList<PostWarning>? Warnings { get; set; }

    public List<string> Accepted { get; } = [];

    public List<string> Withdrawn { get; } = [];

    public List<string> Pins { get; } = [];

    public int Renewals { get; private set; }

    public TimeSpan TokenLife { get; set; } = TimeSpan.FromMinutes(5);

    public int Ended { get; private set; }

    /// <summary>It cannot keep its promise now: nobody is signed out there.</summary>
    public bool EndsNothing { get; set; }

    public Func<DateTimeOffset> Now { get; set; } = () => TimeProvider.System.GetUtcNow();

    public void Map(WebApplication app)
    {
        app.MapGet("/drawer/cards", () => Cards);
        app.MapPost("/drawer/cards/{id}/sign-in", Present);
        app.MapPost("/drawer/cards/{id}/renew", (string id) => tries.Remove(id));
        app.MapPost("/api/sessions", (RedemptionRequest request) => Redeem(request));
        app.MapGet("/api/sessions/terms", () => Terms ?? new TermsOfUse(null, ""));
        app.MapPost("/api/sessions/withdrawals", (WithdrawalRequest request) => Withdrawn.Add(request.Ticket));
        app.MapPost("/api/sessions/{id:guid}/tokens", Results<Ok<AccessToken>, UnauthorizedHttpResult> (Guid id, RenewalRequest request) =>
        {
            Renewals++;
            return EndedBecause is null && request.Renewal == "renewal-secret" ? TypedResults.Ok(FakeToken.For(CdrRoles.Clerk, Now() + TokenLife)) : TypedResults.Unauthorized();
        });
        app.MapDelete("/api/sessions/{id:guid}", Results<NoContent, StatusCodeHttpResult> (Guid id) =>
        {
            if (EndsNothing)
                return TypedResults.StatusCode(503);
            Ended++;
            EndedBecause = "signed-out";
            return TypedResults.NoContent();
        });
        app.MapGet("/internal/sessions/{id:guid}", (Guid id) => new SessionLiveness(EndedBecause is null, EndedBecause));
        app.MapPost("/api/sessions/service-tokens", () => FakeToken.For("", Now() + TokenLife));
        app.MapGet("/.well-known/jwks.json", () => new { keys = Array.Empty<object>() });
    }

    private Results<Ok<Opening>, ProblemHttpResult> Present(string id, PinRequest request)
    {
        Pins.Add(request.Pin);
        var left = tries.GetValueOrDefault(id, 3);
        if (left == 0)
            return Refused("card-blocked");
        if (request.Pin != "1234")
        {
            tries[id] = --left;
            return left == 0 ? Refused("card-blocked") : Refused("pin-wrong", left);
        }

        return id switch
        {
            "cpe-admissions-nord" => Opened("t-clerk", Emergencies),
            "cps-two-places" => Opened("t-two", Emergencies, Invoicing),
            "cpa-operations" => Opened("t-operations", Operating),
            _ => TypedResults.Problem("Adressez-vous au service destiné aux praticiens libéraux.", statusCode: 403, title: "L'exercice libéral n'ouvre pas ce service.", extensions: new Dictionary<string, object?> { ["code"] = "liberal-practice" }),
        };
    }

    private Results<Ok<SessionGrant>, ProblemHttpResult> Redeem(RedemptionRequest request)
    {
        EndedBecause = null;
        var activity = new[] { Emergencies, Invoicing, Operating }.FirstOrDefault(a => a.Id == request.Activity);
        if (activity is not null && Terms?.Version is { } version && request.Terms != version)
            return TypedResults.Problem(statusCode: 409, title: "Acceptez-les.", extensions: new Dictionary<string, object?> { ["code"] = "terms-required", ["version"] = version });
        if (request.Terms is { } accepted)
            Accepted.Add(accepted);
        return activity is null
            ? TypedResults.Problem(statusCode: 409, title: "Choisissez une activité.", extensions: new Dictionary<string, object?> { ["code"] = "activity-required" })
            : TypedResults.Ok(new SessionGrant(Guid.CreateVersion7(Now()), FakeToken.For(activity.Role, Now() + TokenLife, Subject), "renewal-secret", "Camille Martin", activity, Warnings));
    }

    private Ok<Opening> Opened(string ticket, params Activity[] activities) => TypedResults.Ok(new Opening(ticket, Now().AddSeconds(30), activities, Guid.CreateVersion7(Now()), 20));

    private static ProblemHttpResult Refused(string code, int? left = null) =>
        TypedResults.Problem(statusCode: 403, title: "Refusé", extensions: new Dictionary<string, object?> { ["code"] = code, ["triesLeft"] = left });
}
