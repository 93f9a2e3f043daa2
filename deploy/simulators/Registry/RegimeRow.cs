using System.Globalization;

namespace Cdr.RegimeSimulator.Registry;

internal sealed record RegimeRow(
    string Id,
    string Name,
    string ShortName,
    IReadOnlyList<string> Codes,
    RegimeCapabilities Capabilities,
    string Protocol,
    Dialect Dialect,
    string Address,
    IReadOnlyList<DailyClosing> ClosedDaily,
    RegimeLimits Limits,
    double PopulationShare)
{
    /// <value>The birth rank tells twins apart here; in every other regime it is the rank in the family (SNDS).</value>
    public bool RanksTwinsOnly => IsGeneral;

    /// <value>Manages AME, and has a caisse in each department.</value>
    public bool IsGeneral => Id == "cnam";
}

internal sealed record RegimeCapabilities(bool SearchByName, bool PastDates, bool WorkAccidents);

/// <param name="Concurrency">What the platform allows itself; the back end stands twice as much.</param>
internal sealed record RegimeLimits(int Concurrency);

/// <summary>How a regime's back end words the protocol: docs/regime-protocols.md, "Dialects".</summary>
internal sealed record Dialect(string? Names, string? Dates, string Codes, string OpenEnd, string Unknown, string? Encoding);

/// <param name="From">First closed minute, <c>HH:mm</c>, Europe/Paris.</param>
/// <param name="To">First open minute, the next day when it comes before <paramref name="From"/>.</param>
internal sealed record DailyClosing(string From, string To)
{
    public bool Contains(TimeOnly time) => time.IsBetween(Parse(From), Parse(To));

    private static TimeOnly Parse(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
}
