using Cdr.Contracts.Support;
using Cdr.Support.Tickets;

namespace Cdr.Support.Tests.Tickets;

public sealed class TicketMachineTests
{
    /// <summary>All of it, written down beside the table: what is not here is refused.</summary>
    [Theory]
    [InlineData("Clerk", "Draft", "Send? Abandon Reply Prioritise Check Retype Compare Watch Unwatch Attach")]
    [InlineData("Clerk", "New", "Reply Withdraw Compare Watch Unwatch Attach")]
    [InlineData("Clerk", "InProgress", "Reply Withdraw Compare Watch Unwatch Attach")]
    [InlineData("Clerk", "WaitingForRequester", "Reply Withdraw Compare Watch Unwatch Attach")]
    [InlineData("Clerk", "Transferred", "Reply Withdraw Compare Watch Unwatch Attach")]
    [InlineData("Clerk", "Solved", "Reply Close Reopen Compare Watch Unwatch Attach")]
    [InlineData("Clerk", "Closed", "Reopen Watch Unwatch")]
    [InlineData("Clerk", "Merged", "Unwatch")]
    [InlineData("Clerk", "Abandoned", "Unwatch")]
    [InlineData("Referent", "Draft", "Send Abandon Reply Prioritise Check Retype Watch Unwatch Attach")]
    [InlineData("Referent", "Solved", "Reply Close Reopen Watch Unwatch Attach")]
    [InlineData("Hotline", "Draft", "Unwatch")]
    [InlineData("Hotline", "New", "Take Assign Reply Ask Note Prioritise Check Transfer Solve Withdraw Retype Merge Link Watch Unwatch Attach")]
    [InlineData("Hotline", "InProgress", "Take Assign Reply Ask Note Prioritise Check Transfer Solve Withdraw Retype Merge Link Watch Unwatch Attach")]
    [InlineData("Hotline", "WaitingForRequester", "Take Assign Reply Note Prioritise Check Transfer Solve Withdraw Retype Merge Link Watch Unwatch Attach")]
    [InlineData("Hotline", "Transferred", "Take Assign Reply Note Prioritise Check Transfer Link Watch Unwatch Attach")]
    [InlineData("Hotline", "Solved", "Reply Note Close Reopen Link Watch Unwatch Attach")]
    [InlineData("Hotline", "Closed", "Note Reopen Link Watch Unwatch")]
    [InlineData("Hotline", "Merged", "Unwatch")]
    [InlineData("Organism", "Transferred", "Note Answer GiveBack PointTo Attach")]
    [InlineData("Organism", "InProgress", "")]
    [InlineData("Organism", "Solved", "")]
    public void Each_side_may_do_this_and_nothing_else(string side, string state, string expected)
    {
        var (who, from) = (Enum.Parse<TicketSide>(side), Enum.Parse<TicketState>(state));
        var wanted = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(wanted.Select(one => one.TrimEnd('?')).Order(), TicketMachine.Of(who, from, directSending: true).Select(action => action.ToString()).Order());
        Assert.Equal(wanted.Where(one => !one.EndsWith('?')).Order(), TicketMachine.Of(who, from, directSending: false).Select(action => action.ToString()).Order());
        Assert.All(Enum.GetValues<TicketAction>(), action => Assert.Equal(wanted.Select(one => one.TrimEnd('?')).Contains(action.ToString()), TicketMachine.Find(action, who, from) is not null));
    }

    [Theory]
    [InlineData(TicketImpact.One, TicketUrgency.Low, TicketPriority.Low)]
    [InlineData(TicketImpact.One, TicketUrgency.Normal, TicketPriority.Normal)]
    [InlineData(TicketImpact.One, TicketUrgency.High, TicketPriority.High)]
    [InlineData(TicketImpact.Unit, TicketUrgency.Low, TicketPriority.Normal)]
    [InlineData(TicketImpact.Unit, TicketUrgency.Normal, TicketPriority.High)]
    [InlineData(TicketImpact.Unit, TicketUrgency.High, TicketPriority.High)]
    [InlineData(TicketImpact.Establishment, TicketUrgency.Low, TicketPriority.High)]
    [InlineData(TicketImpact.Establishment, TicketUrgency.Normal, TicketPriority.High)]
    [InlineData(TicketImpact.Establishment, TicketUrgency.High, TicketPriority.Critical)]
    public void Priority_is_impact_and_urgency(TicketImpact impact, TicketUrgency urgency, TicketPriority priority) => Assert.Equal(priority, TicketMachine.Priority(impact, urgency));

    [Fact]
    public void A_number_is_said_in_groups_and_known_when_misheard()
    {
        for (var made = 0; made < 200; made++)
        {
            var number = TicketNumber.Make();
            Assert.Equal(number, TicketNumber.Read($"{number[..3]} {number[3..6]}-{number[6..]}"));
            for (var at = 0; at < number.Length; at++)
                Assert.Null(TicketNumber.Read(number[..at] + (char)('0' + (number[at] - '0' + 1 + made % 9) % 10) + number[(at + 1)..]));
        }

        Assert.Null(TicketNumber.Read("12345"));
        Assert.Null(TicketNumber.Read(null));
    }
}
