using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Regimes;

/// <summary>Where the regimes are and how long they are waited for. Section <c>Regimes</c>.</summary>
internal sealed class RegimeOptions : IValidatableObject
{
    public const string Section = "Regimes";

    /// <value>Path of the registry. Default <c>regimes.json</c>; a relative path starts at the program's folder.</value>
    [Required]
    public string RegistryFile { get; init; } = "regimes.json";

    /// <value>Absolute address that the registry's relative ones start from; no default.</value>
    [Required]
    public Uri? BaseAddress { get; init; }

    /// <value>Default 5 s, from the question's arrival to its answer: all regimes together, and 20 ms to write and journal it; a clerk with a patient in front of them does not wait longer.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:00:20")]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>Default 0.5: part of the calls in <see cref="CircuitSampling"/> that must be outages before a regime is left alone.</value>
    [Range(0.05, 1.0)]
    public double CircuitFailureRatio { get; init; } = 0.5;

    /// <value>Default 5 calls: fewer in <see cref="CircuitSampling"/> prove nothing.</value>
    [Range(2, 10_000)]
    public int CircuitMinimumCalls { get; init; } = 5;

    /// <value>Default 3: outages in a row after which a regime is said to be in trouble, until its next good answer. In a small hospital too few questions are asked for its circuit ever to open.</value>
    [Range(1, 1000)]
    public int DegradedAfter { get; init; } = 3;

    /// <value>
    /// Default 10 s. At a busy hour a regime that hangs is left alone only when most of the good calls before it are forgotten, and until
    /// then every question that needs it waits for its deadline: with 30 s that was 27 s of them.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CircuitSampling { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>Default 10 s: how long a failing regime is left alone before one question tries it.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan CircuitBreak { get; init; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BaseAddress is not null && (!BaseAddress.IsAbsoluteUri || BaseAddress.Scheme is not ("http" or "https")))
            yield return new ValidationResult("An absolute http or https address is expected.", [nameof(BaseAddress)]);
        else if (BaseAddress is not null && !BaseAddress.AbsolutePath.EndsWith('/'))
            yield return new ValidationResult("The address must end with a slash: its last segment would be lost.", [nameof(BaseAddress)]);
    }
}
