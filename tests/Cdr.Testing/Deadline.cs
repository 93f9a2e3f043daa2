using System.Diagnostics;

namespace Cdr.Testing;

/// <summary>Waits for what happens by itself, never longer than told.</summary>
public static class Deadline
{
    /// <summary>Asks again every 50 ms until true; otherwise fails, saying what did not happen.</summary>
    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="within">The deadline.</param>
    /// <param name="condition">Exceptions of things that are still down count as false; the last one is told.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task UntilAsync(string what, TimeSpan within, Func<Task<bool>> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < within)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (await condition())
                    return;
                last = null;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                last = e;
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new TimeoutException($"Within {within.TotalSeconds:0.#} s this did not happen: {what}.", last);
    }

    /// <summary>The same, for a condition without waiting.</summary>
    public static Task UntilAsync(string what, TimeSpan within, Func<bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return UntilAsync(what, within, () => Task.FromResult(condition()), cancellationToken);
    }
}
