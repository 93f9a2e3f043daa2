using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Journal;

/// <summary>Settings of the journal.</summary>
internal sealed class JournalOptions
{
    public const string Section = "Journal";

    /// <value>Default 30 s: how often batches that their own writer left untold are looked for, and how old they are then.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromSeconds(30);
}
