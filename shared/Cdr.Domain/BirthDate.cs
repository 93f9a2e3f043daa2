using System.Diagnostics;

namespace Cdr.Domain;

/// <summary>A birth date as the regime knows it: a lunar one (1950-20-00) is kept and transmitted as it is (SFG).</summary>
/// <remarks>Personal: <see cref="ToString"/> is masked. Only <see cref="Iso"/> and the numbers hold the date.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record BirthDate
{
    internal const int EarliestYear = 1850;
    internal const int LatestYear = 2100;

    internal BirthDate(int year, int month, int day)
    {
        Year = year;
        Month = month;
        Day = day;
    }

    /// <value>1850 to 2100.</value>
    public int Year { get; }

    /// <value>0 to 99: impossible in some lunar dates.</value>
    public int Month { get; }

    /// <value>0 to 99: impossible in some lunar dates.</value>
    public int Day { get; }

    /// <value>The month or the day is not one of the calendar. 31 February is lunar too: only the regime can tell.</value>
    public bool IsLunar => Month is < 1 or > 12 || Day < 1 || Day > DateTime.DaysInMonth(Year, Month);

    /// <value>The date to count an age from: 1 January of the year for a lunar date (SFG).</value>
    public DateOnly ForAge => IsLunar ? new DateOnly(Year, 1, 1) : new DateOnly(Year, Month, Day);

    /// <value>Canonical text, <c>yyyy-MM-dd</c>, lunar dates included.</value>
    public string Iso => $"{Year:0000}-{Month:00}-{Day:00}";

    /// <summary>
    /// Reads <c>yyyy-MM-dd</c>, <c>dd/MM/yyyy</c> (the separator may be a dash, a slash, a dot or a space),
    /// <c>yyyyMMdd</c> and <c>ddMMyyyy</c>.
    /// </summary>
    /// <remarks>
    /// Of eight digits that could be read both ways, the reading that is a calendar date wins; when neither is,
    /// the text is refused and the clerk asked for separators.
    /// </remarks>
    public static Parsed<BirthDate> Parse(string? text) => BirthDateReading.Read(text, DateOnly.MaxValue);

    /// <summary>As <see cref="Parse(string?)"/>, of somebody who is asked about: a year mistyped must not look like a person whom nobody knows.</summary>
    /// <param name="text">As written.</param>
    /// <param name="today">The last day on which they can have been born.</param>
    public static Parsed<BirthDate> Parse(string? text, DateOnly today) => BirthDateReading.Read(text, today);

    /// <summary>Whether the birth comes after that day; a lunar date is compared by its year alone.</summary>
    public bool IsAfter(DateOnly day) => IsLunar ? Year > day.Year : ForAge > day;

    /// <summary>Full years on a day; someone born on 29 February has their birthday on the 28th in other years.</summary>
    /// <returns>Negative when the day comes before the birth.</returns>
    public int AgeOn(DateOnly day)
    {
        var years = day.Year - Year;
        return day < ForAge.AddYears(years) ? years - 1 : years;
    }

    /// <summary>Masked: <c>••••-••-••</c>.</summary>
    public override string ToString() => "••••-••-••";
}
