using System.Globalization;
using Cdr.Domain;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>Dates by the text pattern of a dialect; a lunar birth date follows the same pattern.</summary>
internal sealed class WireDates(DatePattern pattern)
{
    private static readonly DateOnly NoEnd = new(9999, 12, 31);

    public string Write(DateOnly date) => Write(date.Year, date.Month, date.Day);

    public string Write(BirthDate date) => Write(date.Year, date.Month, date.Day);

    /// <exception cref="UnreadableAnswerException">Not a day of the calendar in this pattern.</exception>
    public DateOnly Day(string text, string member) =>
        DateOnly.TryParseExact(Iso(text, member), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new UnreadableAnswerException(member);

    /// <returns>Null for 31 December 9999, which says "no end".</returns>
    public DateOnly? End(string text, string member) => Day(text, member) is var day && day == NoEnd ? null : day;

    /// <exception cref="UnreadableAnswerException">Not in this pattern, or an impossible year.</exception>
    public BirthDate Birth(string text, string member) =>
        BirthDate.Parse(Iso(text, member)).TryGet(out var date, out _) ? date : throw new UnreadableAnswerException(member);

    private string Write(int year, int month, int day) => pattern switch
    {
        DatePattern.French => $"{day:00}/{month:00}/{year:0000}",
        DatePattern.CompactYearFirst => $"{year:0000}{month:00}{day:00}",
        DatePattern.CompactDayFirst => $"{day:00}{month:00}{year:0000}",
        _ => $"{year:0000}-{month:00}-{day:00}",
    };

    private string Iso(string text, string member)
    {
        var (length, separator, yearFirst) = pattern switch
        {
            DatePattern.French => (10, '/', false),
            DatePattern.CompactYearFirst => (8, '\0', true),
            DatePattern.CompactDayFirst => (8, '\0', false),
            _ => (10, '-', true),
        };
        if (text.Length != length)
            throw new UnreadableAnswerException(member);

        var (first, second) = yearFirst ? (4, 6) : (2, 4);
        if (separator != '\0')
        {
            if (text[first] != separator || text[second + 1] != separator)
                throw new UnreadableAnswerException(member);
            text = text.Remove(second + 1, 1).Remove(first, 1);
        }

        if (!text.All(char.IsAsciiDigit))
            throw new UnreadableAnswerException(member);
        return yearFirst ? $"{text[..4]}-{text[4..6]}-{text[6..]}" : $"{text[4..]}-{text[2..4]}-{text[..2]}";
    }
}
