using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cdr.Domain;

/// <summary>The ways a birth date is written.</summary>
internal static partial class BirthDateReading
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789-/. ");

    public static Parsed<BirthDate> Read(string? text, DateOnly latest)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty)
            return Parsed.Invalid<BirthDate>("birth-date-missing", null, "La date de naissance est à saisir.");

        var start = text.AsSpan().IndexOf(trimmed[0]);
        var refused = trimmed.IndexOfAnyExcept(Allowed);
        if (refused >= 0)
            return Parsed.Invalid<BirthDate>("birth-date-character", start + refused,
                "La date de naissance contient un caractère qui ne peut pas y figurer.");

        var written = trimmed.ToString();
        if (YearFirst().Match(written) is { Success: true } yearFirst)
            return Checked(yearFirst, start, latest);
        if (YearLast().Match(written) is { Success: true } yearLast)
            return Checked(yearLast, start, latest);
        return Compact().IsMatch(written)
            ? ReadCompact(written, start, latest)
            : Parsed.Invalid<BirthDate>("birth-date-format", null,
                "La date de naissance s'écrit jour, mois, année sur quatre chiffres, séparés par des barres obliques.");
    }

    private static Parsed<BirthDate> ReadCompact(string digits, int start, DateOnly latest)
    {
        var yearFirst = From(digits[..4], digits[4..6], digits[6..]);
        var yearLast = From(digits[4..], digits[2..4], digits[..2]);
        return (yearFirst, yearLast) switch
        {
            (null, null) => ImpossibleYear(start),
            ({ } only, null) => Born(only, latest, start, start + 4, start + 6),
            (null, { } only) => Born(only, latest, start + 4, start + 2, start),
            // A year of this range read last makes the other reading's month 18 to 21: that one is always lunar.
            (_, { IsLunar: false } calendar) => Born(calendar, latest, start + 4, start + 2, start),
            _ => Parsed.Invalid<BirthDate>("birth-date-ambiguous", null,
                "Cette date de naissance peut se lire de deux façons : saisissez-la avec des barres obliques."),
        };
    }

    private static Parsed<BirthDate> Checked(Match match, int start, DateOnly latest) =>
        From(match.Groups["year"].Value, match.Groups["month"].Value, match.Groups["day"].Value) is { } date
            ? Born(date, latest, start + match.Groups["year"].Index, start + match.Groups["month"].Index, start + match.Groups["day"].Index)
            : ImpossibleYear(start + match.Groups["year"].Index);

    // The place is the first of year, month and day that is too late.
    private static Parsed<BirthDate> Born(BirthDate date, DateOnly latest, int year, int month, int day) => !date.IsAfter(latest)
        ? Parsed.Valid(date)
        : Parsed.Invalid<BirthDate>("birth-date-future", date.Year > latest.Year ? year : date.Month > latest.Month ? month : day,
            "La date de naissance est dans l'avenir : vérifiez-la.");

    private static BirthDate? From(string year, string month, string day) =>
        Number(year) is >= BirthDate.EarliestYear and <= BirthDate.LatestYear and var plausible
            ? new BirthDate(plausible, Number(month), Number(day))
            : null;

    private static Parsed<BirthDate> ImpossibleYear(int position) =>
        Parsed.Invalid<BirthDate>("birth-date-year-impossible", position, "L'année de naissance n'est pas plausible.");

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(?<year>[0-9]{4})(?<separator>[-/. ])(?<month>[0-9]{2})\k<separator>(?<day>[0-9]{2})\z")]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"\A(?<day>[0-9]{2})(?<separator>[-/. ])(?<month>[0-9]{2})\k<separator>(?<year>[0-9]{4})\z")]
    private static partial Regex YearLast();

    [GeneratedRegex(@"\A[0-9]{8}\z")]
    private static partial Regex Compact();
}
