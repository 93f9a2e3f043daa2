using System.Net;
using Cdr.Rights.Tests.Harness;
using Xunit.Sdk;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>A fuzz that meets something says what, and in which round.</summary>
public sealed class HostFuzzTests
{
    [Fact]
    public async Task A_round_that_fails_is_what_is_reported_whatever_the_host_met_meanwhile()
    {
        var reported = await Assert.ThrowsAsync<XunitException>(() => HostFuzz.SeededAsync(3, (host, round) =>
        {
            if (round != 2)
                return Task.FromResult(HttpStatusCode.OK);
            ((Unhandled)host.Services.GetService(typeof(Unhandled))!).Exceptions.Enqueue(new InvalidOperationException("The host's."));
            throw new FormatException("The round's.");
        }));

        Assert.Contains("Round 2, of new Random(2): FormatException: The round's.", reported.Message, StringComparison.Ordinal);
        Assert.Contains("The host met: System.InvalidOperationException: The host's.", reported.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_host_could_not_handle_is_reported_of_rounds_that_were_all_right() =>
        await Assert.ThrowsAnyAsync<XunitException>(() => HostFuzz.SeededAsync(1, (host, _) =>
        {
            ((Unhandled)host.Services.GetService(typeof(Unhandled))!).Exceptions.Enqueue(new InvalidOperationException("The host's."));
            return Task.FromResult(HttpStatusCode.OK);
        }));

    [Fact]
    public async Task Rounds_that_failed_once_are_run_with_the_others_and_statuses_counted()
    {
        List<int> run = [];

        var statuses = await HostFuzz.SeededAsync(2, (_, round) =>
        {
            lock (run)
                run.Add(round);
            return Task.FromResult(round == 77 ? HttpStatusCode.BadRequest : HttpStatusCode.OK);
        }, 77);

        Assert.Equal([0, 1, 77], run.Order());
        Assert.Equal((2, 1), (statuses[200], statuses[400]));
    }
}
