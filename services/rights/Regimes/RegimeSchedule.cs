namespace Cdr.Rights.Regimes;

/// <summary>What is known before the click: whether a regime can be asked this, now. Its clock is Europe/Paris.</summary>
internal static class RegimeSchedule
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

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
        regime.Interruptions.FirstOrDefault(planned => planned.From <= now && now < planned.To)?.From.ToUniversalTime();

    /// <returns>The UTC instant at which the daily closure under way began; null when it is open.</returns>
    public static DateTimeOffset? ClosedSince(RegimeRow regime, DateTimeOffset now) =>
        UnderWay(regime, now) is { } closure ? now - (Time(now) - closure.From) : null;

    /// <returns>When it is neither closed nor interrupted any more, as announced, by the clock of Paris; now where it is neither.</returns>
    public static DateTimeOffset AnswersAgain(RegimeRow regime, DateTimeOffset now)
    {
        var again = now;
        // An interruption may go on into a closure, and the other way round.
        while (End(again) is { } end && end < now.AddDays(400))
            again = end;
        return TimeZoneInfo.ConvertTime(again, Paris);

        DateTimeOffset? End(DateTimeOffset at) =>
            regime.Interruptions.FirstOrDefault(planned => planned.From <= at && at < planned.To) is { } interrupted ? interrupted.To
            : UnderWay(regime, at) is { } closed ? at + (closed.To - Time(at))
            : null;
    }

    // From included, To excluded, over midnight as well.
    private static DailyClosure? UnderWay(RegimeRow regime, DateTimeOffset now) =>
        regime.ClosedDaily.FirstOrDefault(closure => Time(now).IsBetween(closure.From, closure.To));

    private static TimeOnly Time(DateTimeOffset now) => TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(now, Paris).TimeOfDay);

    private static DateOnly Today(DateTimeOffset now, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
}
