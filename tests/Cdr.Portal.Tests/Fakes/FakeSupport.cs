using Cdr.Contracts.Support;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Support, as small as the pages need: one ticket, and who looks at it.</summary>
public sealed class FakeSupport
{
    public static readonly Guid Id = Guid.Parse("01930000-0000-7000-8000-0000000000d1");

    public static readonly Guid SecondId = Guid.Parse("01930000-0000-7000-8000-0000000000d2");

    public Ticket One { get; set; } = Sample(TicketState.Draft);

    /// <summary>Who else has it before them.</summary>
    public List<string> Others { get; } = [];

    /// <summary>What Support says that its version is.</summary>
    public int Version { get; set; } = 1;

    public List<TicketMove> Moves { get; } = [];

    /// <summary>A move that gives it away is answered with nothing.</summary>
    public bool GivesAway { get; set; }

    public List<Notice> Notices { get; } = [];

    /// <summary>What was to be opened, as often as it came.</summary>
    public List<TicketRequest> Opened { get; } = [];

    /// <summary>Ids of the files that came.</summary>
    public List<string> Files { get; } = [];

    /// <summary>So many answers to a new ticket are lost on their way.</summary>
    public int Lost { get; set; }

    /// <summary>So many files are refused.</summary>
    public int FilesRefused { get; set; }

    /// <summary>Null: it cannot be said now.</summary>
    public EstablishmentChoice? Choice { get; set; } = new(false);

    /// <summary>What was chosen.</summary>
    public List<EstablishmentChoice> Chosen { get; } = [];

    /// <summary>Of the days that are asked for.</summary>
    public IReadOnlyList<SupportFigure> Figures { get; set; } = [];

    /// <summary>What the hotline keeps.</summary>
    public List<TicketCause> Causes { get; } =
    [
        new("file-wrong", "Dossier erroné à la caisse", TicketKind.DataInconsistency, new DateOnly(2020, 1, 1), null, false, 0), new("network", "Réseau de l’établissement", TicketKind.Technical, new DateOnly(2020, 1, 1), null, false, 0),
        new("old", "Ancienne cause", null, new DateOnly(2020, 1, 1), new DateOnly(2020, 12, 31), false, 0),
    ];

    /// <summary>Texts that are written often.</summary>
    public List<TicketTemplate> Templates { get; } = [];

    /// <summary>So many times the causes are not given.</summary>
    public int CausesRefused { get; set; }

    /// <summary>What is to be kept is refused so, once each.</summary>
    public Queue<int> KeepRefused { get; } = [];

    /// <summary>What was kept of a cause or a template, with its version.</summary>
    public List<(string What, int Version)> Kept { get; } = [];

    /// <summary>Versions of tables of organisms.</summary>
    public List<string> Imported { get; } = [];

    /// <summary>What was asked of files.</summary>
    public List<string> Exported { get; } = [];

    /// <summary>How many lists were answered.</summary>
    public int ListsGiven { get; private set; }

    /// <summary>Pointed to another regime: not the caller's any more.</summary>
    public bool Gone { get; set; }

    /// <summary>Moves of these are refused.</summary>
    public List<TicketAction> Refused { get; } = [];

    /// <summary>Another ticket, of the same kind.</summary>
    public Ticket Second => One with { Id = SecondId, Title = "L'autre" };

