using System.Collections.Concurrent;
using System.Net;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.BadDays;

public sealed class KillTests(Platforms platforms)
{
    private const int Callers = 8;
    private const int Enough = 100;
    private readonly ConcurrentDictionary<Guid, byte[]> answered = new();
    private readonly ConcurrentBag<Guid> attempted = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task Every_answer_that_left_before_a_kill_is_in_the_journal_byte_for_byte_and_counted_once(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Kills, Cancellation);
        var before = await clerk.CountedAsync(Cancellation);
        var rights = platform.Of("Rights");

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var load = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => AskOnAndOnAsync(clerk, stop.Token), Cancellation)).ToList();
        await Deadline.UntilAsync($"{Enough} answers left", TimeSpan.FromSeconds(180), () => answered.Count >= Enough, Cancellation);
        await rights.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await rights.StartAsync(cancellationToken: Cancellation);

        var journaled = 0;
        foreach (var id in attempted)
        {
            using var read = await ReadWhenBackAsync(platform, clerk, id);
            if (answered.TryGetValue(id, out var left))
            {
                Assert.Equal(HttpStatusCode.OK, read.StatusCode);
                Assert.Equal(left, await read.Content.ReadAsByteArrayAsync(Cancellation));
            }

            if (read.StatusCode == HttpStatusCode.OK)
                journaled++;
            else
                Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        }

        Assert.True(answered.Count >= Enough);
        await Deadline.UntilAsync($"{journaled} consultations are counted, no more and no less", TimeSpan.FromSeconds(180),
            async () => await clerk.CountedAsync(Cancellation) == before + journaled, Cancellation);
    }

    private async Task AskOnAndOnAsync(Clerk clerk, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // One regime, soon from the cache: as many commits as there can be when the process dies.
            var question = Person.Cnam.Question("cnam");
            attempted.Add(question.Id!.Value);
            try
            {
                using var response = await clerk.AskAsync(question, stop);
                if (response.StatusCode == HttpStatusCode.OK)
                    answered[question.Id.Value] = await response.Content.ReadAsByteArrayAsync(stop);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The answer did not leave whole: nothing was promised.
            }
        }
    }

    /// <summary>The door may still find connections of before the kill.</summary>
    private static async Task<HttpResponseMessage> ReadWhenBackAsync(IPlatform platform, Clerk clerk, Guid id)
    {
        HttpResponseMessage? response = null;
        await Deadline.UntilAsync($"{platform.Door} answers about {id}", TimeSpan.FromSeconds(120), async () =>
        {
            response?.Dispose();
            response = await clerk.ReadAsync(id, Cancellation);
            return (int)response.StatusCode < 500;
        }, Cancellation);
        return response!;
    }
}
