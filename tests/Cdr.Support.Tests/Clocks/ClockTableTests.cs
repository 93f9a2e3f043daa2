using System.Globalization;
using Cdr.Contracts.Support;
using Cdr.Support.Clocks;

namespace Cdr.Support.Tests.Clocks;

/// <summary>
/// Every expected instant was worked out on paper, with the calendar of the year beside it. Objectives of a normal ticket: first answer 4 h,
/// resolution 18 h, organism 27 h (two and three days of 9 h); high 2/9/18, critical 1/4/9, low 9/45/45; a warning at three quarters.
/// </summary>
public sealed class ClockTableTests
{
    private const string Day = "1-5 08:30-17:30";
    private const string Lunch = "1-5 08:30-12:00 13:30-17:30";
    private const string Always = "1-7 00:00-24:00";

    [Theory]
    // A day, and its lunch.
    [InlineData(Day, "received 2026-11-18 09:00", "first due 2026-11-18 13:00")]
    [InlineData(Lunch, "received 2026-11-18 09:00", "first due 2026-11-18 14:30")]
    [InlineData(Lunch, "received 2026-11-18 12:15", "first due 2026-11-18 17:30")]
    [InlineData(Lunch, "received 2026-11-18 12:00", "first due 2026-11-18 17:30")]
    [InlineData(Lunch, "received 2026-11-18 13:30", "first due 2026-11-18 17:30")]
    [InlineData(Lunch, "received 2026-11-18 11:00", "first due 2026-11-18 16:30")]
    [InlineData(Lunch, "received 2026-11-18 15:00", "first due 2026-11-19 10:00")]
    [InlineData("1-4 08:30-12:00 13:30-17:30; 5 08:30-12:00", "received 2026-11-20 11:00", "first due 2026-11-23 11:30")]
    [InlineData("1-5 09:00-10:00 11:00-12:00 14:00-15:00 16:00-17:00", "received 2026-11-18 09:30", "first due 2026-11-19 09:30")]
    // Evenings and ends of weeks.
    [InlineData(Day, "received 2026-11-20 16:30", "first due 2026-11-23 11:30")]
    [InlineData(Day, "received 2026-11-20 17:30", "first due 2026-11-23 12:30")]
    [InlineData(Day, "received 2026-11-20 18:00", "first due 2026-11-23 12:30")]
    [InlineData(Day, "received 2026-11-21 12:00", "first due 2026-11-23 12:30")]
    [InlineData(Day, "received 2026-11-22 23:59", "first due 2026-11-23 12:30")]
    [InlineData(Day, "received 2026-11-23 07:00", "first due 2026-11-23 12:30")]
    [InlineData(Day, "received 2026-11-20 13:30", "first due 2026-11-20 17:30")]
    [InlineData(Day, "received 2026-11-20 13:31", "first due 2026-11-23 08:31")]
    [InlineData("1-5 08:30-17:30; 6 09:00-12:00", "received 2026-11-20 16:30", "first due 2026-11-21 12:00")]
    [InlineData("1-7 00:00-06:00 22:00-24:00", "received 2026-11-18 23:00", "first due 2026-11-19 03:00")]
    // National holidays.
    [InlineData(Day, "received 2026-04-30 15:00", "first due 2026-05-04 10:00")]
    [InlineData(Day, "received 2026-05-01 10:00", "first due 2026-05-04 12:30")]
    [InlineData(Day, "received 2026-04-03 16:00", "first due 2026-04-07 11:00")]
    [InlineData(Day, "received 2026-05-13 16:30", "first due 2026-05-15 11:30")]
    [InlineData(Day, "received 2026-05-07 14:30", "first due 2026-05-11 09:30")]
    [InlineData(Day, "received 2026-05-22 17:00", "first due 2026-05-26 12:00")]
    [InlineData(Day, "received 2026-07-13 17:00", "first due 2026-07-15 12:00")]
    [InlineData(Day, "received 2026-08-14 17:00", "first due 2026-08-17 12:00")]
    [InlineData(Day, "received 2026-11-10 15:30", "first due 2026-11-12 10:30")]
    [InlineData(Day, "received 2026-12-24 16:30", "first due 2026-12-28 11:30")]
    [InlineData(Day, "received 2026-12-31 16:30", "first due 2027-01-04 11:30")]
    // Two days, with and without a holiday; other priorities.
    [InlineData(Day, "received 2026-11-16 09:00", "resolution due 2026-11-18 09:00")]
    [InlineData(Day, "received 2026-04-29 09:00", "resolution due 2026-05-04 09:00")]
    [InlineData(Day, "received 2026-11-18 16:30 High", "first due 2026-11-19 09:30")]
    [InlineData(Day, "received 2026-11-18 17:00 Critical", "first due 2026-11-19 09:00")]
    [InlineData(Day, "received 2026-11-18 12:00 Low", "first due 2026-11-19 12:00")]
    // Each organism on the calendar of its place: Good Friday of 67 and not of 21, 26 December of 57 and not of 88, overseas days and hours.
    [InlineData(Day, "received 2026-04-01 09:00; transferred 2026-04-02 08:30 A 67", "A due 2026-04-08 17:30")]
    [InlineData(Day, "received 2026-04-01 09:00; transferred 2026-04-02 08:30 A 21", "A due 2026-04-07 17:30")]
    [InlineData(Day, "received 2025-12-22 09:00; transferred 2025-12-23 14:30 A 57", "A due 2025-12-30 14:30")]
    [InlineData(Day, "received 2025-12-22 09:00; transferred 2025-12-23 14:30 A 88", "A due 2025-12-29 14:30")]
    [InlineData(Day, "received 2026-11-18 09:00; transferred 2026-11-18 10:00 A 974", "A due 2026-11-23 13:00+04:00")]
    [InlineData(Day, "received 2027-12-16 09:00; transferred 2027-12-17 08:30+04:00 A 974", "A due 2027-12-22 17:30+04:00")]
    [InlineData(Day, "received 2026-04-23 09:00; transferred 2026-04-24 08:30+03:00 A 976", "A due 2026-04-29 17:30+03:00")]
    [InlineData(Day, "received 2026-05-22 09:00; transferred 2026-05-26 08:30-04:00 A 971", "A due 2026-05-29 17:30-04:00")]
    [InlineData(Day, "received 2026-05-20 09:00; transferred 2026-05-21 08:30-04:00 A 972", "A due 2026-05-27 17:30-04:00")]
    [InlineData(Day, "received 2026-06-08 09:00; transferred 2026-06-09 08:30-03:00 A 973", "A due 2026-06-12 17:30-03:00")]
    [InlineData(Day, "received 2026-11-18 09:00; transferred 2026-11-18 17:00 A 972", "A due 2026-11-23 12:00-04:00")]
    // The hotline is closed on no place's own day.
    [InlineData(Day, "received 2026-04-03 09:00", "first due 2026-04-03 13:00")]
    // Changes of time: 29 March and 25 October 2026.
    [InlineData(Always, "received 2026-03-28 23:00", "first due 2026-03-29 04:00")]
    [InlineData(Always, "received 2026-10-24 23:00", "first due 2026-10-25 02:00+01:00")]
    [InlineData(Day, "received 2026-03-27 16:30", "first due 2026-03-30 11:30")]
    [InlineData(Day, "received 2026-10-23 16:30", "first due 2026-10-26 11:30")]
    [InlineData("7 02:00-06:00", "received 2026-03-29 00:00", "first due 2026-04-05 03:00")]
    [InlineData("7 02:30-06:00", "received 2026-03-29 00:00", "first due 2026-04-05 03:30")]
    [InlineData("7 02:00-05:00", "received 2026-10-25 00:00", "first due 2026-10-25 05:00")]
    [InlineData("7 01:00-02:30 02:30-04:00", "received 2026-10-25 00:00", "first due 2026-10-25 04:00")]
    [InlineData(Day, "received 2026-03-26 09:00; transferred 2026-03-27 08:30-04:00 A 972", "A due 2026-03-31 17:30-04:00")]
    // Paused while waiting for somebody else: over the same day, a night, a holiday, closed hours.
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 10:00; back 2026-11-18 15:00", "first due 2026-11-19 09:00")]
    [InlineData(Day, "received 2026-11-18 16:00; asked 2026-11-18 17:00; back 2026-11-19 09:00", "first due 2026-11-19 12:00")]
    [InlineData(Day, "received 2026-04-30 16:30; asked 2026-04-30 17:00; back 2026-05-04 09:00", "first due 2026-05-04 12:30")]
    [InlineData(Day, "received 2026-11-18 16:30; asked 2026-11-18 19:00; back 2026-11-18 22:00", "first due 2026-11-19 11:30")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 10:30", "first due none")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 10:30", "first used 01:30")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 09:30; back 2026-11-18 10:00; asked 2026-11-18 10:30; back 2026-11-18 11:00", "first due 2026-11-18 14:00")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 10:00; asked 2026-11-18 11:00; back 2026-11-18 12:00", "first due 2026-11-18 15:00")]
    // Reassigned, running or paused.
    [InlineData(Day, "received 2026-11-18 09:00; assigned 2026-11-18 10:00; assigned 2026-11-18 11:00", "first due 2026-11-18 13:00")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 10:00; assigned 2026-11-18 11:00; back 2026-11-18 12:00", "first due 2026-11-18 15:00")]
    // Who has it has a clock of their own, and pauses the others'.
    [InlineData(Day, "received 2026-11-16 09:00; transferred 2026-11-16 10:00 A 75; answered 2026-11-17 10:00", "resolution due 2026-11-19 09:00")]
    [InlineData(Day, "received 2026-11-16 09:00; transferred 2026-11-18 10:00 A 75", "A due 2026-11-23 10:00")]
    [InlineData(Day, "received 2026-11-16 09:00; transferred 2026-11-16 10:00 A 75; transferred 2026-11-17 10:00 B 59", "B due 2026-11-20 10:00")]
    [InlineData(Day, "received 2026-11-16 09:00; transferred 2026-11-16 10:00 A 75; transferred 2026-11-17 10:00 B 59", "A used 09:00")]
    [InlineData(Day, "received 2026-11-16 09:00; transferred 2026-11-16 10:00 A 75; returned 2026-11-16 12:00; transferred 2026-11-17 10:00 A 75", "A due 2026-11-19 17:00")]
    [InlineData(Day, "received 2026-11-16 09:00; transferred 2026-11-16 10:00 A 75; answered 2026-11-16 12:00; solved 2026-11-16 14:00; reopened 2026-11-17 09:00; transferred 2026-11-17 10:00 A 75", "A due 2026-11-20 10:00")]
    // Solved, and open again.
    [InlineData(Day, "received 2026-11-16 09:00; solved 2026-11-16 11:00; reopened 2026-11-18 09:00", "resolution due 2026-11-19 16:00")]
    [InlineData(Day, "received 2026-11-16 09:00; solved 2026-11-16 11:00; reopened 2026-11-18 09:00", "first due none")]
    [InlineData(Day, "received 2026-11-18 09:00; solved 2026-11-18 10:00", "first met 2026-11-18 10:00")]
    // Taken back or merged: nobody answered, and what was owed is owed again.
    [InlineData(Day, "received 2026-11-18 09:00; withdrawn 2026-11-18 09:05; reopened 2026-11-18 10:00", "first due 2026-11-18 13:55")]
    [InlineData(Day, "received 2026-11-18 09:00; withdrawn 2026-11-18 09:05", "first met none")]
    [InlineData(Day, "received 2026-11-18 09:00; withdrawn 2026-11-18 09:05", "first due none")]
    [InlineData(Day, "received 2026-11-16 09:00; withdrawn 2026-11-16 11:00; reopened 2026-11-18 09:00", "resolution due 2026-11-19 16:00")]
    [InlineData(Day, "received 2026-11-18 09:00; replied 2026-11-18 09:30; withdrawn 2026-11-18 10:00; reopened 2026-11-18 11:00", "first met 2026-11-18 09:30")]
    // Rules that came while it was solved hold once it is open again.
    [InlineData(Day, "received 2026-11-16 09:00; solved 2026-11-16 11:00; rules 2026-11-17 09:00 4 27 1-5 08:30-12:00 13:30-17:30; reopened 2026-11-18 09:00", "resolution due 2026-11-20 10:00")]
    // Answered in time, to the minute, and late.
    [InlineData(Day, "received 2026-11-18 09:00; replied 2026-11-18 10:00", "first met 2026-11-18 10:00")]
    [InlineData(Day, "received 2026-11-18 09:00; replied 2026-11-18 13:00", "first missed none")]
    [InlineData(Day, "received 2026-11-18 09:00; replied 2026-11-18 14:00", "first missed 2026-11-18 13:00")]
    // Other rules midway: what was used stays used, running or paused.
    [InlineData(Day, "received 2026-11-18 09:00; rules 2026-11-18 11:00 6 27", "first due 2026-11-18 15:00")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 10:00; rules 2026-11-18 11:00 6 27; back 2026-11-18 12:00", "first due 2026-11-18 17:00")]
    [InlineData(Day, "received 2026-11-18 09:00; rules 2026-11-18 11:00 1 27; replied 2026-11-18 12:00", "first missed 2026-11-18 11:00")]
    [InlineData(Day, "received 2026-11-18 09:00; rules 2026-11-18 12:00 4 27 1-5 08:30-12:00 13:30-17:30", "first due 2026-11-18 14:30")]
    [InlineData(Day, "rules 2026-11-17 09:00 6 27; received 2026-11-18 09:00", "first due 2026-11-18 15:00")]
    [InlineData(Day, "received 2026-11-20 16:30; rules 2026-11-21 00:00 6 27", "first due 2026-11-23 13:30")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 14:00; rules 2026-11-18 15:00 6 27", "first missed 2026-11-18 13:00")]
    [InlineData(Day, "received 2026-11-16 09:00; transferred 2026-11-16 10:00 A 75; rules 2026-11-17 10:00 4 18", "A due 2026-11-18 10:00")]
    [InlineData(Day, "received 2026-11-18 09:00; priority 2026-11-18 10:00 High", "first due 2026-11-18 11:00")]
    [InlineData(Day, "received 2026-11-18 09:00; priority 2026-11-18 10:00 Low", "first due 2026-11-19 09:00")]
    // Warnings come in working hours too.
    [InlineData(Day, "received 2026-11-20 16:30", "first warn 2026-11-23 10:30")]
    [InlineData(Day, "received 2026-11-20 14:31", "first warn 2026-11-23 08:31")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 10:00", "first warn none")]
    // Nothing is left, and nobody works: at the next opening, and never at night.
    [InlineData(Day, "received 2026-11-18 15:00; rules 2026-11-19 02:00 2 27", "first due 2026-11-19 08:30")]
    [InlineData(Day, "received 2026-11-18 15:00; rules 2026-11-19 02:00 2 27", "first warn 2026-11-19 08:30")]
    [InlineData(Day, "received 2026-11-18 15:00; rules 2026-11-19 02:00 2 27; replied 2026-11-19 09:00", "first missed 2026-11-19 08:30")]
    [InlineData(Day, "received 2026-11-18 15:00; rules 2026-11-19 02:00 2 27; replied 2026-11-19 03:00", "first missed none")]
    [InlineData(Day, "received 2026-11-18 09:00; asked 2026-11-18 12:12; back 2026-11-19 02:00", "first warn 2026-11-19 08:30")]
    [InlineData(Lunch, "received 2026-11-18 09:00; asked 2026-11-18 12:00; rules 2026-11-18 12:10 3 27; back 2026-11-18 12:30", "first due 2026-11-18 13:30")]
    [InlineData(Day, "received 2026-11-20 08:30; priority 2026-11-21 23:00 High", "resolution due 2026-11-23 08:30")]
    public void Each_clock_says_what_was_worked_out_by_hand(string week, string script, string expected)
    {
        var (trail, rules) = Script.Read(week, script);
        var last = trail.Max(one => one.At);
        var asOf = rules.Max(one => one.From) is var changed && changed > last ? changed : last;
        var clocks = TicketClocks.Of(trail, rules).Until(asOf, rules).Clocks;

        var words = expected.Split(' ', 3);
        var clock = words[0] switch
        {
            "first" => clocks.Single(one => one.Kind == ClockKind.FirstAnswer),
            "resolution" => clocks.Single(one => one.Kind == ClockKind.Resolution),
            var owner => clocks.Last(one => one.Kind == ClockKind.OrganismAnswer && one.Owner == owner),
        };
        if (words[1] == "used")
        {
            Assert.Equal(TimeSpan.ParseExact(words[2], @"hh\:mm", CultureInfo.InvariantCulture), clock.Used);
            return;
        }

        var said = words[1] switch { "due" => clock.DueAt, "warn" => clock.WarnAt, "met" => clock.MetAt, "missed" => clock.MissedAt, _ => throw new FormatException(expected) };
        Assert.Equal(words[2] == "none" ? (DateTimeOffset?)null : Script.At(words[2]), said);
    }

    [Theory]
    [InlineData(TicketAction.Withdraw, TicketState.Closed)]
    [InlineData(TicketAction.Merge, TicketState.Merged)]
    public void What_is_taken_back_or_merged_is_no_answer(TicketAction action, TicketState to)
    {
        var (_, rules) = Script.Read(Day, "");
        TrailEntry Entry(string at, TicketAction what, TicketState from, TicketState state) => new(Script.At(at), what, Contracts.Sessions.CdrRoles.Hotline, from, state, TicketPriority.Normal, null, null);
        var made = ClockKeeping.Make([Entry("2026-11-18 09:00", TicketAction.Open, TicketState.Draft, TicketState.New), Entry("2026-11-18 09:05", action, TicketState.New, to)], rules, Script.At("2026-11-18 10:00"));
        Assert.All(made.Clocks, clock => Assert.Null(clock.MetAt));
        Assert.All(made.Clocks, clock => Assert.Null(clock.RunningSince));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1-5")]
    [InlineData("1-5 08:30")]
    [InlineData("1-5 17:30-08:30")]
    [InlineData("1-5 08:30-12:00 11:00-17:30")]
    [InlineData("5-1 08:30-17:30")]
    [InlineData("0-5 08:30-17:30")]
    [InlineData("1-8 08:30-17:30")]
    [InlineData("1-5 08:30-25:00")]
    [InlineData("1-5 08:30-17:30; 5 09:00-12:00")]
    public void Hours_that_mean_nothing_are_refused(string week) => Assert.False(BusinessHours.TryRead("75", week, out _));

    [Theory]
    [InlineData("2026-11-20 17:29", true, "2026-11-20 17:29")]
    [InlineData("2026-11-20 17:30", false, "2026-11-23 08:30")]
    [InlineData("2026-05-01 10:00", false, "2026-05-04 08:30")]
    [InlineData("2026-11-18 08:30", true, "2026-11-18 08:30")]
    public void Out_of_hours_the_next_opening_is_known(string at, bool isOpen, string next)
    {
        Assert.Equal(isOpen, BusinessHours.National.IsOpen(Script.At(at)));
        Assert.Equal(Script.At(next), BusinessHours.National.NextOpening(Script.At(at)));
    }
}
