using System.Globalization;

namespace Cdr.Domain;

/// <summary>Days during which something holds, both ends included.</summary>
public sealed record CarePeriod
{
    private const string Iso = "yyyy-MM-dd";
    private const string OpenEnd = "..";

    private CarePeriod(DateOnly start, DateOnly? end)
    {
        Start = start;
        End = end;
    }

    /// <value>First day.</value>
    public DateOnly Start { get; }

    /// <value>Last day; null when no end is known.</value>
    public DateOnly? End { get; }

    public static Parsed<CarePeriod> Create(DateOnly start, DateOnly? end = null) => end < start
        ? Parsed.Invalid<CarePeriod>("care-period-end-before-start", null, "La fin de la période précède son début.")
        : Parsed.Valid(new CarePeriod(start, end));

    /// <summary>Reads <c>2026-01-01/2026-12-31</c>, or <c>2026-01-01/..</c> when there is no end (ISO 8601-2).</summary>
    public static Parsed<CarePeriod> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Parsed.Invalid<CarePeriod>("care-period-missing", null, "La période est à préciser.");

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryDay(text.AsSpan(0, slash), out var start))
            return Parsed.Invalid<CarePeriod>("care-period-start", 0, "Le début de la période n'est pas une date.");

        var ending = text.AsSpan(slash + 1).Trim();
        if (ending.IsEmpty || ending.SequenceEqual(OpenEnd))
            return Create(start);
        if (!TryDay(ending, out var end))
            return Parsed.Invalid<CarePeriod>("care-period-end", slash + 1, "La fin de la période n'est pas une date.");

        return end < start
            ? Parsed.Invalid<CarePeriod>(Create(start, end).Error! with { Position = slash + 1 })
            : Create(start, end);
    }

    public bool Contains(DateOnly day) => Start <= day && !(End < day);

    /// <summary>Whether the two have at least one day in common.</summary>
    public bool Overlaps(CarePeriod other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return !(End < other.Start) && !(other.End < Start);
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        $"{Start.ToString(Iso, CultureInfo.InvariantCulture)}/{End?.ToString(Iso, CultureInfo.InvariantCulture) ?? OpenEnd}";

    private static bool TryDay(ReadOnlySpan<char> text, out DateOnly day) =>
        DateOnly.TryParseExact(text.Trim(), Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
