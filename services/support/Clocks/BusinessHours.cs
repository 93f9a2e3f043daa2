using Cdr.Domain;

namespace Cdr.Support.Clocks;

/// <summary>When somebody works: several intervals a day in the time of their place, without its holidays. Written <c>67|1-5 08:30-12:00 13:30-17:30</c>.</summary>
internal sealed class BusinessHours : IEquatable<BusinessHours>
{
    /// <summary>Monday to Friday, without a break.</summary>
    public const string DefaultWeek = "1-5 08:30-17:30";

    /// <summary>Open hours that a week has at least: what is open for less has deadlines that nobody lives to see.</summary>
    public const int LeastHours = 2;

    // The longest objective in the sparsest of weeks that were ever stored; looked at day by day and no further than needed.
    private const int MostDays = 100 * 366;

    private readonly IReadOnlyDictionary<DayOfWeek, IReadOnlyList<OpenInterval>> week;
    private readonly TimeZoneInfo zone;

    private BusinessHours(string place, string text, IReadOnlyDictionary<DayOfWeek, IReadOnlyList<OpenInterval>> week)
    {
        Place = place;
        Text = $"{place}|{text}";
        this.week = week;
        zone = TimeZoneInfo.FindSystemTimeZoneById(Department.Parse(place).TryGet(out var department, out _) ? department.TimeZoneId : "Europe/Paris");
    }

    /// <summary>Those of the national hotline: its holidays are the country's.</summary>
    public static BusinessHours National { get; } = Of("", DefaultWeek);

    /// <summary>Code of the département; empty for the country's own hours and holidays.</summary>
    public string Place { get; }

    /// <summary>As it is stored: an event keeps the hours that it began under.</summary>
    public string Text { get; }

    public static BusinessHours Of(string place, string weekText) =>
        TryRead(place, weekText, out var hours) ? hours : throw new FormatException("Hours are written like « 1-5 08:30-12:00 13:30-17:30; 6 09:00-12:00 », days from 1 (Monday) to 7.");

    /// <summary>From <see cref="Text"/>.</summary>
    public static BusinessHours Parse(string text) => Of(text[..text.IndexOf('|', StringComparison.Ordinal)], text[(text.IndexOf('|', StringComparison.Ordinal) + 1)..]);

    public static bool TryRead(string place, string? weekText, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BusinessHours? hours)
    {
        var known = place.Length == 0 || Department.Exists(place);
        hours = known && OpenInterval.ReadWeek(weekText) is { } week ? new BusinessHours(place, weekText!.Trim(), week) : null;
        return hours is not null;
    }

    /// <summary>The instant at which so much working time has passed: the end of an interval rather than the next one's beginning; of none, the next instant that is worked.</summary>
    public DateTimeOffset Add(DateTimeOffset from, TimeSpan working)
    {
        if (working <= TimeSpan.Zero)
            return NextOpening(from);
        foreach (var (opens, closes) in Openings(from))
        {
            var begins = opens > from ? opens : from;
            if (closes - begins >= working)
                return begins + working;
            working -= closes - begins;
        }

        // Stored before a week had to be open for some hours.
        return from.AddDays(MostDays);
    }

    /// <summary>Working time between two instants.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = TimeSpan.Zero;
        if (to <= from)
            return sum;
        foreach (var (opens, closes) in Openings(from, to))
            sum += (closes < to ? closes : to) - (opens > from ? opens : from);
        return sum;
    }

    /// <summary>Whether its week is open long enough for objectives to mean something.</summary>
    public bool IsEnough => week.Values.Sum(intervals => intervals.Sum(interval => interval.To - interval.From)) >= LeastHours * 60;

    public bool IsOpen(DateTimeOffset at) => Openings(at).First().Opens <= at;

    /// <summary>Now where it is open; otherwise when it opens next.</summary>
    public DateTimeOffset NextOpening(DateTimeOffset at) => Openings(at).First().Opens is var opens && opens > at ? opens : at;

    public bool Equals(BusinessHours? other) => other is not null && other.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as BusinessHours);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>What is open after <paramref name="after"/> and begins before <paramref name="before"/>, in order.</summary>
    private IEnumerable<(DateTimeOffset Opens, DateTimeOffset Closes)> Openings(DateTimeOffset after, DateTimeOffset? before = null)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        var last = day.AddDays(MostDays);
        var closed = after;
        for (; before is not null || day < last; day = day.AddDays(1))
        {
            if (!week.TryGetValue(day.DayOfWeek, out var intervals) || PublicHolidays.Of(Place, day.Year).Contains(day))
            {
                if (before is { } end && Instant(day, 0, isEnd: false) >= end)
                    yield break;
                continue;
            }

            foreach (var interval in intervals)
            {
                var opens = Instant(day, interval.From, isEnd: false);
                var closes = Instant(day, interval.To, isEnd: true);
                if (before is { } end && opens >= end)
                    yield break;
                // Two intervals that meet in the hour that comes twice would both have it.
                if (opens < closed && closes > closed && closed > after)
                    opens = closed;
                if (closes <= closed || closes <= opens)
                    continue;
                closed = closes;
                yield return (opens, closes);
            }
        }
    }

    /// <summary>An hour that does not exist is the instant of the change; one that comes twice opens at its first and closes at its second.</summary>
    private DateTimeOffset Instant(DateOnly day, int minutes, bool isEnd)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        if (!zone.IsAmbiguousTime(local))
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return new DateTimeOffset(local, isEnd ? offsets.Min() : offsets.Max()).ToUniversalTime();
    }
}

/// <summary>Open from one minute of the day to another, which is no longer in it.</summary>
internal readonly record struct OpenInterval(int From, int To)
{
    private const int Day = 24 * 60;

    /// <summary>Null where it is not written as it should be, overlaps itself or never opens.</summary>
    public static IReadOnlyDictionary<DayOfWeek, IReadOnlyList<OpenInterval>>? ReadWeek(string? text)
    {
        var week = new Dictionary<DayOfWeek, IReadOnlyList<OpenInterval>>();
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || ReadDays(words[0]) is not { } days)
                return null;
            var intervals = words[1..].Select(Read).ToList();
            if (intervals.Exists(interval => interval is null))
                return null;
            List<OpenInterval> read = [.. intervals.Select(interval => interval!.Value).OrderBy(interval => interval.From)];
            if (read.Zip(read.Skip(1)).Any(pair => pair.First.To > pair.Second.From) || days.Any(day => !week.TryAdd(day, read)))
                return null;
        }

        return week;
    }

    private static List<DayOfWeek>? ReadDays(string text)
    {
        var (first, last) = text is [var one] ? (one, one) : text is [var from, '-', var to] ? (from, to) : ('0', '0');
        if (first is < '1' or > '7' || last is < '1' or > '7' || last < first)
            return null;
        return [.. Enumerable.Range(first - '0', last - first + 1).Select(day => (DayOfWeek)(day % 7))];
    }

    private static OpenInterval? Read(string text) =>
        text is [_, _, ':', _, _, '-', _, _, ':', _, _] && Minutes(text[..5]) is { } from && Minutes(text[6..]) is { } to && from < to ? new OpenInterval(from, to) : null;

    private static int? Minutes(string text) =>
        text == "24:00" ? Day
        : TimeOnly.TryParseExact(text, "HH:mm", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var time) ? time.Hour * 60 + time.Minute
        : null;
}
