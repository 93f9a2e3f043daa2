using Cdr.Contracts.Support;

namespace Cdr.Support.Clocks;

/// <summary>What was promised from an instant on: the hotline's hours and the objectives of each priority. A version is never changed; a later one follows it.</summary>
/// <param name="Version">From 1.</param>
/// <param name="From">UTC: tickets that are open then go on under it, with the time they have used.</param>
/// <param name="Hotline">Hours of the hotline.</param>
/// <param name="Targets">By priority, all four.</param>
/// <param name="WarnPercent">A clock warns when so much of its objective is used.</param>
internal sealed record ClockRules(int Version, DateTimeOffset From, BusinessHours Hotline, IReadOnlyDictionary<TicketPriority, ClockTargets> Targets, int WarnPercent)
{
    public TimeSpan Target(ClockKind kind, TicketPriority priority) => kind switch
    {
        ClockKind.FirstAnswer => Targets[priority].FirstAnswer,
        ClockKind.Resolution => Targets[priority].Resolution,
        _ => Targets[priority].Organism,
    };
}

/// <summary>Objectives, in working time of whoever they are asked of.</summary>
internal sealed record ClockTargets(TimeSpan FirstAnswer, TimeSpan Resolution, TimeSpan Organism);
