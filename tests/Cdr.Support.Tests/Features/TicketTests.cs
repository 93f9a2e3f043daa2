using System.Net;
using Refit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

public sealed class TicketTests : HostTests
{
    [Fact]
    public async Task From_the_clerk_to_the_organism_and_back()
    {
        var ticket = await ReadyToTransferAsync();
        Assert.Equal(TicketState.InProgress, ticket.State);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer, "Merci de vérifier la période.");
        var theirs = await Organism.ReadAsync(ticket.Id, Cancel);
        Assert.Equal((TicketState.Transferred, WaitsFor.Organism, "01751", "CPAM de test"), (theirs.State, theirs.WaitsFor, theirs.Organism, theirs.OrganismLabel));
        Assert.Equal([ClockKind.OrganismAnswer], theirs.Clocks.Select(clock => clock.Kind));
        // 27 h of its own from Friday 09:00: 8.5, Monday 9, Tuesday 9, Wednesday 0.5.
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero), theirs.Clocks[0].DueAt);
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Dossier mis à jour.");

        var read = await Clerk.ReadAsync(ticket.Id, Cancel);
        Assert.Contains(read.Entries, entry => entry is { Action: TicketAction.Answer, Text: "Dossier mis à jour.", Actor: null });
        // What passes between the hotline and the organism is not for the establishment.
        Assert.DoesNotContain(read.Entries, entry => entry.Text == "Merci de vérifier la période.");
        await MoveAsync(Hotline, ticket, TicketAction.Solve);
        var closed = await MoveAsync(Clerk, ticket, TicketAction.Close);
        Assert.Equal((TicketState.Closed, WaitsFor.Nobody), (closed.State, closed.WaitsFor));
        Assert.Equal(8, closed.Version);
    }

    [Fact]
    public async Task A_clerk_freezes_and_the_referent_sends_unless_the_establishment_chose_otherwise()
    {
        var ticket = await Clerk.OpenAsync(Technical(), Cancel);
        Assert.Equal(TicketState.Draft, ticket.State);
        Assert.Equal("referent-sends", await RefusedAsync(() => MoveAsync(Clerk, ticket, TicketAction.Send), HttpStatusCode.Forbidden));
        var refused = await Assert.ThrowsAnyAsync<ApiException>(() => Clerk.OpenAsync(Technical(send: true), Cancel));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("Rien n", refused.Content, StringComparison.Ordinal);
        Assert.Single((await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Hotline.ReadAsync(ticket.Id, Cancel), HttpStatusCode.NotFound));

        await Referent.ChooseAsync(new EstablishmentChoice(true), Cancel);

        Assert.Equal(TicketState.New, (await MoveAsync(Clerk, ticket, TicketAction.Send)).State);
        Assert.Equal(TicketState.New, (await Clerk.OpenAsync(Technical(send: true), Cancel)).State);
        Assert.Equal(2, (await Hotline.ListAsync(TicketState.New, null, null, null, null, null, Cancel)).Tickets.Count);
    }

    [Fact]
    public async Task Nothing_incomplete_is_transferred_and_the_hotline_resolves_no_inconsistency()
    {
        await ImportAsync();
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        await MoveAsync(Referent, ticket, TicketAction.Send);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ["identity", "card"] }, Cancel);

        Assert.Equal("checklist-incomplete", await RefusedAsync(() => MoveAsync(Hotline, ticket, TicketAction.Transfer), HttpStatusCode.Conflict));
        Assert.Equal("organism-decides", await RefusedAsync(() => MoveAsync(Hotline, ticket, TicketAction.Solve), HttpStatusCode.Conflict));
        var technical = await Referent.OpenAsync(Technical(send: true), Cancel);
        Assert.Equal("not-transferable", await RefusedAsync(() => MoveAsync(Hotline, technical, TicketAction.Transfer, organism: "01751"), HttpStatusCode.Conflict));
        Assert.Equal("consultation-needless", await RefusedAsync(() => Clerk.OpenAsync(Technical() with { Consultation = Consult() }, Cancel), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task What_the_kind_of_a_ticket_or_its_organisms_silence_refuses_is_not_offered()
    {
        var technical = await Referent.OpenAsync(Technical(send: true), Cancel);
        var help = (await Hotline.ReadAsync(technical.Id, Cancel)).Can;
        Assert.Contains(TicketAction.Solve, help);
        Assert.DoesNotContain(TicketAction.Transfer, help);
        Assert.DoesNotContain(TicketAction.Compare, (await Clerk.ReadAsync(technical.Id, Cancel)).Can);

        var ticket = await ReadyToTransferAsync();
        Assert.Contains(TicketAction.Transfer, ticket.Can);
        Assert.Contains(TicketAction.Compare, (await Clerk.ReadAsync(ticket.Id, Cancel)).Can);
        // The organism decides.
        Assert.DoesNotContain(TicketAction.Solve, ticket.Can);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Corrigé.");
        Assert.Contains(TicketAction.Solve, (await Hotline.ReadAsync(ticket.Id, Cancel)).Can);
        await MoveAsync(Hotline, ticket, TicketAction.Solve);
        // What was answered before did not solve it.
        await MoveAsync(Clerk, ticket, TicketAction.Reopen, "C'est encore faux.");
        Assert.DoesNotContain(TicketAction.Solve, (await Hotline.ReadAsync(ticket.Id, Cancel)).Can);
    }

    [Fact]
    public async Task An_organism_gives_back_or_points_to_another_and_each_has_a_clock_of_its_own()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        Clock.Advance(TimeSpan.FromHours(1));
        await MoveAsync(Organism, ticket, TicketAction.PointTo, "C'est Strasbourg.", "01671");
        Clock.Advance(TimeSpan.FromHours(1));
        var clocks = (await Hotline.ReadAsync(ticket.Id, Cancel)).Clocks.Where(clock => clock.Kind == ClockKind.OrganismAnswer).ToList();
        Assert.Equal([("01751", 60), ("01671", 60)], clocks.Select(clock => (clock.Owner, clock.UsedMinutes)));

        await MoveAsync(Organism, ticket, TicketAction.GiveBack, "Ce n'est pas nous.");

        Assert.Equal("ticket-not-found", await RefusedAsync(() => Organism.ReadAsync(ticket.Id, Cancel), HttpStatusCode.NotFound));
        Assert.Equal(WaitsFor.Hotline, (await Hotline.ReadAsync(ticket.Id, Cancel)).WaitsFor);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer, organism: "02594");
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Organism.ReadAsync(ticket.Id, Cancel), HttpStatusCode.NotFound));
        Assert.Equal("organism-unknown", await RefusedAsync(() => MoveAsync(Hotline, ticket, TicketAction.Transfer, organism: "99999"), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task The_same_move_sent_again_is_done_once_and_who_looked_at_an_older_ticket_is_told()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var move = new TicketMove { Action = TicketAction.Reply, Text = "Redémarrez-le.", Id = Guid.CreateVersion7(Clock.GetUtcNow()), Version = 1 };

        var first = await Hotline.MoveAsync(ticket.Id, move, Cancel);
        var again = await Hotline.MoveAsync(ticket.Id, move, Cancel);

        Assert.Equal((2, 2), (first.Version, again.Version));
        Assert.Equal("ticket-changed", await RefusedAsync(() => Hotline.MoveAsync(ticket.Id, move with { Id = null }, Cancel), HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_ticket_that_is_sent_again_is_opened_once_and_its_id_is_nobody_elses()
    {
        var consultation = Consult();
        var wanted = Inconsistent(consultation) with { Id = Guid.CreateVersion7(Clock.GetUtcNow()) };

        var both = await Task.WhenAll(Clerk.OpenAsync(wanted, Cancel), Clerk.OpenAsync(wanted, Cancel));
        Rights.Silent = true;
        var again = await Clerk.OpenAsync(wanted, Cancel);

        Assert.All([.. both, again], ticket => Assert.Equal((wanted.Id, both[0].Number, 1), (ticket.Id, ticket.Number, ticket.Version)));
        Assert.Single((await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
        Assert.Equal("ticket-opened-otherwise", await RefusedAsync(() => Clerk.OpenAsync(wanted with { Text = "Autre chose." }, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("ticket-opened-otherwise", await RefusedAsync(() => Api(CdrRoles.Clerk, "clerk-2").OpenAsync(wanted, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("ticket-opened-otherwise", await RefusedAsync(() => Api(CdrRoles.Clerk, "clerk-1", Elsewhere).OpenAsync(wanted, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("id-not-v7", await RefusedAsync(() => Clerk.OpenAsync(Technical() with { Id = Guid.Parse("9b2f0c52-1d1c-4a55-8f6e-0a3c5b1e7d10") }, Cancel), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_ticket_is_given_to_somebody_of_the_hotline_or_to_a_team_and_to_no_typed_name()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        Task<Ticket> GiveAsync(string? assignee, string? team) => Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Assign, Assignee = assignee, Team = team }, Cancel);
        Assert.Equal("assignee-missing", await RefusedAsync(() => GiveAsync(null, " "), HttpStatusCode.BadRequest));
        Assert.Equal("assignee-unknown", await RefusedAsync(() => GiveAsync("Camille Martin", null), HttpStatusCode.BadRequest));
        // Known, and not of the hotline.
        Assert.Equal("assignee-unknown", await RefusedAsync(() => GiveAsync("referent-1", null), HttpStatusCode.BadRequest));
        Assert.Equal("assignee-unknown", await RefusedAsync(() => GiveAsync("hotline-2", null), HttpStatusCode.BadRequest));
        Assert.Equal("team-invalid", await RefusedAsync(() => GiveAsync(null, "Camille Martin"), HttpStatusCode.BadRequest));
        Assert.Equal("team-invalid", await RefusedAsync(() => GiveAsync(null, new string('a', 31)), HttpStatusCode.BadRequest));
        Assert.Equal(1, (await Hotline.ReadAsync(ticket.Id, Cancel)).Version);

        await Api(CdrRoles.Hotline, "hotline-2").LookAsync(ticket.Id, Cancel);
        Assert.Equal("hotline-2", (await GiveAsync("hotline-2", null)).Assignee);
        var mine = await GiveAsync("me", "niveau-2");
        Assert.Equal(("hotline-1", "niveau-2"), (mine.Assignee, mine.Team));
        // Who has it does not take it.
        Assert.DoesNotContain(TicketAction.Take, mine.Can);
        Assert.Contains(TicketAction.Take, (await Api(CdrRoles.Hotline, "hotline-2").ReadAsync(ticket.Id, Cancel)).Can);
    }

    [Fact]
    public async Task Two_regimes_do_not_learn_who_of_the_other_had_a_ticket_before_them()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await Organism.LookAsync(ticket.Id, Cancel);
        Assert.Equal(["agent-1"], (await Api(CdrRoles.RegimeAgent, "agent-2", regime: "test-regime").LookAsync(ticket.Id, Cancel)).Others);

        await MoveAsync(Organism, ticket, TicketAction.PointTo, "C'est la MSA.", "02594");

        Assert.Empty((await Api(CdrRoles.RegimeAgent, "agent-9", regime: "other-regime").LookAsync(ticket.Id, Cancel)).Others);
    }

    [Fact]
    public async Task Many_who_write_at_once_leave_a_trail_without_holes()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async who =>
        {
            var api = Api(CdrRoles.Hotline, "hotline-" + who);
            for (var note = 0; note < 5; note++)
                await TryAsync(() => MoveAsync(api, ticket, TicketAction.Note, "Vu."));
        }));

        var read = await Hotline.ReadAsync(ticket.Id, Cancel);
        Assert.Equal(Enumerable.Range(1, read.Version), read.Entries.Select(entry => entry.Number));
    }

    [Fact]
    public async Task A_duplicate_is_merged_and_both_keep_their_history()
    {
        var first = await Referent.OpenAsync(Technical(send: true), Cancel);
        var second = await Referent.OpenAsync(Technical(send: true), Cancel);

        var merged = await Hotline.MoveAsync(second.Id, new TicketMove { Action = TicketAction.Merge, Other = first.Id }, Cancel);

        Assert.Equal((TicketState.Merged, first.Id, 2), (merged.State, merged.MergedInto!.Value, merged.Entries.Count));
        Assert.Equal([second.Id], (await Hotline.ReadAsync(first.Id, Cancel)).Links);
        Assert.Equal("move-not-now", await RefusedAsync(() => MoveAsync(Hotline, second, TicketAction.Reply, "…"), HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Tickets_of_two_establishments_are_linked_and_not_merged()
    {
        var mine = await Referent.OpenAsync(Technical(send: true), Cancel);
        var foreign = await Api(CdrRoles.Referent, "referent-9", Elsewhere).OpenAsync(Technical(send: true), Cancel);

        Assert.Equal("merge-elsewhere", await RefusedAsync(() => Hotline.MoveAsync(foreign.Id, new TicketMove { Action = TicketAction.Merge, Other = mine.Id }, Cancel), HttpStatusCode.Conflict));
        Assert.Empty((await Hotline.ReadAsync(foreign.Id, Cancel)).Links);
        await Hotline.MoveAsync(foreign.Id, new TicketMove { Action = TicketAction.Link, Other = mine.Id }, Cancel);
        Assert.Equal([mine.Id], (await Hotline.ReadAsync(foreign.Id, Cancel)).Links);
    }

    [Fact]
    public async Task What_one_organism_and_the_hotline_wrote_to_each_other_is_not_for_the_next_one()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer, "À la première.");
        await MoveAsync(Organism, ticket, TicketAction.Note, "Note de la première.");
        await MoveAsync(Organism, ticket, TicketAction.PointTo, "C'est la MSA.", "02594");
        var second = Api(CdrRoles.RegimeAgent, "agent-9", regime: "other-regime");
        await MoveAsync(second, ticket, TicketAction.Note, "Note de la seconde.");

        Assert.Equal(["C'est la MSA.", "La carte dit autrement.", "Note de la seconde."], Words(await second.ReadAsync(ticket.Id, Cancel)));
        await MoveAsync(second, ticket, TicketAction.GiveBack, "Non.");
        await MoveAsync(Hotline, ticket, TicketAction.Transfer, "Encore à la première.");
        // Another one of the first organism's.
        Assert.Equal(
            ["Encore à la première.", "La carte dit autrement.", "Note de la première.", "À la première."],
            Words(await Api(CdrRoles.RegimeAgent, "agent-2", regime: "test-regime").ReadAsync(ticket.Id, Cancel)));
        Assert.Equal(7, Words(await Hotline.ReadAsync(ticket.Id, Cancel)).Count);

        static List<string> Words(Ticket read) => [.. read.Entries.Select(entry => entry.Text).OfType<string>().Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task A_ticket_is_found_by_the_number_that_was_said()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);

        Assert.Equal(ticket.Id, (await Hotline.FindAsync(new TicketSearch { Number = $"{ticket.Number[..3]} {ticket.Number[3..6]} {ticket.Number[6..]}" }, Cancel)).Id);
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Api(CdrRoles.Clerk, "clerk-9", Elsewhere).FindAsync(new TicketSearch { Number = ticket.Number }, Cancel), HttpStatusCode.NotFound));
        using var inAnAddress = await Host.ClientOf(Token(CdrRoles.Hotline)).GetAsync($"/api/support/numbers/{ticket.Number}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, inAnAddress.StatusCode);
    }

    [Fact]
    public async Task The_trail_cannot_be_changed_and_words_are_not_in_the_file()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();

        await Assert.ThrowsAnyAsync<Exception>(() => db.Entries.Where(row => row.Ticket == ticket.Id).ExecuteDeleteAsync(Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => db.Entries.Where(row => row.Ticket == ticket.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Actor, "x"), Cancel));
        Assert.DoesNotContain("lecteur", System.Text.Encoding.UTF8.GetString((await db.Tickets.SingleAsync(Cancel)).Title), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Out_of_hours_the_next_opening_is_said()
    {
        Clock.Advance(TimeSpan.FromHours(9));
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);

        Assert.Equal(new DateTimeOffset(2026, 11, 23, 7, 30, 0, TimeSpan.Zero), ticket.HotlineOpensAt);
    }

    [Fact]
    public async Task Two_of_the_hotline_who_look_at_one_ticket_know_it_and_an_organism_does_not()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        var second = Api(CdrRoles.Hotline, "hotline-2");
        Assert.Empty((await Hotline.LookAsync(ticket.Id, Cancel)).Others);
        Assert.Equal(["hotline-1"], (await second.LookAsync(ticket.Id, Cancel)).Others);
        Assert.Equal(["hotline-2"], (await Hotline.LookAsync(ticket.Id, Cancel)).Others);
        Assert.Empty((await Organism.LookAsync(ticket.Id, Cancel)).Others);

        var seen = await second.LookAsync(ticket.Id, Cancel);
        var moved = await MoveAsync(Hotline, ticket, TicketAction.Note, "Je rappelle demain.");
        var after = await second.LookAsync(ticket.Id, Cancel);
        Assert.True(after.Version > seen.Version && after.Version == moved.Version);

        // The page was left.
        Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty((await second.LookAsync(ticket.Id, Cancel)).Others);
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Api(CdrRoles.RegimeAgent, "agent-2", regime: "other-regime").LookAsync(ticket.Id, Cancel), HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_corrected_file_is_told_to_the_establishment_and_an_answer_alone_is_not_one()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Le dossier est juste.");
        Assert.Null((await Clerk.ReadAsync(ticket.Id, Cancel)).FileCorrectedAt);

        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await Organism.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Answer, Text = "Corrigé.", FileCorrected = true }, Cancel);

        Assert.Equal(Clock.GetUtcNow(), (await Clerk.ReadAsync(ticket.Id, Cancel)).FileCorrectedAt);
    }

    [Theory]
    [InlineData("kind", "dataInconsistency", "technical")]
    [InlineData("regime", "test-regime", "")]
    [InlineData("priority", "normal", null)]
    [InlineData("cause", "", null)]
    [InlineData("regimeDepartment", "test-regime", "")]
    public async Task Figures_count_what_was_begun_and_what_it_took_and_each_sees_their_own(string by, string first, string? second)
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        Clock.Advance(TimeSpan.FromHours(2));
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Dossier mis à jour.");
        if (second is not null)
            await Referent.OpenAsync(Technical(send: true), Cancel);
        var today = new DateOnly(2026, 11, 20);

        var figures = await Hotline.FiguresAsync(today, today, by, Cancel);

        var part = figures.Rows.Single(row => row.Key == first);
        Assert.Equal((1, 0, 0), (part.Tickets, part.Over, part.WithOrganism));
        Assert.Equal(new SupportDelay(ClockKind.OrganismAnswer, 1, 0, 120), part.Delays.Single(delay => delay.Kind == ClockKind.OrganismAnswer));
        Assert.Equal(second is null ? 1 : 2, figures.Rows.Count);
        Assert.Single((await Organism.FiguresAsync(today, today, by, Cancel)).Rows);
        Assert.Empty((await Api(CdrRoles.Referent, "referent-9", Elsewhere).FiguresAsync(today, today, by, Cancel)).Rows);
        Assert.Empty((await Hotline.FiguresAsync(today.AddDays(1), today.AddDays(1), by, Cancel)).Rows);
        Assert.Equal("by-unknown", await RefusedAsync(() => Hotline.FiguresAsync(today, today, "name", Cancel), HttpStatusCode.BadRequest));
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Refit.ApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // Too many at once: nothing was written.
        }
    }
}
