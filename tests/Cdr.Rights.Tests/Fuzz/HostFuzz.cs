using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Cdr.Rights.Tests.Harness;
using Xunit.Sdk;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>Rounds against the real host, eight at once. What is reported of a round that fails is that round, whatever the host says when it is stopped.</summary>
internal static class HostFuzz
{
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>Rounds 0 to <paramref name="rounds"/>, and those that failed once.</summary>
    /// <returns>How often each status was answered, by its number.</returns>
    public static Task<int[]> SeededAsync(int rounds, Func<RightsHost, int, Task<HttpStatusCode>> round, params IEnumerable<int> failedOnce) =>
        InAWorldAsync(async host =>
        {
            var statuses = new int[600];
            await Parallel.ForEachAsync(Enumerable.Range(0, rounds).Concat(failedOnce), AtOnce, async (number, _) =>
                Interlocked.Increment(ref statuses[(int)await Round.OfAsync(number, () => round(host, number))]));
            return statuses;
        });

    /// <summary>Other rounds each time, for as long as a deep run lasts.</summary>
    public static Task LongAsync(Func<RightsHost, int, Task<HttpStatusCode>> round) =>
        InAWorldAsync(async host =>
        {
            var clock = Stopwatch.StartNew();
            for (var number = RandomNumberGenerator.GetInt32(int.MaxValue / 2); clock.Elapsed < Round.Long; number += 100)
                await Parallel.ForEachAsync(Enumerable.Range(number, 100), AtOnce, async (one, _) => await Round.OfAsync(one, () => round(host, one)));
            return true;
        });

    private static async Task<T> InAWorldAsync<T>(Func<RightsHost, Task<T>> rounds)
    {
        var world = await RightsWorld.StartAsync();
        T result = default!;
        Exception? failed = null;
        try
        {
            result = await rounds(world.Host);
        }
        catch (Exception e)
        {
            var met = ((Unhandled)world.Host.Services.GetService(typeof(Unhandled))!).Exceptions;
            failed = met.IsEmpty ? e : new XunitException($"{e.Message}\nThe host met: {string.Join('\n', met)}", e);
        }

        try
        {
            await world.DisposeAsync();
        }
        catch (Exception) when (failed is not null)
        {
            // That the host met something is said with the round.
        }

        return failed is null ? result : throw failed;
    }
}
