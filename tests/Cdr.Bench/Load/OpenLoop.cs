using System.Diagnostics;

namespace Cdr.Bench.Load;

/// <summary>Fixed arrival rate: a slow answer delays no later question, and a question's time runs from when it was due.</summary>
internal static class OpenLoop
{
    /// <summary>Milliseconds of each call, in order of arrival.</summary>
    public static async Task<double[]> RunAsync(double perSecond, int count, Func<int, Task> call)
    {
        var latencies = new double[count];
        var calls = new Task[count];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            var early = due - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero)
                await Task.Delay(early);
            calls[i] = OneAsync(i, due);
        }

        await Task.WhenAll(calls);
        return latencies;

        async Task OneAsync(int i, TimeSpan due)
        {
            // Timers wake late; that lateness is the generator's, not the server's: time runs from the later of due and sent.
            var sent = Stopwatch.GetElapsedTime(start);
            await call(i);
            latencies[i] = (Stopwatch.GetElapsedTime(start) - (sent > due + TimeSpan.FromMilliseconds(20) ? due : sent)).TotalMilliseconds;
        }
    }

    public static double Quantile(double[] values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(part * (sorted.Length - 1) + 0.5)];
    }
}
