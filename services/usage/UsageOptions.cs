using System.ComponentModel.DataAnnotations;

namespace Cdr.Usage;

/// <summary>How journals are followed.</summary>
internal sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <value>Time between two comparisons with the journals of Rights. Default 30 s: how late a lost message is counted.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>Batches asked of Rights at once; a rebuild counts several answers of it in one transaction. Default 100, at most the 500 that Rights gives.</value>
    [Range(1, 500)]
    public int BatchesPerFetch { get; init; } = 100;

    /// <value>How long a batch that came ahead of others waits for their messages before they are read from the journal. Default 200 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan HoleWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <value>Time between two removals of the minutes, hours and days that are past their time. Default 1 h.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromHours(1);

    /// <value>Questions about counts read at once for a hospital group with all its establishments, an establishment without one, a regime's staff, or one person who sees all; more of them wait. Default 8.</value>
    [Range(1, 1000)]
    public int QuestionsAtOnce { get; init; } = 8;

    /// <value>Questions and exports read at once for everybody by one process, a third of them exports: fewer than the store's connections (30), which counting needs too. Default 20.</value>
    [Range(1, 1000)]
    public int ReadsAtOnce { get; init; } = 20;

    /// <value>Exports that run at once for a group, or an establishment; more of them are refused. Default 2.</value>
    [Range(1, 100)]
    public int ExportsAtOnce { get; init; } = 2;

    /// <value>How long after a month's end the campaigns' rates of that month are frozen. Default 3 days: what is late by then is in the next month.</value>
    [Range(typeof(TimeSpan), "00:00:00", "20.00:00:00")]
    public TimeSpan FreezeAfter { get; init; } = TimeSpan.FromDays(3);

    /// <value>Part of the hours of service, in percent, in which somebody is answered. Default 99.5.</value>
    [Range(50, 99.999)]
    public double AvailabilityTarget { get; init; } = 99.5;

    /// <value>Part of the consultations, in percent, that take a second at most. Default 99.</value>
    [Range(50, 99.999)]
    public double LatencyTarget { get; init; } = 99;

    /// <value>Part of the consultations, in percent, that no silent regime leaves incomplete. Default 99.</value>
    [Range(50, 99.999)]
    public double CompleteTarget { get; init; } = 99;

    /// <value>Part of the consultations, in percent, answered from what is kept and still good. Default 25: of a day's questions about two in five are about somebody asked for before.</value>
    [Range(1, 99.999)]
    public double CacheTarget { get; init; } = 25;
}
