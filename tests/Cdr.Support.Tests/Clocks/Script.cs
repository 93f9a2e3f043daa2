using System.Globalization;
using Cdr.Contracts.Support;
using Cdr.Support.Clocks;

namespace Cdr.Support.Tests.Clocks;

/// <summary>A trail as a person writes it: « received 2026-11-18 09:00; asked 2026-11-18 10:00 ». Times are Paris's unless they say their offset.</summary>
internal static class Script
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public static readonly IReadOnlyDictionary<TicketPriority, ClockTargets> Targets = new Dictionary<TicketPriority, ClockTargets>
    {
        [TicketPriority.Critical] = Hours(1, 4, 9),
        [TicketPriority.High] = Hours(2, 9, 18),
        [TicketPriority.Normal] = Hours(4, 18, 27),
        [TicketPriority.Low] = Hours(9, 45, 45),
    };

    public static ClockRules Rules(int version, DateTimeOffset from, string week, IReadOnlyDictionary<TicketPriority, ClockTargets> targets) =>
        new(version, from, BusinessHours.Of("", week), targets, 75);

    /// <summary>Steps « rules » are versions, all the others events.</summary>
    public static (IReadOnlyList<ClockEvent> Trail, IReadOnlyList<ClockRules> Rules) Read(string week, string script)
    {
        List<ClockRules> rules = [Rules(1, DateTimeOffset.MinValue, week, Targets)];
        List<ClockEvent> trail = [];
        foreach (var step in script.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = step.Split(' ');
            var (what, at, more) = (words[0], At(words[1] + " " + words[2]), words[3..]);
            switch (what)
            {
                case "rules":
                    var (first, organism) = (Number(more[0]), Number(more[1]));
                    rules.Add(Rules(rules.Count + 1, at, more.Length > 2 ? string.Join(' ', more[2..]) : week, Targets.ToDictionary(one => one.Key, _ => Hours(first, 18, organism))));
                    break;
                default:
                    trail.Add(Event(what, at, more));
                    break;
            }
        }

        return (trail, rules);
    }

    public static DateTimeOffset At(string text)
    {
        if (text.Length > 16)
            return DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mmzzz", CultureInfo.InvariantCulture);
        var local = DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Assert.False(Paris.IsAmbiguousTime(local) || Paris.IsInvalidTime(local), $"{text} needs its offset.");
        return new DateTimeOffset(local, Paris.GetUtcOffset(local));
    }

    private static ClockEvent Event(string what, DateTimeOffset at, string[] more) => what switch
    {
        "received" => new ClockEvent.Received(at, more is [var priority] ? Enum.Parse<TicketPriority>(priority) : TicketPriority.Normal),
        "replied" => new ClockEvent.Replied(at),
        "asked" => new ClockEvent.Asked(at),
        "back" => new ClockEvent.CameBack(at),
        // « transferred … A 67 »
        "transferred" => new ClockEvent.Transferred(at, more[0], BusinessHours.Of(more[1], BusinessHours.DefaultWeek)),
        "answered" => new ClockEvent.OrganismAnswered(at),
        "returned" => new ClockEvent.GivenBack(at),
        "solved" => new ClockEvent.Solved(at),
        "withdrawn" => new ClockEvent.Withdrawn(at),
        "reopened" => new ClockEvent.Reopened(at),
        "priority" => new ClockEvent.Prioritised(at, Enum.Parse<TicketPriority>(more[0])),
        "assigned" => new ClockEvent.Assigned(at),
        _ => throw new FormatException(what),
    };

    private static ClockTargets Hours(int first, int resolution, int organism) => new(TimeSpan.FromHours(first), TimeSpan.FromHours(resolution), TimeSpan.FromHours(organism));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
