using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.BadDays;

/// <summary>Every service is replaced in turn while a hundred questions a second are asked: nobody notices.</summary>
public sealed class RollingRestartTests
{
    private const int PerSecond = 100;
    private static readonly string[] Services = ["Sessions", "Rights", "Usage", "Support", "Portal"];
    private readonly ConcurrentQueue<string> failed = new();
    private readonly ConcurrentBag<double> took = new();
    private int asked;
    private volatile string replaced = "nobody";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Not in each run: with programs that were never run before, two cores for all of them and for who asks, and no compiled code, a hundred questions
    // a second are more than they answer (35 a second in the first 20 s), and what fails then says nothing of how services are replaced.
    [Fact]
    [Trait("Category", "Deep")]
    public async Task Every_service_is_replaced_under_a_hundred_questions_a_second_and_none_fails()
    {
        await using var platform = new DistributedPlatform(replaced: true);
        await platform.StartAsync(Cancellation);
        await platform.ReadyAsync(Cancellation);
        await WarmAsync(platform);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var load = LoadAsync(platform, stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(20), Cancellation);
        Console.WriteLine("Steady: " + string.Join(", ", took.Order().Chunk(Math.Max(1, took.Count / 10)).Select(c => (int)c[^1])) + $" ms, under way {Volatile.Read(ref asked) - took.Count}");
        Assert.Empty(failed);

        List<string> told = [];
        foreach (var service in Services)
        {
            replaced = service;
            var (before, began) = (Volatile.Read(ref asked), Stopwatch.StartNew());
            Assert.True(await platform.ReplaceAsync(service, Cancellation), service + " had to be killed");
            // What its last connections met.
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
            told.Add(FormattableString.Invariant($"{service}: {Volatile.Read(ref asked) - before} questions in {began.Elapsed.TotalSeconds:0.0} s, {failed.Count} failed so far"));
        }

        await stop.CancelAsync();
        await load;
        Console.WriteLine("Rolling restart: " + string.Join("; ", told));
        Assert.True(failed.IsEmpty, $"{failed.Count} of {asked} failed: {string.Join("; ", told)}\n{string.Join('\n', failed.GroupBy(one => one).Select(group => $"{group.Count()} × {group.Key}"))}");
    }

    /// <summary>One after the other until they are answered fast: a platform that serves has been asked before.</summary>
    private static async Task WarmAsync(DistributedPlatform platform)
    {
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Kills, Cancellation);
        var watch = Stopwatch.StartNew();
        var fast = 0;
        for (var sent = 1; fast < 100 && watch.Elapsed < TimeSpan.FromMinutes(2); sent++)
        {
            var began = watch.Elapsed;
            using var response = await clerk.AskAsync(Person.Cnam.Question("cnam"), Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
            fast = watch.Elapsed - began < TimeSpan.FromMilliseconds(20) ? fast + 1 : fast;
            if (fast == 100)
                Console.WriteLine($"Warm after {sent} questions and {watch.Elapsed.TotalSeconds:0} s.");
        }
    }

    /// <summary>At its pace, whatever becomes of the ones before: a stall is not hidden by asking less.</summary>
    private async Task LoadAsync(DistributedPlatform platform, CancellationToken stop)
    {
        var clerk = await Clerk.SignInAsync(platform, Clerk.Kills, Cancellation);
        List<Clerk> clerks = [clerk];
        var clock = Stopwatch.StartNew();
        var signedIn = clock.Elapsed;
        List<Task> under = [];
        for (var sent = 0; !stop.IsCancellationRequested; sent++)
        {
            var due = TimeSpan.FromSeconds((double)sent / PerSecond);
            if (due - clock.Elapsed is { Ticks: > 0 } wait)
                await Task.Delay(wait, CancellationToken.None);
            // A token lives for five minutes.
            if (clock.Elapsed - signedIn > TimeSpan.FromMinutes(3))
            {
                clerks.Add(clerk = await Clerk.SignInAsync(platform, Clerk.Kills, Cancellation));
                signedIn = clock.Elapsed;
            }

            var asks = clerk;
            under.Add(Task.Run(() => AskAsync(asks), CancellationToken.None));
        }

        await Task.WhenAll(under);
        clerks.ForEach(one => one.Dispose());
    }

    private async Task AskAsync(Clerk clerk)
    {
        Interlocked.Increment(ref asked);
        var began = Stopwatch.StartNew();
        try
        {
            using var response = await clerk.AskAsync(Person.Cnam.Question("cnam"), CancellationToken.None);
            took.Add(began.Elapsed.TotalMilliseconds);
            if (!response.IsSuccessStatusCode)
                failed.Enqueue($"{replaced}: {(int)response.StatusCode} {JsonDocument.Parse(await response.Content.ReadAsStringAsync(CancellationToken.None)).RootElement.GetProperty("code")}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            failed.Enqueue($"{replaced}: {e.GetType().Name}: {e.Message} {e.InnerException?.Message}");
        }
    }
}
