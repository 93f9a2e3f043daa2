namespace Cdr.Rights.Regimes;

/// <summary>What is known before the click: whether a regime can be asked this, now. Its clock is Europe/Paris.</summary>
internal static class RegimeSchedule
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private const int MostSteps = 1000;

    private static readonly TimeZoneInfo LastDepartment = TimeZoneInfo.FindSystemTimeZoneById("America/Martinique");

    /// <returns>Null when it can be asked.</returns>
    public static NotAskedReason? WhyNot(RegimeRow regime, RegimeQuestion question, DateTimeOffset now) =>
        !IsInService(regime, now) ? NotAskedReason.NotOpen
        : question.Subject is RegimeSubject.ByName && !regime.Capabilities.SearchByName ? NotAskedReason.NoSearchByName
        // A Caribbean evening is already tomorrow in Paris: a date is past for a regime once it is past in every department.
        : question.CareDate < Today(now, LastDepartment) && !regime.Capabilities.PastDates ? NotAskedReason.NoPastDates
        : DownSince(regime, now) is not null ? NotAskedReason.PlannedDowntime
        : ClosedSince(regime, now) is not null ? NotAskedReason.ClosedNow
        : null;

    /// <summary>Opening and closing days are those of the service, not of the patient's rights: past care dates are asked as well.</summary>
    public static bool IsInService(RegimeRow regime, DateTimeOffset now) =>
        !(Today(now, Paris) < regime.OpenedOn) && !(Today(now, Paris) > regime.ClosedOn);

    /// <summary>Closed for the moment: it is not what it can answer, and it may have been asked before.</summary>
    public static bool IsPassing(NotAskedReason reason) => reason is NotAskedReason.ClosedNow or NotAskedReason.PlannedDowntime;

    /// <returns>The UTC instant at which the announced interruption under way began; null when there is none.</returns>
    public static DateTimeOffset? DownSince(RegimeRow regime, DateTimeOffset now) =>
        Interruption(regime, now)?.From.ToUniversalTime();

    /// <returns>The UTC instant at which the daily closure under way began; null when it is open.</returns>
    public static DateTimeOffset? ClosedSince(RegimeRow regime, DateTimeOffset now) =>
        UnderWay(regime, now) is not { } closure ? null
        : At(Today(now, Paris).AddDays(closure.From <= Time(now) ? 0 : -1), closure.From) is var since && since < now ? since
        : now.ToUniversalTime();

    /// <returns>When it is neither closed nor interrupted any more, as announced, by the clock of Paris; now where it is neither.</returns>
    public static DateTimeOffset AnswersAgain(RegimeRow regime, DateTimeOffset now)
    {
        var again = now;
        // An interruption may go on into a closure, and the other way round; closures that leave no time between them have no end.
        for (var steps = 0; steps < MostSteps && End(again) is { } end; steps++)
            again = end;
        return TimeZoneInfo.ConvertTime(again, Paris);

        DateTimeOffset? End(DateTimeOffset at) =>
            Interruption(regime, at) is { } interrupted ? interrupted.To
            : UnderWay(regime, at) is { } closed ? At(Today(at, Paris).AddDays(closed.To > Time(at) ? 0 : 1), closed.To)
            : null;
    }

    // Of each question and each regime, and nearly always of none: nothing is made for it.
    private static PlannedDowntime? Interruption(RegimeRow regime, DateTimeOffset at)
    {
        var planned = regime.Interruptions;
        for (var index = 0; index < planned.Count; index++)
        {
            if (planned[index].From <= at && at < planned[index].To)
                return planned[index];
        }

        return null;
    }

    // From included, To excluded, over midnight as well.
    private static DailyClosure? UnderWay(RegimeRow regime, DateTimeOffset now) =>
        regime.ClosedDaily.FirstOrDefault(closure => Time(now).IsBetween(closure.From, closure.To));

    // By the clock on the wall: a night may be an hour short, or an hour long. Of an hour that it has twice it is the second one.
    private static DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, Paris.GetUtcOffset(local)).ToUniversalTime();
    }

    private static TimeOnly Time(DateTimeOffset now) => TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(now, Paris).TimeOfDay);

    private static DateOnly Today(DateTimeOffset now, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
}
