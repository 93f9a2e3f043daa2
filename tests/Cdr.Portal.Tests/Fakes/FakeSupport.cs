using Cdr.Contracts.Support;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Support, as small as the pages need: one ticket, and who looks at it.</summary>
public sealed class FakeSupport
{
    public static readonly Guid Id = Guid.Parse("01930000-0000-7000-8000-0000000000d1");

    public Ticket One { get; set; } = Sample(TicketState.Draft);

    /// <summary>Who else has it before them.</summary>
    public List<string> Others { get; } = [];

    /// <summary>What Support says that its version is.</summary>
    public int Version { get; set; } = 1;

    public List<TicketMove> Moves { get; } = [];

    /// <summary>A move that gives it away is answered with nothing.</summary>
    public bool GivesAway { get; set; }

    public List<Notice> Notices { get; } = [];

    public static Ticket Sample(TicketState state, params TicketAction[] can) => new()
    {
        Id = Id, Number = "123456782", Kind = TicketKind.DataInconsistency, State = state, WaitsFor = WaitsFor.Hotline, Priority = TicketPriority.High, Impact = TicketImpact.One, Urgency = TicketUrgency.High,
        Title = "Écart avec la carte", Establishment = "590780193", Department = "59", CreatedAt = Samples.Now, UpdatedAt = Samples.Now, Version = 1, HasEvidence = false, Links = [],
        Checklist = [new TicketCheck("identity", "L'identité du patient est vérifiée.", false)],
        Entries = [new TicketEntry(1, Samples.Now, TicketAction.Open, "clerk", null, TicketState.Draft, TicketState.Draft, null, "La caisse diffère.")],
        Clocks = [new TicketClock(ClockKind.FirstAnswer, "hotline", Samples.Now.AddHours(1), 200, 240, null, null), new TicketClock(ClockKind.Resolution, "hotline", null, 10, 600, null, null)],
        Can = can,
    };

    internal void Map(WebApplication app)
    {
        app.MapGet("/api/support/tickets/{id:guid}", (Guid id) => id == Id ? Results.Ok(One) : Results.Problem(statusCode: 404, title: "Ce ticket n'existe pas.", extensions: new Dictionary<string, object?> { ["code"] = "ticket-not-found" }));
        app.MapGet("/api/support/numbers/{number}", (string number) => number == One.Number ? Results.Ok(One) : Results.NotFound());
        app.MapGet("/api/support/tickets", () => new TicketPage([new TicketLine(Id, One.Number, One.Kind, One.State, One.Priority, One.WaitsFor, One.Title, One.Establishment, "59", null, null, null, Samples.Now, Samples.Now, Samples.Now.AddYears(-1), 1)], null));
        app.MapGet("/api/support/tickets/{id:guid}/attachments", () => Array.Empty<Attachment>());
        app.MapGet("/api/support/organisms", () => new[] { new DestinationOrganism("01591", "cnam", "CPAM des Flandres", "59", "1-5 08:30-17:30") });
        app.MapPost("/api/support/tickets/{id:guid}/looking", () => new TicketLook(Version, Others));
        app.MapPost("/api/support/tickets/{id:guid}/moves", (TicketMove move) =>
        {
            Moves.Add(move);
            return GivesAway ? Results.NoContent() : Results.Ok(One);
        });
        app.MapGet("/api/support/notices", () => Notices);
        app.MapPost("/api/support/notices/{id:guid}/reading", (Guid id) =>
        {
            var at = Notices.FindIndex(one => one.Id == id);
            Notices[at] = Notices[at] with { ReadAt = Samples.Now };
            return Results.NoContent();
        });
    }
}
