using System.Text.Json.Serialization;
using Cdr.Contracts;
using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>One regime of the registry. Regimes open, merge and are renamed: a row is data, never code.</summary>
internal sealed record RegimeRow
{
    // Of one registry a process: replaced whole, by AnnouncedDowntimes alone.
    private IReadOnlyList<PlannedDowntime> announced = [];

    /// <value>What identifies it: several share code 01.</value>
    public required RegimeId Id { get; init; }

    /// <value>Official name.</value>
    public required string Name { get; init; }

    public required string ShortName { get; init; }

    /// <value>2-digit régime codes.</value>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <value>How sure the codes are.</value>
    public required CodeCertainty Certainty { get; init; }

    /// <value>Remark for the clerk.</value>
    public string? Note { get; init; }

    /// <value>First day in the service; null when it was always there.</value>
    public required DateOnly? OpenedOn { get; init; }

    /// <value>Last day in the service; null when no end is known.</value>
    public required DateOnly? ClosedOn { get; init; }

    /// <value>The regime its insured went to.</value>
    public required RegimeId? Successor { get; init; }

    /// <value>Relative address of its guide.</value>
    public required string Guide { get; init; }

    public required RegimeCapabilities Capabilities { get; init; }

    public required RegimeProtocol Protocol { get; init; }

    public required RegimeDialect Dialect { get; init; }

    /// <value>Ends with a slash; relative to <see cref="RegimeOptions.BaseAddress"/> unless absolute.</value>
    public required Uri Address { get; init; }

    /// <value>Europe/Paris.</value>
    public required IReadOnlyList<DailyClosure> ClosedDaily { get; init; }

    /// <value>Announced interruptions; null when there is none.</value>
    public IReadOnlyList<PlannedDowntime>? Downtime { get; init; }

    /// <value>Those, and what was announced since the registry was read.</value>
    [JsonIgnore]
    public IReadOnlyList<PlannedDowntime> Interruptions =>
        (Downtime, Volatile.Read(ref announced)) switch { (null, var only) => only, (var only, { Count: 0 }) => only, var (planned, since) => [.. planned, .. since] };

    public required RegimeLimits Limits { get; init; }

    public required RegimeCachePolicy Cache { get; init; }

    /// <value>0 to 1: the part of the population it insures, to order the waves.</value>
    public required double PopulationShare { get; init; }

    /// <value>What makes it likelier or less likely for one person; null when nothing is known.</value>
    public RegimeLikelihoods? Likelihood { get; init; }

    /// <summary>What was announced since, all of it, stands beside what the registry says.</summary>
    public void Announce(IEnumerable<PlannedDowntime> since) => Volatile.Write(ref announced, [.. since]);
}

/// <summary>Factors of the population share. Estimates: they order the waves, and decide nothing.</summary>
/// <param name="Departments">By code of the département where the person is cared for.</param>
/// <param name="Ages">By age of the insured person.</param>
/// <param name="NirStarts">By the first digits of the number.</param>
internal sealed record RegimeLikelihoods(
    IReadOnlyDictionary<string, double>? Departments = null, IReadOnlyList<AgeFactor>? Ages = null, IReadOnlyDictionary<string, double>? NirStarts = null);

/// <param name="From">Years, included.</param>
/// <param name="To">Years, included.</param>
/// <param name="Factor">Above zero.</param>
internal sealed record AgeFactor(int From, int To, double Factor);

/// <param name="SearchByName">Can be asked by names and birth date.</param>
/// <param name="PastDates">Answers for care dates before today.</param>
/// <param name="WorkAccidents">Gives AT/MP numbers.</param>
internal sealed record RegimeCapabilities(bool SearchByName, bool PastDates, bool WorkAccidents);

/// <summary>Every day from <paramref name="From"/> (included) to <paramref name="To"/> (excluded), over midnight when it comes after.</summary>
internal sealed record DailyClosure(TimeOnly From, TimeOnly To);

/// <summary>From one instant (included) to another (excluded): the regime said that it will not answer.</summary>
internal sealed record PlannedDowntime(DateTimeOffset From, DateTimeOffset To, string? Note = null);

/// <param name="Timeout">Of one question, answer read whole.</param>
/// <param name="Concurrency">Questions under way at once, from one process; one more is refused as busy.</param>
/// <param name="PerSecond">Questions a second, from one process, with bursts of as many; null when it sets no limit.</param>
internal sealed record RegimeLimits(TimeSpan Timeout, int Concurrency, int? PerSecond = null);

/// <param name="Found">How long an answer may be kept.</param>
/// <param name="Unknown">How long "unknown here" may be kept.</param>
/// <param name="Stale">How long it may still be shown, marked, when the regime is silent.</param>
/// <param name="ShareAcrossEstablishments">Default no: the regime's own trace would miss the others.</param>
internal sealed record RegimeCachePolicy(TimeSpan Found, TimeSpan Unknown, TimeSpan Stale, bool ShareAcrossEstablishments);

[JsonConverter(typeof(WireName<CodeCertainty>))]
internal enum CodeCertainty
{
    High,
    Medium,
    Low,
}

[JsonConverter(typeof(WireName<RegimeProtocol>))]
internal enum RegimeProtocol
{
    Rest,
    Soap,
    Fhir,
}
