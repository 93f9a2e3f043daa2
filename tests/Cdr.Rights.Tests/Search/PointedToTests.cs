using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.Rights.Tests.Derivation;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Tests.Search;

/// <summary>Open rights are found, and the regime that the person is said to go to hangs.</summary>
public sealed class PointedToTests
{
    [Theory]
    [InlineData("msa", new[] { "cnam", "msa" })]
    // Not of this registry: nobody to wait for.
    [InlineData("elsewhere", new[] { "cnam" })]
    public async Task Open_rights_end_the_search_but_for_the_regime_pointed_to_which_is_awaited_at_rest(string pointedTo, string[] expected)
    {
        await using var world = await RightsWorld.StartAsync();
        // Without the index nothing else is awaited: the search runs here until it rests.
        var host = await world.StartHostAsync(new Dictionary<string, string?> { ["Search:Index"] = "false" });
        var search = ActivatorUtilities.CreateInstance<RegimeSearch>(host.Services, new Impatient(), Options.Create(new SearchOptions()));
        var hangs = new TaskCompletionSource<RegimeFinding>(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> asked = [];
        RegimeRow? silent = null;

        var run = search.RunAsync(Question, (regime, _, _) =>
        {
            asked.Add(regime.Id.Value);
            if (regime.Id.Value == "cnam")
                return Task.FromResult(Said(regime, new RegimeAnswer.Moved(RegimeId.Parse(pointedTo).Value, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddDays(30).DateTime), Known.Rights)));
            if (regime.Id.Value != "msa")
                return Task.FromResult(Said(regime, new RegimeAnswer.Unknown()));
            silent = regime;
            return hangs.Task;
        }, _ => { });

        Assert.Equal(expected, asked);
        Assert.False(run.IsFaulted, "It spins.");
        Assert.Equal(silent is null, run.IsCompleted);
        if (silent is not null)
            hangs.SetResult(Said(silent, new RegimeAnswer.Unavailable(UnavailableReason.Timeout)));
        Assert.Equal(17 - expected.Length, (await run).Count(one => one.Answer is RegimeAnswer.NotAsked { Reason: NotAskedReason.NotNeeded }));
        Assert.Equal(expected, asked);
    }

    private static RegimeFinding Said(RegimeRow regime, RegimeAnswer answer) => new(regime, answer, Freshness.Live, DateTimeOffset.UnixEpoch, 1, null);

    private static Question Question => new()
    {
        Id = Guid.Empty,
        IdIsCallers = false,
        Subject = new RegimeSubject.ByNir(Known.Rights.Insured.Nir),
        // Of the present to every regime's clock, so that none is left out.
        CareDate = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(2).DateTime),
        Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(2).DateTime),
        Reason = ConsultationReason.Emergency,
        Regime = null,
        Refresh = false,
        Caller = new Caller("s", "", "person", "clerk", Finess.Parse("750712184").Value, Department.Parse("75").Value, "", "", ""),
        Sent = "",
        Fingerprint = [],
        At = DateTimeOffset.UnixEpoch,
        Started = 0,
    };

    /// <summary>Every look at it is an hour after the last: patience is always over. Who looks for ever spins.</summary>
    private sealed class Impatient : TimeProvider
    {
        private int looks;

        public override long GetTimestamp() => ++looks < 10_000 ? looks * 3600L * TimestampFrequency : throw new InvalidOperationException("It spins.");
    }
}
