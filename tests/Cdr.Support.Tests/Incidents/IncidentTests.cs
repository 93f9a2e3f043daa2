using System.Net;
using System.Net.Http.Json;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Refit;

namespace Cdr.Support.Tests.Incidents;

public sealed class IncidentTests : HostTests
{
    private IIncidentsApi Keeper => Keeping(CdrRoles.Hotline, "hotline-1");

    private ISupportApi Neighbour => Api(CdrRoles.Referent, "referent-9", Elsewhere);

    [Fact]
    public async Task Tickets_of_many_establishments_stand_under_one_incident_whose_notes_all_read()
    {
        var (mine, theirs) = (await Referent.OpenAsync(Technical(send: true), Cancel), await Neighbour.OpenAsync(Technical(send: true), Cancel));
        var opened = await Keeper.OpenAsync(Request(mine.Id, theirs.Id), Cancel);
        Assert.Equal(new[] { mine.Id, theirs.Id }.Order(), opened.Tickets!.Select(ticket => ticket.Id).Order());
        var known = await KnownAsync(CdrRoles.Clerk, mine);
        Assert.Equal((opened.View.Id, IncidentState.Investigating), (known!.Id, known.State));

        await Keeper.NoteAsync(opened.View.Id, new IncidentNoteText(IncidentState.Identified, "La cause est connue.", opened.Version), Cancel);
        var seen = await Keeping(CdrRoles.Clerk, "clerk-1").ReadAsync(opened.View.Id, Cancel);
        Assert.Equal([(2, IncidentState.Identified), (1, IncidentState.Investigating)], seen.Notes.Select(note => (note.Number, note.State)));
        // Establishments do not learn of each other.
        Assert.True(seen is { Tickets: null, Acts: null });
        Assert.Equal("La cause est connue.", (await Telling().ReadAsync(Cancel)).Incidents.Single().Last.Text);

        // Nobody learns by it of a ticket that is not theirs.
        using var stranger = await Keeping(CdrRoles.Clerk, "clerk-9", Elsewhere).OfTicketAsync(mine.Id, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
    }

    [Fact]
    public async Task What_was_taken_out_or_moved_leaves_its_trace()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var first = await Keeper.OpenAsync(Request(ticket.Id), Cancel);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await Keeper.OpenAsync(Request(ticket.Id) with { Title = "Autre panne" }, Cancel);
        Assert.Empty((await Keeper.ReadAsync(first.View.Id, Cancel)).Tickets!);
        Assert.Equal([false, true], (await Keeper.ReadAsync(first.View.Id, Cancel)).Acts!.Select(act => act.Attached));
        Assert.Equal(second.View.Id, (await KnownAsync(CdrRoles.Clerk, ticket))!.Id);

        Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await Keeper.GroupAsync(second.View.Id, new IncidentTickets(Detach: [ticket.Id]), Cancel);
        Assert.Empty(after.Tickets!);
        Assert.Equal([(false, "hotline-1"), (true, "hotline-1")], after.Acts!.Select(act => (act.Attached, act.By)));
        Assert.Null(await KnownAsync(CdrRoles.Clerk, ticket));
    }

