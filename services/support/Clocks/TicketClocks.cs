using System.Collections.Immutable;
using Cdr.Contracts.Support;

namespace Cdr.Support.Clocks;

/// <summary>
/// All clocks of a ticket after some of its trail. A value: made of the trail and the dated rules alone, one event after another, so that
/// what is stored can be made again and compared.
/// </summary>
internal sealed record TicketClocks(DateTimeOffset At, TicketPriority Priority, WaitsFor WaitsFor, string? Organism, ClockRules? Rules, ImmutableList<Clock> Clocks)
{
    public static TicketClocks None { get; } = new(DateTimeOffset.MinValue, TicketPriority.Normal, WaitsFor.Nobody, null, null, []);

    /// <param name="trail">In its order.</param>
    /// <param name="rules">All versions, the first one older than the trail.</param>
    public static TicketClocks Of(IEnumerable<ClockEvent> trail, IReadOnlyList<ClockRules> rules) => trail.Aggregate(None, (clocks, one) => clocks.After(one, rules));

    public TicketClocks After(ClockEvent one, IReadOnlyList<ClockRules> rules)
    {
        // Two replicas' clocks differ a little: time does not go back.
        var at = one.At > At ? one.At : At;
        var now = Until(at, rules);
        return one switch
        {
            ClockEvent.Received received => now.Receive(at, received.Priority, rules),
            ClockEvent.Replied => now.Each(ClockKind.FirstAnswer, clock => clock.Meet(at)),
            ClockEvent.Asked when now.WaitsFor == WaitsFor.Hotline => now.WaitFor(at, WaitsFor.Requester, null),
            ClockEvent.CameBack when now.WaitsFor == WaitsFor.Requester => now.WaitFor(at, WaitsFor.Hotline, null),
            ClockEvent.Transferred transferred => now.Transfer(at, transferred),
            ClockEvent.OrganismAnswered when now.Organism is { } organism => now.Each(ClockKind.OrganismAnswer, clock => clock.Owner == organism ? clock.Meet(at) : clock).WaitFor(at, WaitsFor.Hotline, null),
            ClockEvent.GivenBack when now.WaitsFor == WaitsFor.Organism => now.WaitFor(at, WaitsFor.Hotline, null),
            ClockEvent.Solved when now.Clocks.Count > 0 => now.WaitFor(at, WaitsFor.Nobody, null).Each(ClockKind.FirstAnswer, clock => clock.Meet(at)).Each(ClockKind.Resolution, clock => clock.Meet(at)),
            ClockEvent.Withdrawn when now.Clocks.Count > 0 => now.WaitFor(at, WaitsFor.Nobody, null),
            ClockEvent.Reopened when now is { Clocks.Count: > 0, WaitsFor: WaitsFor.Nobody } =>
                // Under the rules of today: those that came while it was solved passed it by.
                (now.Each(ClockKind.Resolution, clock => clock.Reopen(at)).Each(ClockKind.FirstAnswer, clock => clock.Run(at)) with { WaitsFor = WaitsFor.Hotline }).UnderRules(at),
            ClockEvent.Prioritised prioritised => (now with { Priority = prioritised.Priority }).UnderRules(at),
            _ => now,
        };
    }

    /// <summary>The same later, where rules may have changed meanwhile.</summary>
    public TicketClocks Until(DateTimeOffset at, IReadOnlyList<ClockRules> rules)
    {
        var now = this;
        if (Rules is { } known)
        {
            foreach (var next in rules.Where(one => one.Version > known.Version && one.From <= at).OrderBy(one => one.Version))
                now = (now with { Rules = next }).UnderRules(next.From > now.At ? next.From : now.At) with { At = next.From > now.At ? next.From : now.At };
        }

        return now with { At = at > now.At ? at : now.At };
    }

    private TicketClocks Receive(DateTimeOffset at, TicketPriority priority, IReadOnlyList<ClockRules> rules)
    {
        if (Clocks.Count > 0)
            return this;
        var first = rules.LastOrDefault(one => one.From <= at) ?? rules[0];
        return this with
        {
            Priority = priority,
            Rules = first,
            WaitsFor = WaitsFor.Hotline,
            Clocks = [Begin(first, ClockKind.FirstAnswer, Clock.HotlineOwner, first.Hotline, priority).Run(at), Begin(first, ClockKind.Resolution, Clock.HotlineOwner, first.Hotline, priority).Run(at)],
        };
    }

    private TicketClocks Transfer(DateTimeOffset at, ClockEvent.Transferred transferred)
    {
        if (Rules is null || WaitsFor == WaitsFor.Nobody)
            return this;
        // One that gave it back goes on; one that answered, or never had it, begins.
        var waits = Clocks.Any(clock => clock.Kind == ClockKind.OrganismAnswer && clock.Owner == transferred.Organism && !clock.IsOver)
            ? this
            : this with { Clocks = Clocks.Add(Begin(Rules, ClockKind.OrganismAnswer, transferred.Organism, transferred.Hours, Priority)) };
        return waits.WaitFor(at, WaitsFor.Organism, transferred.Organism);
    }

    private static Clock Begin(ClockRules rules, ClockKind kind, string owner, BusinessHours hours, TicketPriority priority) =>
        new() { Kind = kind, Owner = owner, Hours = hours, Target = rules.Target(kind, priority), WarnPercent = rules.WarnPercent };

    private TicketClocks WaitFor(DateTimeOffset at, WaitsFor who, string? organism) => this with
    {
        WaitsFor = who,
        Organism = organism,
        Clocks = [.. Clocks.Select(clock => (clock.Kind == ClockKind.OrganismAnswer ? who == WaitsFor.Organism && clock.Owner == organism : who == WaitsFor.Hotline) ? clock.Run(at) : clock.Pause(at))],
    };

    private TicketClocks UnderRules(DateTimeOffset at) => Rules is not { } rules ? this : this with
    {
        Clocks = [.. Clocks.Select(clock => clock.Under(at, rules.Target(clock.Kind, Priority), rules.WarnPercent, clock.Kind == ClockKind.OrganismAnswer ? clock.Hours : rules.Hotline))],
    };

    private TicketClocks Each(ClockKind kind, Func<Clock, Clock> change) => this with { Clocks = [.. Clocks.Select(clock => clock.Kind == kind ? change(clock) : clock)] };
}
