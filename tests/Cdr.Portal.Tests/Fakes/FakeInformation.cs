using Cdr.Contracts.Support;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Support's announcements and incidents, as small as the pages need.</summary>
public sealed class FakeInformation
{
    public static readonly Guid IncidentId = Guid.Parse("01930000-0000-7000-8000-0000000000b1");

    public static readonly Guid AnnouncementId = Guid.Parse("01930000-0000-7000-8000-0000000000b2");

    public List<Announcement> Announcements { get; } = [];

    public List<IncidentView> Open { get; } = [];

    public List<AnnouncementText> Said { get; } = [];

    public List<Guid> Withdrawn { get; } = [];

    /// <value>A withdrawal is answered by nobody.</value>
    public bool Fails { get; set; }

    public List<IncidentRequest> Opened { get; } = [];

    public List<IncidentNoteText> Notes { get; } = [];

    public List<IncidentTickets> Grouped { get; } = [];

    public int Solved { get; set; }

    /// <summary>The one of the caller's ticket.</summary>
    public IncidentView? Known { get; set; }

    public Incident One { get; set; } = new(Sample(IncidentState.Identified), [new IncidentNote(1, IncidentState.Identified, "La cause est connue.", Samples.Now)], null, null, 1);

    public bool Refuses { get; set; }

    public static IncidentView Sample(IncidentState state) =>
        new(IncidentId, "Un régime ne répond plus", "cnam", state, Samples.Now, null, new IncidentNote(1, state, "La cause est connue.", Samples.Now));

    public static Announcement Downtime(DateTimeOffset from, DateTimeOffset? to = null) => new()
    {
        Id = AnnouncementId, Kind = AnnouncementKind.Downtime, Regime = "cnam", Title = "Maintenance de la nuit", Markdown = "**Deux heures.**", From = from, To = to, UpdatedAt = from, Version = 3,
    };

    internal void Map(WebApplication app)
    {
        app.MapGet("/api/support/information", () => new ServiceInformation(Announcements, Open));
        app.MapGet("/api/support/announcements", () => Announcements);
        app.MapPost("/api/support/announcements", (AnnouncementText text) => Say(text));
        app.MapPost("/api/support/announcements/{id:guid}/versions", (AnnouncementText text) => Say(text));
        app.MapPost("/api/support/announcements/{id:guid}/withdrawal", (Guid id) =>
        {
            Withdrawn.Add(id);
            return Fails ? Results.StatusCode(503) : Results.Ok(Announcements[0] = Announcements[0] with { Withdrawn = true });
        });
        app.MapGet("/api/support/incidents", () => Open);
        app.MapGet("/api/support/incidents/{id:guid}", () => One);
        app.MapPost("/api/support/incidents", (IncidentRequest request) =>
        {
            Opened.Add(request);
            return One;
        });
        app.MapPost("/api/support/incidents/{id:guid}/notes", (IncidentNoteText note) =>
        {
            Notes.Add(note);
            return One = One with { View = One.View with { State = note.State }, Version = One.Version + 1 };
        });
        app.MapPost("/api/support/incidents/{id:guid}/tickets", (IncidentTickets tickets) =>
        {
            Grouped.Add(tickets);
            Known = tickets.Attach is null ? null : Open[0];
            return One = One with { Tickets = [.. (One.Tickets ?? []).Where(ticket => tickets.Detach?.Contains(ticket.Id) != true)] };
        });
        app.MapPost("/api/support/incidents/{id:guid}/solution", () =>
        {
            Solved++;
            return new IncidentSolution([FakeSupport.Id], []);
        });
        app.MapGet("/api/support/tickets/{id:guid}/incident", () => Known is { } known ? Results.Ok(known) : Results.NoContent());
    }

    private IResult Say(AnnouncementText text)
    {
        Said.Add(text);
        return Refuses
            ? Results.Problem(statusCode: 400, title: "Ligne 1 : un numéro.", extensions: new Dictionary<string, object?> { ["code"] = "holds-nir" })
            : Results.Ok(Downtime(Samples.Now) with { Title = text.Title });
    }
}