    [Fact]
    public async Task Only_technical_tickets_that_are_under_way_are_grouped()
    {
        var contested = await ReadyToTransferAsync();
        var draft = await Clerk.OpenAsync(Technical(), Cancel);
        var technical = await Referent.OpenAsync(Technical(send: true), Cancel);
        Assert.Equal("ticket-not-groupable", await RefusedAsync(() => Keeper.OpenAsync(Request(technical.Id, contested.Id), Cancel), HttpStatusCode.Conflict));
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Keeper.OpenAsync(Request(draft.Id), Cancel), HttpStatusCode.NotFound));
        // Whole or not at all.
        Assert.Empty(await Keeper.ListAsync(Cancel));
        Assert.Equal("text-invalid", await RefusedAsync(() => Keeper.OpenAsync(Request() with { Text = " " }, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("holds-nir", await RefusedAsync(() => Keeper.OpenAsync(Request() with { Title = "Pour 2 84 05 75 112 901 54" }, Cancel), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Its_end_rings_once_for_each_who_follows_its_tickets_and_solves_them_when_asked()
    {
        var (one, two) = (await Referent.OpenAsync(Technical(send: true), Cancel), await Referent.OpenAsync(Technical(send: true), Cancel));
        await MoveAsync(Clerk, two, TicketAction.Watch);
        var incident = await Keeper.OpenAsync(Request(one.Id, two.Id), Cancel);
        Assert.Equal("incident-open", await RefusedAsync(() => Keeper.SolveAsync(incident.View.Id, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("incident-changed", await RefusedAsync(() => Keeper.NoteAsync(incident.View.Id, new IncidentNoteText(IncidentState.Resolved, "Fini.", 1), Cancel), HttpStatusCode.Conflict));
        var over = await Keeper.NoteAsync(incident.View.Id, new IncidentNoteText(IncidentState.Resolved, "Le service répond de nouveau.", incident.Version), Cancel);
        Assert.Equal(Clock.GetUtcNow(), over.View.ResolvedAt);
        Assert.Empty((await Telling().ReadAsync(Cancel)).Incidents);

        foreach (var who in new[] { Referent, Clerk })
            await Deadline.UntilAsync("it is told", TimeSpan.FromSeconds(60), async () => (await who.NoticesAsync(Cancel)).Any(notice => notice.Event == "incidentResolved"), Cancel);
        // It rang for all in one transaction: who follows two of its tickets was told of it once.
        Assert.Single(await Referent.NoticesAsync(Cancel), notice => notice.Event == "incidentResolved");
        Assert.Equal(two.Id, Assert.Single(await Clerk.NoticesAsync(Cancel), notice => notice.Event == "incidentResolved").Ticket);
        Assert.DoesNotContain(await Neighbour.NoticesAsync(Cancel), notice => notice.Event == "incidentResolved");

        var solution = await Keeper.SolveAsync(incident.View.Id, Cancel);
        Assert.Equal(new[] { one.Id, two.Id }.Order(), solution.Solved.Order());
        Assert.Empty(solution.Left);
        var solved = await Referent.ReadAsync(two.Id, Cancel);
        Assert.Equal((TicketState.Solved, "incident"), (solved.State, solved.Cause));
        Assert.Contains("Le service répond de nouveau.", solved.Entries[^1].Text, StringComparison.Ordinal);
        Assert.Empty((await Keeper.SolveAsync(incident.View.Id, Cancel)).Solved);
        Assert.Equal(solved.Version, (await Referent.ReadAsync(two.Id, Cancel)).Version);
    }

    [Fact]
    public async Task One_that_comes_back_is_open_again_and_one_sent_twice_is_opened_once()
    {
        var request = Request() with { Id = Guid.CreateVersion7(Clock.GetUtcNow()) };
        var opened = await Keeper.OpenAsync(request, Cancel);
        Assert.Equal(opened.View.Id, (await Keeper.OpenAsync(request, Cancel)).View.Id);
        Assert.Equal("incident-changed", await RefusedAsync(() => Keeping(CdrRoles.Hotline, "hotline-2").OpenAsync(request, Cancel), HttpStatusCode.Conflict));
        var over = await Keeper.NoteAsync(opened.View.Id, new IncidentNoteText(IncidentState.Resolved, "Fini.", opened.Version), Cancel);
        var back = await Keeper.NoteAsync(opened.View.Id, new IncidentNoteText(IncidentState.Investigating, "Cela recommence.", over.Version), Cancel);
        Assert.Null(back.View.ResolvedAt);
        Assert.Single((await Telling().ReadAsync(Cancel)).Incidents);
        Assert.Equal(3, back.Notes.Count);
        Assert.Equal("incident-not-found", await RefusedAsync(() => Keeper.ReadAsync(Guid.CreateVersion7(Clock.GetUtcNow()), Cancel), HttpStatusCode.NotFound));
    }

    private IIncidentsApi Keeping(string role, string subject, string finess = Here) => RestService.ForGenerated<IIncidentsApi>(Host.ClientOf(Token(role, subject, finess)), new RefitSettings());

    private IInformationApi Telling() => RestService.ForGenerated<IInformationApi>(Host.ClientOf(Token(CdrRoles.Clerk)), new RefitSettings());

    private async Task<IncidentView?> KnownAsync(string role, Ticket ticket)
    {
        using var response = await Keeping(role, "clerk-1").OfTicketAsync(ticket.Id, Cancel);
        return response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadFromJsonAsync<IncidentView>(Cancel);
    }

    private static IncidentRequest Request(params Guid[] tickets) => new() { Title = "Un régime ne répond plus", Text = "Nous cherchons.", Tickets = tickets };
}