    /// <summary>An answer waits for it: by the ticket's id, or by the state of a list.</summary>
    public Dictionary<string, Task> Slow { get; } = [];

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
        app.MapGet("/api/support/tickets/{id:guid}", async (Guid id) =>
        {
            await WaitAsync(id.ToString());
            return id == Id ? Results.Ok(One) : id == SecondId ? Results.Ok(Second) : Unknown();
        });
        app.MapPost("/api/support/tickets", (TicketRequest request, HttpContext http) =>
        {
            Opened.Add(request);
            if (Lost-- > 0)
            {
                http.Abort();
                return Results.Empty;
            }

            return Results.Ok(One);
        });
        app.MapPost("/api/support/tickets/{id:guid}/attachments", (HttpRequest request) =>
        {
            Files.Add(request.Headers["Cdr-File-Id"].ToString());
            return FilesRefused-- > 0 ? Results.Problem(statusCode: 503, title: "Le fichier ne peut pas être contrôlé en ce moment.") : Results.Ok();
        });
        app.MapGet("/api/support/establishment", () => Choice is { } choice ? Results.Ok(choice) : Results.Problem(statusCode: 503, title: "Pas maintenant."));
        app.MapPost("/api/support/numbers", (TicketSearch search) => search.Number == One.Number ? Results.Ok(One) : Results.NotFound());
        app.MapGet("/api/support/tickets", async (TicketState? state) =>
        {
            await WaitAsync(state?.ToString() ?? "");
            ListsGiven++;
            return new TicketPage([new TicketLine(Id, One.Number, One.Kind, state ?? One.State, One.Priority, One.WaitsFor, One.Title, One.Establishment, "59", null, null, null, Samples.Now, Samples.Now, Samples.Now.AddYears(-1), 1)], null);
        });
        app.MapPut("/api/support/establishment", async (EstablishmentChoice choice) =>
        {
            await WaitAsync("choose");
            Chosen.Add(choice);
            return choice;
        });
        app.MapGet("/api/support/figures", (DateOnly from, DateOnly to, string by) => new SupportFigures(from, to, by, Figures));
        app.MapGet("/api/support/causes", () => CausesRefused-- > 0 ? Results.Problem(statusCode: 503, title: "Pas maintenant.") : Results.Ok(Causes));
        app.MapPut("/api/support/causes/{code}", (string code, CauseText text) =>
        {
            if (KeepRefused.TryDequeue(out var status))
                return NotKept(status);
            Kept.Add((code, text.Version));
            Causes.RemoveAll(one => one.Code == code);
            Causes.Add(new TicketCause(code, text.Label, text.Kind, text.From, text.To, text.OfIncident, text.Version + 1));
            return Results.Ok(Causes[^1]);
        });
        app.MapGet("/api/support/templates", () => Templates);
        app.MapPut("/api/support/templates/{id:guid}", (Guid id, TemplateText text) =>
        {
            if (KeepRefused.TryDequeue(out var status))
                return NotKept(status);
            Kept.Add((text.Title, text.Version));
            Templates.RemoveAll(one => one.Id == id);
            Templates.Add(new TicketTemplate { Id = id, Use = text.Use, Kind = text.Kind, Topic = text.Topic, Title = text.Title, Text = text.Text, Withdrawn = text.Withdrawn, UpdatedAt = Samples.Now, Version = text.Version + 1 });
            return Results.Ok(Templates[^1]);
        });
        app.MapGet("/api/support/tickets/export.csv", (HttpRequest request) =>
        {
            Exported.Add(request.QueryString.Value ?? "");
            return Results.Text("numero\r\n123456782\r\n", "text/csv");
        });
        app.MapPost("/api/support/organisms", (string version, DateOnly from) =>
        {
            Imported.Add(version);
            return new OrganismTable(version, from, 1);
        });
        app.MapGet("/api/support/tickets/{id:guid}/attachments", () => Array.Empty<Attachment>());
        app.MapGet("/api/support/organisms", () => new[] { new DestinationOrganism("01591", "cnam", "CPAM des Flandres", "59", "1-5 08:30-17:30") });
        app.MapPost("/api/support/tickets/{id:guid}/looking", () => Gone ? Unknown() : Results.Ok(new TicketLook(Version, Others)));
        app.MapPost("/api/support/tickets/{id:guid}/moves", async (TicketMove move) =>
        {
            Moves.Add(move);
            await WaitAsync(move.Action.ToString());
            if (Refused.Contains(move.Action))
                return Results.Problem(statusCode: 409, title: "Quelqu'un vient de modifier ce ticket.", extensions: new Dictionary<string, object?> { ["code"] = "ticket-changed" });
            return GivesAway ? Results.NoContent() : Results.Ok(One);
        });
        app.MapGet("/api/support/notices", () => Notices);
        app.MapPost("/api/support/notices/{id:guid}/reading", (Guid id) =>
        {
            var at = Notices.FindIndex(one => one.Id == id);
            Notices[at] = Notices[at] with { ReadAt = Samples.Now };
            return Results.NoContent();
        });
        app.MapGet("/api/support/notices/count", () => new NoticeCount(Notices.Count(one => one.ReadAt is null)));
        app.MapPost("/api/support/notices/reading", (NoticesRead read) =>
        {
            for (var at = 0; at < Notices.Count; at++)
                Notices[at] = Notices[at].Id <= read.UpTo ? Notices[at] with { ReadAt = Samples.Now } : Notices[at];
            return Results.NoContent();
        });
    }

    private static IResult NotKept(int status) => Results.Problem(statusCode: status, title: "Pas gardé.", extensions: new Dictionary<string, object?> { ["code"] = "not-kept" });

    private static IResult Unknown() => Results.Problem(statusCode: 404, title: "Ce ticket n'existe pas.", extensions: new Dictionary<string, object?> { ["code"] = "ticket-not-found" });

    private Task WaitAsync(string what) => Slow.GetValueOrDefault(what, Task.CompletedTask);
}
