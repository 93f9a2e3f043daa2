using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Causes;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Cdr.Support.Tests.Features;

/// <summary>A solved ticket names what it came of, of a dated list that the hotline keeps; figures count it.</summary>
public sealed class CauseTests : HostTests
{
    private static readonly DateOnly Today = new(2026, 11, 20);

    private ITicketDeskApi Keeper => Desk("hotline-1");

    [Theory]
    [InlineData(null, "cause-missing")]
    [InlineData(" ", "cause-missing")]
    [InlineData("unheard-of", "cause-unknown")]
    [InlineData("file-wrong", "cause-unknown")]
    public async Task A_ticket_is_not_solved_without_a_cause_of_its_kind(string? cause, string code)
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        Assert.Equal(code, await RefusedAsync(() => SolveAsync(ticket, cause), HttpStatusCode.BadRequest));
        var still = await Hotline.ReadAsync(ticket.Id, Cancel);
        Assert.Equal((TicketState.New, 1, null), (still.State, still.Version, still.Cause));
    }

    [Fact]
    public async Task What_it_came_of_stands_with_it_until_it_is_open_again()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        var solved = await SolveAsync(ticket, "network", id);
        Assert.Equal(("network", "Réseau de l’établissement"), (solved.Cause, solved.CauseLabel));
        Assert.Equal("network", (await Referent.ReadAsync(ticket.Id, Cancel)).Cause);
        // Sent again it is done; said otherwise it is not.
        Assert.Equal(solved.Version, (await SolveAsync(ticket, "network", id)).Version);
        Assert.Equal("move-done-otherwise", await RefusedAsync(() => SolveAsync(ticket, "other", id), HttpStatusCode.Conflict));

        Assert.Null((await MoveAsync(Referent, ticket, TicketAction.Reopen, "Cela recommence.")).Cause);
        Assert.Equal("card-reader", (await SolveAsync(ticket, "card-reader")).Cause);
        Assert.Equal([new SupportCause("card-reader", "Lecteur ou carte professionnelle", 1)], Assert.Single((await Hotline.FiguresAsync(Today, Today, "cause", Cancel)).Rows).Causes);
    }

    [Fact]
    public async Task A_cause_is_used_on_its_days_alone_and_explains_what_it_explained_afterwards()
    {
        var (before, after, later) = (await Referent.OpenAsync(Technical(send: true), Cancel), await Referent.OpenAsync(Technical(send: true), Cancel), await Referent.OpenAsync(Technical(send: true), Cancel));
        Assert.Equal("cause-unknown", await RefusedAsync(() => SolveAsync(before, "driver-2026"), HttpStatusCode.BadRequest));
        var text = new CauseText { Label = "Pilote de novembre", Kind = TicketKind.Technical, From = Today };
        Assert.Equal(1, (await Keeper.KeepCauseAsync("driver-2026", text, Cancel)).Version);
        await SolveAsync(before, "driver-2026");
        await Keeper.KeepCauseAsync("driver-2026", text with { Label = "Pilote 4.2", To = Today, Version = 1 }, Cancel);
        await SolveAsync(after, "driver-2026");
        Pass(TimeSpan.FromDays(1));

        Assert.Equal("cause-unknown", await RefusedAsync(() => SolveAsync(later, "driver-2026"), HttpStatusCode.BadRequest));
        Assert.Equal("Pilote 4.2", (await Hotline.ReadAsync(before.Id, Cancel)).CauseLabel);
        Assert.Equal([new SupportCause("driver-2026", "Pilote 4.2", 2)], Assert.Single((await Hotline.FiguresAsync(Today, Today, "department", Cancel)).Rows).Causes);
        Assert.Equal([("Pilote 4.2", "hotline-1"), ("Pilote de novembre", "hotline-1")], (await Keeper.CauseHistoryAsync("driver-2026", Cancel)).Select(one => (one.Said.Label, one.By)));
    }

    [Fact]
    public async Task What_came_with_the_service_is_changed_as_any_other_and_two_do_not_change_one_at_once()
    {
        var shipped = (await Clerk1().CausesAsync(Cancel)).Single(one => one.Code == "network");
        Assert.Equal(0, shipped.Version);
        var text = new CauseText { Label = "Réseau ou pare-feu", Kind = shipped.Kind, From = shipped.From };
        Assert.Equal("Réseau ou pare-feu", (await Keeper.KeepCauseAsync("network", text, Cancel)).Label);
        Assert.Equal(1, (await Keeper.KeepCauseAsync("network", text, Cancel)).Version);
        Assert.Equal("cause-changed", await RefusedAsync(() => Desk("hotline-2").KeepCauseAsync("network", text with { Label = "Autrement" }, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("Réseau ou pare-feu", (await Keeper.CausesAsync(Cancel)).Single(one => one.Code == "network").Label);
        Assert.Equal((await Keeper.CausesAsync(Cancel)).Count, (await Keeper.CausesAsync(Cancel)).DistinctBy(one => one.Code).Count());
    }

    [Theory]
    [InlineData("Majuscule", "Un libellé", null, "code-invalid")]
    [InlineData("a", "Un libellé", null, "code-invalid")]
    // Nobody's number stands in an address, nor for ever.
    [InlineData("n284057511290154", "Un libellé", null, "code-invalid")]
    [InlineData("n-2-84-05-75-112-901", "Un libellé", null, "code-invalid")]
    [InlineData("bon-code", " ", null, "label-invalid")]
    [InlineData("bon-code", "Un\0libellé", null, "label-invalid")]
    [InlineData("bon-code", "Un libellé", "2026-11-19", "ends-before-it-begins")]
    [InlineData("bon-code", "Pour 2 84 05 75 112 901 54", null, "holds-nir")]
    public async Task What_is_no_cause_is_refused_by_its_field(string code, string label, string? to, string expected)
    {
        var text = new CauseText { Label = label, From = Today, To = to is null ? null : DateOnly.ParseExact(to, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) };
        Assert.Equal(expected, await RefusedAsync(() => Keeper.KeepCauseAsync(code, text, Cancel), HttpStatusCode.BadRequest));
        Assert.DoesNotContain(await Keeper.CausesAsync(Cancel), one => one.Code == code);
    }

    [Fact]
    public async Task What_is_open_again_counts_no_cause_whoever_opened_it()
    {
        var (open, solved) = (await Referent.OpenAsync(Technical(send: true), Cancel), await Referent.OpenAsync(Technical(send: true), Cancel));
        await SolveAsync(open, "network");
        await SolveAsync(solved, "network");
        // As a version that knew no causes leaves it.
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
            await db.Tickets.Where(row => row.Id == open.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, TicketState.InProgress), Cancel);

        Assert.Equal([("network", 1)], Assert.Single((await Hotline.FiguresAsync(Today, Today, "kind", Cancel)).Rows).Causes.Select(cause => (cause.Code, cause.Tickets)));
        var by = (await Hotline.FiguresAsync(Today, Today, "cause", Cancel)).Rows;
        Assert.Equal([("", 1, 0), ("network", 1, 1)], by.Select(row => (row.Key, row.Tickets, row.Causes.Count)).Order());
    }

    [Fact]
    public async Task There_are_so_many_causes_and_no_more()
    {
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            for (var n = (await Keeper.CausesAsync(Cancel)).Count; n < 200; n++)
                db.Causes.Add(new CauseRow { Code = $"cause-{n}", Number = 1, Label = $"Cause {n}", From = Today, OfIncident = false, At = Clock.GetUtcNow(), By = "hotline-1" });
            await db.SaveChangesAsync(Cancel);
        }

        var text = new CauseText { Label = "Un libellé", From = Today };
        Assert.Equal("causes-too-many", await RefusedAsync(() => Keeper.KeepCauseAsync("une-de-plus", text, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("Un libellé", (await Keeper.KeepCauseAsync("network", text, Cancel)).Label);
    }

    [Theory]
    [InlineData(CdrRoles.Referent)]
    [InlineData(CdrRoles.GroupManager)]
    public async Task A_cause_is_read_by_whoever_follows_the_ticket_and_blames_nobody(string role)
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await SolveAsync(ticket, "answer-misread");
        Assert.Equal("Réponse comprise autrement", (await Api(role, "somebody-1").ReadAsync(ticket.Id, Cancel)).CauseLabel);
    }

    [Fact]
    public async Task Volumes_delays_and_causes_are_crossed_by_regime_and_departement()
    {
        var contested = await ReadyToTransferAsync();
        await MoveAsync(Hotline, contested, TicketAction.Transfer);
        Clock.Advance(TimeSpan.FromHours(2));
        await MoveAsync(Organism, contested, TicketAction.Answer, "Dossier mis à jour.");
        await SolveAsync(contested, "file-wrong");
        foreach (var place in new[] { Here, "690991013" })
            await SolveAsync(await Api(CdrRoles.Referent, "referent-" + place, place).OpenAsync(Technical(send: true), Cancel), "network");

        var rows = (await Hotline.FiguresAsync(Today, Today, "regimeDepartment", Cancel)).Rows;

        Assert.Equal([("", "69"), ("", "75"), ("test-regime", "75")], rows.Select(row => (row.Key, row.Department!)).Order());
        var crossed = rows.Single(row => row.Key == "test-regime");
        Assert.Equal((1, 1), (crossed.Tickets, crossed.Over));
        Assert.Equal(new SupportDelay(ClockKind.OrganismAnswer, 1, 0, 120), crossed.Delays.Single(delay => delay.Kind == ClockKind.OrganismAnswer));
        Assert.Equal([new SupportCause("file-wrong", "Dossier erroné à la caisse", 1)], crossed.Causes);
        // Each sees their own.
        Assert.Equal([("test-regime", "75")], (await Organism.FiguresAsync(Today, Today, "regimeDepartment", Cancel)).Rows.Select(row => (row.Key, row.Department!)));
    }

    private Task<Ticket> SolveAsync(Ticket ticket, string? cause, Guid? id = null) => Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Solve, Cause = cause, Id = id }, Cancel);

    private ITicketDeskApi Clerk1() => RestService.ForGenerated<ITicketDeskApi>(Host.ClientOf(Token(CdrRoles.Clerk, "clerk-1")), new RefitSettings());

    private ITicketDeskApi Desk(string subject) => RestService.ForGenerated<ITicketDeskApi>(Host.ClientOf(Token(CdrRoles.Hotline, subject)), new RefitSettings());
}
