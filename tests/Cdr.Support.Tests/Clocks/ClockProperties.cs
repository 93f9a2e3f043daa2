using Cdr.Contracts.Support;
using Cdr.Support.Clocks;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Cdr.Support.Tests.Clocks;

public sealed class ClockProperties
{
    private static readonly DateTimeOffset Start = new(2026, 3, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] Weeks = ["1-5 08:30-17:30", "1-5 08:30-12:00 13:30-17:30", "1-7 00:00-24:00", "1-6 00:00-03:30 22:00-24:00"];
    private static readonly string[] Places = ["", "67", "75", "974", "972"];

    /// <summary>After each event: what is kept so far, made again from the whole trail, and a count minute by minute all agree.</summary>
    [Property(MaxTest = 60)]
    public Property Kept_clocks_are_those_made_again_from_the_trail() => Prop.ForAll(Trails().ToArbitrary(), trail =>
    {
        ClockRules[] rules =
        [
            Script.Rules(1, DateTimeOffset.MinValue, trail.Week, Script.Targets),
            Script.Rules(2, Start.AddHours(40), "1-5 09:00-12:00 14:00-18:00", Script.Targets.ToDictionary(one => one.Key, one => new ClockTargets(one.Value.FirstAnswer * 2, one.Value.Resolution / 2, one.Value.Organism))),
        ];
        var kept = TicketClocks.None;
        List<ClockEvent> so = [];
        foreach (var one in trail.Events)
        {
            kept = kept.After(one, rules);
            so.Add(one);
            var again = TicketClocks.Of(so, rules);
            Assert.Equal(kept.Clocks, again.Clocks);
            Assert.Equal(kept with { Clocks = [] }, again with { Clocks = [] });
        }

        // Looked at in between, nothing changes.
        var looked = trail.Events.Aggregate(TicketClocks.None, (clocks, one) => clocks.Until(one.At.AddMinutes(-1) is var before && before > clocks.At ? before : clocks.At, rules).After(one, rules));
        Assert.Equal(kept.Clocks, looked.Clocks);
        var end = trail.Events[^1].At.AddHours(3);
        var atEnd = kept.Until(end, rules);
        Assert.All(atEnd.Clocks.Where(clock => clock.Kind != ClockKind.OrganismAnswer), clock => Assert.Equal(
            CountedByMinutes(clock.Kind, trail.Events, rules, end), clock.RunningSince is { } since ? clock.Used + clock.Hours.Between(since, end) : clock.Used));
        // A running clock is due when exactly its objective is used.
        Assert.All(atEnd.Clocks.Where(clock => clock is { DueAt: not null } && clock.Used <= clock.Target), clock =>
            Assert.Equal(clock.Target, clock.Used + clock.Hours.Between(clock.RunningSince!.Value, clock.DueAt!.Value)));
    });

    [Property(MaxTest = 200)]
    public Property Adding_and_measuring_are_each_others_inverse() => Prop.ForAll(
        (from week in Gen.Elements(Weeks)
         from place in Gen.Elements(Places)
         from minutes in Gen.Choose(0, 60 * 24 * 300)
         from working in Gen.Choose(1, 60 * 80)
         select (Hours: BusinessHours.Of(place, week), From: Start.AddMinutes(minutes), Working: TimeSpan.FromMinutes(working))).ToArbitrary(),
        one =>
        {
            var due = one.Hours.Add(one.From, one.Working);
            Assert.Equal(one.Working, one.Hours.Between(one.From, due));
            Assert.True(one.Hours.Between(one.From, due.AddMinutes(-1)) < one.Working);
            Assert.Equal(one.Hours, BusinessHours.Parse(one.Hours.Text));
        });

    /// <summary>Another way to the same number: is the minute worked in, and is the hotline waited for?</summary>
    internal static TimeSpan CountedByMinutes(ClockKind kind, List<ClockEvent> events, ClockRules[] rules, DateTimeOffset end)
    {
        var (waits, isOver, received, minutes, next) = (WaitsFor.Nobody, false, false, 0, 0);
        for (var at = events[0].At; at < end; at = at.AddMinutes(1))
        {
            for (; next < events.Count && events[next].At <= at; next++)
            {
                switch (events[next])
                {
                    case ClockEvent.Received when !received: (waits, received) = (WaitsFor.Hotline, true); break;
                    case ClockEvent.Replied when kind == ClockKind.FirstAnswer: isOver = true; break;
                    case ClockEvent.Asked when waits == WaitsFor.Hotline: waits = WaitsFor.Requester; break;
                    case ClockEvent.CameBack when waits == WaitsFor.Requester: waits = WaitsFor.Hotline; break;
                    case ClockEvent.Transferred when waits != WaitsFor.Nobody: waits = WaitsFor.Organism; break;
                    case ClockEvent.OrganismAnswered or ClockEvent.GivenBack when waits == WaitsFor.Organism: waits = WaitsFor.Hotline; break;
                    case ClockEvent.Solved: (waits, isOver) = (WaitsFor.Nobody, true); break;
                    case ClockEvent.Withdrawn: waits = WaitsFor.Nobody; break;
                    case ClockEvent.Reopened when waits == WaitsFor.Nobody && received: (waits, isOver) = (WaitsFor.Hotline, isOver && kind == ClockKind.FirstAnswer); break;
                    default: break;
                }
            }

            minutes += waits == WaitsFor.Hotline && !isOver && rules.Last(one => one.From <= at).Hotline.IsOpen(at) ? 1 : 0;
        }

        return TimeSpan.FromMinutes(minutes);
    }

    private static Gen<Trail> Trails() =>
        from week in Gen.Elements(Weeks)
        from steps in Gen.Choose(0, 10).Two().ArrayOf(12)
        from gaps in Gen.Choose(0, 60 * 14).ArrayOf(12)
        from places in Gen.Elements(Places).ArrayOf(12)
        select new Trail(week, Events(steps.Select(step => step.Item1).ToArray(), gaps, places));

    private static List<ClockEvent> Events(int[] steps, int[] gaps, string[] places)
    {
        var at = Start;
        List<ClockEvent> events = [new ClockEvent.Received(at, TicketPriority.Normal)];
        foreach (var (index, step) in steps.Index())
        {
            at = at.AddMinutes(gaps[index]);
            events.Add(step switch
            {
                0 => new ClockEvent.Asked(at),
                1 => new ClockEvent.CameBack(at),
                2 or 3 => new ClockEvent.Transferred(at, "01" + places[index], BusinessHours.Of(places[index], BusinessHours.DefaultWeek)),
                4 => new ClockEvent.OrganismAnswered(at),
                5 => new ClockEvent.GivenBack(at),
                6 => new ClockEvent.Solved(at),
                7 => new ClockEvent.Reopened(at),
                8 => new ClockEvent.Prioritised(at, (TicketPriority)(index % 4)),
                9 => new ClockEvent.Withdrawn(at),
                _ => new ClockEvent.Assigned(at),
            });
        }

        return events;
    }

    private sealed record Trail(string Week, List<ClockEvent> Events)
    {
        public override string ToString() => $"{Week}: {string.Join("; ", Events)}";
    }
}
