using System.Collections.Concurrent;

namespace Cdr.Domain;

/// <summary>Public holidays, national and of the place (Code du travail, L3133-1, L3134-13 and L3422-2).</summary>
public static class PublicHolidays
{
    private static readonly ConcurrentDictionary<(int Year, string Law), HashSet<DateOnly>> Years = new();

    /// <summary>The public holidays of a département in a year; of a code that is none, those of the whole country.</summary>
    public static IReadOnlySet<DateOnly> Of(string department, int year) =>
        Years.GetOrAdd((year, LawOf(department)), static key => [.. Everywhere(key.Year), .. OfLaw(key.Law, key.Year)]);

    private static string LawOf(string department) => department switch
    {
        "57" or "67" or "68" => "alsace-moselle",
        "971" or "972" or "973" or "974" or "976" => department,
        _ => "",
    };

    private static IEnumerable<DateOnly> Everywhere(int year)
    {
        var easter = Easter(year);
        return
        [
            new(year, 1, 1), easter.AddDays(1), new(year, 5, 1), new(year, 5, 8), easter.AddDays(39), easter.AddDays(50),
            new(year, 7, 14), new(year, 8, 15), new(year, 11, 1), new(year, 11, 11), new(year, 12, 25),
        ];
    }

    private static IEnumerable<DateOnly> OfLaw(string law, int year) => law switch
    {
        // Good Friday where there is a Protestant church or a shared one, which every hospital's town has.
        "alsace-moselle" => [Easter(year).AddDays(-2), new(year, 12, 26)],
        // The abolition of slavery.
        "971" => [new(year, 5, 27)],
        "972" => [new(year, 5, 22)],
        "973" => [new(year, 6, 10)],
        "974" => [new(year, 12, 20)],
        "976" => [new(year, 4, 27)],
        _ => [],
    };

    /// <summary>Gregorian Easter, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8).</summary>
    private static DateOnly Easter(int year)
    {
        var a = year % 19;
        var (b, c) = Math.DivRem(year, 100);
        var (d, e) = Math.DivRem(b, 4);
        var f = (b + 8) / 25;
        var g = (b - f + 1) / 3;
        var h = (19 * a + b - d - g + 15) % 30;
        var (i, k) = Math.DivRem(c, 4);
        var l = (32 + 2 * e + 2 * i - h - k) % 7;
        var m = (a + 11 * h + 22 * l) / 451;
        var (month, day) = Math.DivRem(h + l - 7 * m + 114, 31);
        return new DateOnly(year, month, day + 1);
    }
}
