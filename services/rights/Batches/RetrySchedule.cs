namespace Cdr.Rights.Batches;

/// <summary>When a line whose regime was silent is asked again. Pure.</summary>
internal static class RetrySchedule
{
    /// <param name="options">How long between two tries, and how long in all.</param>
    /// <param name="tries">How often it was asked.</param>
    /// <param name="consultation">Spreads the lines of a file: a regime that is back is not asked all of them at one moment.</param>
    /// <param name="now">UTC.</param>
    /// <param name="giveUpAt">The last try is then, or in the minutes after it.</param>
    public static DateTimeOffset Next(BatchOptions options, int tries, Guid consultation, DateTimeOffset now, DateTimeOffset giveUpAt)
    {
        var pause = Math.Min(options.LongestRetry.TotalSeconds, options.FirstRetry.TotalSeconds * Math.Pow(2, Math.Clamp(tries - 1, 0, 20)));
        Span<byte> id = stackalloc byte[16];
        consultation.TryWriteBytes(id);
        var place = id[15] / 255.0;
        var next = now + TimeSpan.FromSeconds(pause * (0.8 + 0.4 * place));
        return next < giveUpAt || now >= giveUpAt ? next : giveUpAt + (options.FirstRetry * place);
    }
}
