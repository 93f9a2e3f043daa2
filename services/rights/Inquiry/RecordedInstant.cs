namespace Cdr.Rights.Inquiry;

internal static class RecordedInstant
{
    /// <summary>In whole microseconds, what the journal keeps: a fact told now and the same fact read again later are the same.</summary>
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
