using System.Globalization;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>A text pattern of yyyy, MM and dd. Dates that do not exist (lunar births) are written and read by it too.</summary>
internal sealed class DatePattern(string pattern)
{
    private readonly int year = pattern.IndexOf("yyyy", StringComparison.Ordinal);
    private readonly int month = pattern.IndexOf("MM", StringComparison.Ordinal);
    private readonly int day = pattern.IndexOf("dd", StringComparison.Ordinal);

    public static DatePattern Iso { get; } = new("yyyy-MM-dd");

    public string Write(DateOnly date) => Write(date.Year, date.Month, date.Day);

    public string Write(BirthDate date) => Write(date.Year, date.Month, date.Day);

    public bool TryReadDay(string text, out DateOnly date)
    {
        date = default;
        if (!TryRead(text, out var read) || read.Month is < 1 or > 12 || read.Year is < 1 || read.Day < 1
            || read.Day > DateTime.DaysInMonth(read.Year, read.Month))
            return false;
        date = new DateOnly(read.Year, read.Month, read.Day);
        return true;
    }

    public BirthDate? ReadBirthDate(string text) =>
        TryRead(text, out var read) && BirthDate.Parse(Iso.Write(read.Year, read.Month, read.Day)).TryGet(out var date, out _) ? date : null;

    private string Write(int years, int months, int days) => string.Create(pattern.Length, (this, pattern, years, months, days), static (text, state) =>
    {
        var (self, pattern, years, months, days) = state;
        pattern.CopyTo(text);
        years.TryFormat(text[self.year..], out _, "0000", CultureInfo.InvariantCulture);
        months.TryFormat(text[self.month..], out _, "00", CultureInfo.InvariantCulture);
        days.TryFormat(text[self.day..], out _, "00", CultureInfo.InvariantCulture);
    });

    private bool TryRead(string text, out (int Year, int Month, int Day) read)
    {
        read = default;
        if (text.Length != pattern.Length)
            return false;
        for (var index = 0; index < text.Length; index++)
            if (char.IsAsciiLetter(pattern[index]) ? !char.IsAsciiDigit(text[index]) : text[index] != pattern[index])
                return false;
        read = (Number(text, year, 4), Number(text, month, 2), Number(text, day, 2));
        return true;
    }

    private static int Number(string text, int start, int length) =>
        int.Parse(text.AsSpan(start, length), NumberStyles.None, CultureInfo.InvariantCulture);
}
