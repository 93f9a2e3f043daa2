using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

/// <summary>What is past its time says so wherever it is shown, until it is done.</summary>
public sealed class OverdueTests : HostTests
{
    [Fact]
    public async Task What_is_overdue_and_still_runs_is_counted_as_missed()
    {
        await Referent.OpenAsync(Technical(send: true), Cancel);
        // First answer 4 h; nobody has written to the ticket since.
        Pass(TimeSpan.FromHours(5));
        var today = new DateOnly(2026, 11, 20);

        var delays = Assert.Single((await Hotline.FiguresAsync(today, today, "kind", Cancel)).Rows).Delays;

        Assert.Equal((1, 0), (delays.Single(one => one.Kind == ClockKind.FirstAnswer).Missed, delays.Single(one => one.Kind == ClockKind.Resolution).Missed));
    }

    [Fact]
    public async Task A_ticket_that_is_overdue_looks_it_after_whatever_is_done_to_it()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var due = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(due, await DueAsync());
        Pass(TimeSpan.FromHours(5));
        await MoveAsync(Hotline, ticket, TicketAction.Prioritise);
        await MoveAsync(Hotline, ticket, TicketAction.Take);
        Assert.Equal(due, await DueAsync());
        // A critical one has an hour: other rules do not make it look in time.
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Prioritise, Impact = TicketImpact.Establishment, Urgency = TicketUrgency.High }, Cancel);
        Assert.Equal(due, await DueAsync());
        // Paused, nothing is owed; what is waited for again is late still.
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");
        Assert.Null(await DueAsync());

        async Task<DateTimeOffset?> DueAsync() => Assert.Single((await Hotline.ListAsync(null, null, null, null, null, null, Cancel)).Tickets).DueAt;
    }

    [Fact]
    public async Task Nothing_rings_at_night_although_what_is_left_is_nothing()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        Pass(TimeSpan.FromHours(3.5));
        await MoveAsync(Hotline, ticket, TicketAction.Reply, "Je regarde.");
        // Monday, two in the night: made critical, of which the hour is long used.
        Clock.AdjustTime(new DateTimeOffset(2026, 11, 23, 1, 0, 0, TimeSpan.Zero));
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Prioritise, Impact = TicketImpact.Establishment, Urgency = TicketUrgency.High }, Cancel);

        await using var scope = Host.Services.CreateAsyncScope();
        var clocks = await scope.ServiceProvider.GetRequiredService<SupportDb>().Clocks.AsNoTracking().ToListAsync(Cancel);
        Assert.All(clocks.Where(one => one.NextAt is not null), one => Assert.True(one.NextAt >= new DateTimeOffset(2026, 11, 23, 7, 30, 0, TimeSpan.Zero), $"{one.Kind} rings at {one.NextAt:O}"));
    }
}
