using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Batches;

/// <summary>The lane of files of questions. Section <c>Batches</c>.</summary>
internal sealed class BatchOptions : IValidatableObject
{
    public const string Section = "Batches";

    /// <summary>Lines of a file.</summary>
    public const int MostLines = 500;

    /// <summary>Bytes of a file.</summary>
    public const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan Writing = TimeSpan.FromSeconds(10);

    /// <value>Default 24 h after the file was accepted: a regime that is still silent then is waited for no more.</value>
    [Range(typeof(TimeSpan), "08:00:00", "1.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <value>Default 5 min: a line whose regime is silent is asked again after this; each time after twice as long.</value>
    [Range(typeof(TimeSpan), "00:00:10", "02:00:00")]
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMinutes(5);

    /// <value>Default 4 h: the longest time between two tries.</value>
    [Range(typeof(TimeSpan), "00:01:00", "08:00:00")]
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromHours(4);

    /// <value>Default 2: lines asked at once by one process.</value>
    [Range(1, 32)]
    public int AtOnce { get; init; } = 2;

    /// <value>Default 10: lines begun in a second by one process.</value>
    [Range(0.1, 1000.0)]
    public double PerSecond { get; init; } = 10;

    /// <value>Default 0.25: the part of a regime's own limits (questions at once, and a second) that batches may take. At least one question.</value>
    [Range(0.01, 1.0)]
    public double ShareOfLimits { get; init; } = 0.25;

    /// <value>Default 20 s: a line's deadline. Nobody stands at a desk; waiting for its place in a regime's budget counts.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <value>Default 2 s: how often what is due is looked for.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan PumpPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <value>Default 5 min: a line whose process died is asked again after this. Longer than the lane's queue takes, and than a line under way: it would be asked twice.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <value>Default 100: lines in the lane's queue at once; the others wait in the database.</value>
    [Range(1, 10_000)]
    public int Ahead { get; init; } = 100;

    /// <value>Default 5,000: lines of one person that wait at once, in all their files; a file beyond it is not accepted.</value>
    [Range(MostLines, 1_000_000)]
    public int MostWaitingOfAPerson { get; init; } = 5000;

    /// <value>Default 20,000: lines of one establishment that wait at once.</value>
    [Range(MostLines, 1_000_000)]
    public int MostWaitingOfAnEstablishment { get; init; } = 20_000;

    /// <value>Default 30 days after the last line: then the questions are erased, and the results are no longer given.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "90.00:00:00")]
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LongestRetry < FirstRetry)
            yield return new ValidationResult("The longest time between two tries is shorter than the first.", [nameof(LongestRetry)]);
        if (Lease < Deadline + Writing)
            yield return new ValidationResult("The lease of a line ends before its deadline and the 10 s to write its answer: it would be asked twice.", [nameof(Lease)]);
    }
}
