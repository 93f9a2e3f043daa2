using System.Net;
using System.Net.Http.Json;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;

namespace Cdr.Support.Tests.Features;

/// <summary>A queue shows what is to be done first, and of whom.</summary>
public sealed class QueueTests : HostTests
{
    [Fact]
    public async Task What_is_due_first_is_first_whatever_came_first_and_page_by_page()
    {
        var low = await OpenAsync(TicketImpact.One, TicketUrgency.Low);
        var critical = await OpenAsync(TicketImpact.Establishment, TicketUrgency.High);
        var normal = await OpenAsync(TicketImpact.One, TicketUrgency.Normal);
        await MoveAsync(Hotline, await OpenAsync(TicketImpact.One, TicketUrgency.High), TicketAction.Ask, "Quel lecteur ?");

        List<Guid> listed = [];
        Guid? after = null;
        do
        {
            var page = await FindAsync(order: "due", after: after, take: 1);
            listed.AddRange(page.Tickets.Select(line => line.Id));
            after = page.Next;
        }
        while (after is not null);

        // What waits for the establishment is owed by nobody.
        Assert.Equal([critical.Id, normal.Id, low.Id], listed);
        Assert.Equal("order-unknown", await RefusedAsync(() => FindAsync(order: "size"), HttpStatusCode.BadRequest));
        Assert.Equal("after-unknown", await RefusedAsync(() => FindAsync(order: "due", after: Guid.CreateVersion7(Clock.GetUtcNow())), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_list_is_of_a_team_a_priority_a_departement_or_of_what_is_late()
    {
        var mine = await OpenAsync(TicketImpact.One, TicketUrgency.Normal);
        var other = await Api(CdrRoles.Referent, "referent-9", "670780055").OpenAsync(Technical(send: true) with { Impact = TicketImpact.Establishment, Urgency = TicketUrgency.High }, Cancel);
        await Hotline.MoveAsync(mine.Id, new TicketMove { Action = TicketAction.Assign, Team = "niveau-2" }, Cancel);

        Assert.Equal([mine.Id], Ids(await FindAsync(team: "niveau-2")));
        Assert.Equal([other.Id], Ids(await FindAsync(priority: TicketPriority.Critical)));
        Assert.Equal([other.Id], Ids(await FindAsync(department: "67")));
        Assert.Empty(Ids(await FindAsync(overdue: true)));
        Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal([other.Id], Ids(await FindAsync(overdue: true)));
        // A team is the hotline's own affair.
        Assert.Equal("team-not-yours", await RefusedAsync(() => Referent.FilterAsync(null, null, null, null, "niveau-2", null, null, null, null, null, null, null, Cancel), HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("state=new&kind=technical&priority=normal", 1)]
    [InlineData("state=New&kind=Technical&priority=Normal", 1)]
    [InlineData("state=waitingForRequester", 0)]
    [InlineData("kind=dataInconsistency", 0)]
    public async Task An_address_names_a_state_as_answers_name_it(string filter, int count)
    {
        await OpenAsync(TicketImpact.One, TicketUrgency.Normal);
        using var listed = await Host.ClientOf(Token(CdrRoles.Hotline, "hotline-1")).GetAsync("/api/support/tickets?" + filter, Cancel);
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Equal(count, (await listed.Content.ReadFromJsonAsync<TicketPage>(Cancel))!.Tickets.Count);
    }

    [Theory]
    [InlineData("state=open", "state-unknown")]
    [InlineData("state=1", "state-unknown")]
    [InlineData("state=new,inProgress", "state-unknown")]
    [InlineData("kind=phone", "kind-unknown")]
    [InlineData("priority=9", "priority-unknown")]
    public async Task A_state_that_there_is_not_is_refused_with_those_that_there_are(string filter, string code)
    {
        using var refused = await Host.ClientOf(Token(CdrRoles.Hotline, "hotline-1")).GetAsync("/api/support/tickets?" + filter, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var said = await refused.Content.ReadAsStringAsync(Cancel);
        Assert.Contains(code, said, StringComparison.Ordinal);
        Assert.Contains(filter.Split('=')[0] switch { "state" => "waitingForRequester", "kind" => "dataInconsistency", _ => "critical" }, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_begins_after_no_ticket_that_its_reader_does_not_see()
    {
        var foreign = await Api(CdrRoles.Referent, "referent-9", Elsewhere).OpenAsync(Technical(send: true), Cancel);
        await OpenAsync(TicketImpact.One, TicketUrgency.Normal);
        Assert.Equal("after-unknown", await RefusedAsync(() => Referent.FilterAsync(null, null, null, null, null, null, null, null, null, "due", foreign.Id, null, Cancel), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task What_the_hotline_opens_is_of_the_group_that_the_establishments_people_said_last()
    {
        List<Ticket> called = [];
        for (var n = 0; n < 2; n++)
        {
            called.Add(await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Both were there before anybody said a group: they are of the first that is said.
        await MoveAsync(Of("ght-75", CdrRoles.Referent), called[1], TicketAction.Reply, "Depuis ce matin.");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await MoveAsync(Of("ght-new", CdrRoles.Referent), called[0], TicketAction.Reply, "Notre groupe a changé.");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await MoveAsync(Hotline, called[1], TicketAction.Reply, "Nous rappelons.");
        Clock.Advance(TimeSpan.FromSeconds(1));
        var last = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);

        Assert.Equal([last.Id], Ids(await Of("ght-new", CdrRoles.GroupManager).ListAsync(null, null, null, null, null, null, Cancel)));
        Assert.Equal([called[1].Id, called[0].Id], Ids(await Of("ght-75", CdrRoles.GroupManager).ListAsync(null, null, null, null, null, null, Cancel)));
    }

    [Fact]
    public async Task What_began_with_a_call_is_seen_by_the_group_as_soon_as_somebody_of_the_establishment_says_it()
    {
        var called = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        var other = await Hotline.OpenAsync(Technical() with { Establishment = Elsewhere }, Cancel);
        var manager = Of("ght-75", CdrRoles.GroupManager);
        Assert.Empty(Ids(await manager.ListAsync(null, null, null, null, null, null, Cancel)));
        Clock.Advance(TimeSpan.FromSeconds(1));
        var opened = await Referent.OpenAsync(Technical(send: true), Cancel);

        Assert.Equal([opened.Id, called.Id], Ids(await manager.ListAsync(null, null, null, null, null, null, Cancel)));
        Assert.Equal("ticket-not-found", await RefusedAsync(() => manager.ReadAsync(other.Id, Cancel), HttpStatusCode.NotFound));
        // What they do to it afterwards finds it as it is.
        Assert.Equal(TicketState.InProgress, (await MoveAsync(Hotline, called, TicketAction.Take)).State);
    }

    [Fact]
    public async Task A_clerk_lists_what_they_began()
    {
        var mine = await Clerk.OpenAsync(Technical(), Cancel);
        await Api(CdrRoles.Clerk, "clerk-2").OpenAsync(Technical(), Cancel);

        Assert.Equal([mine.Id], Ids(await Clerk.FilterAsync(null, null, null, null, null, null, null, null, "me", null, null, null, Cancel)));
        Assert.Equal("author-not-me", await RefusedAsync(() => Clerk.FilterAsync(null, null, null, null, null, null, null, null, "clerk-2", null, null, null, Cancel), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_group_sees_what_the_hotline_opened_for_its_establishments()
    {
        var first = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        var manager = Api(CdrRoles.GroupManager, "manager-1");
        Assert.Empty((await manager.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
        // Its group is known once somebody of it did something.
        await MoveAsync(Referent, first, TicketAction.Reply, "C'est le lecteur du poste 3.");
        Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);

        Assert.Equal([second.Id, first.Id], Ids(await manager.ListAsync(null, null, null, null, null, null, Cancel)));
    }

    private Task<TicketPage> FindAsync(string? team = null, TicketPriority? priority = null, string? department = null, bool? overdue = null, string? order = null, Guid? after = null, int? take = null) =>
        Hotline.FilterAsync(null, null, null, null, team, priority, department, overdue, null, order, after, take, Cancel);

    private async Task<Ticket> OpenAsync(TicketImpact impact, TicketUrgency urgency)
    {
        // Ids of one millisecond have no order.
        Clock.Advance(TimeSpan.FromSeconds(1));
        return await Referent.OpenAsync(Technical(send: true) with { Impact = impact, Urgency = urgency }, Cancel);
    }

    private static IEnumerable<Guid> Ids(TicketPage page) => page.Tickets.Select(line => line.Id);

    private ISupportApi Of(string group, string role) =>
        Refit.RestService.ForGenerated<ISupportApi>(Host.ClientOf(Token(role, role + "-" + group, role == CdrRoles.GroupManager ? null : Here, group)), new Refit.RefitSettings());
}
