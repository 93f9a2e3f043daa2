using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.Rights.Tests.Derivation;
using Cdr.Rights.Tests.Harness;
using Cdr.Rights.Tests.Regimes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Tests.Search;

/// <summary>Open rights are found, and the regime that the person is said to go to hangs.</summary>
public sealed class PointedToTests
{
    private const int DoneAfter = 30;

    [Theory]
    // Rights are looked at on the prescription's day, some on the day it is done: the regime of that day is heard.
    [InlineData("msa", 1, new[] { "cnam", "msa" })]
    [InlineData("msa", DoneAfter, new[] { "cnam", "msa" })]
    // Gone after the care: it need not learn of the person.
    [InlineData("msa", DoneAfter + 1, new[] { "cnam" })]
    // Not of this registry: nobody to wait for.
    [InlineData("elsewhere", 1, new[] { "cnam" })]
    public async Task Open_rights_end_the_search_but_for_the_regime_gone_to_by_the_last_day_of_the_care_which_is_awaited_at_rest(string pointedTo, int daysAfterPrescription, string[] expected)
    {
        await using var world = await RightsWorld.StartAsync();
        // Without the index nothing else is awaited: the search runs here until it rests.
        var host = await world.StartHostAsync(new Dictionary<string, string?> { ["Search:Index"] = "false" });
        var search = ActivatorUtilities.CreateInstance<RegimeSearch>(host.Services, new Impatient(), Options.Create(new SearchOptions()));
        var question = Asked.About(new RegimeSubject.ByNir(Known.Rights.Insured.Nir)) with { CareKind = CareKind.Series, Prescription = Asked.Today, CareDate = Asked.Today.AddDays(DoneAfter) };
        var hangs = new TaskCompletionSource<RegimeFinding>(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> asked = [];
        RegimeRow? silent = null;

        var run = search.RunAsync(question, (regime, _, _) =>
        {
            asked.Add(regime.Id.Value);
            if (regime.Id.Value == "cnam")
                return Task.FromResult(Said(regime, new RegimeAnswer.Moved(RegimeId.Parse(pointedTo).Value, Asked.Today.AddDays(daysAfterPrescription), Known.Rights)));
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

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(-1, true, true)]
    [InlineData(0, true, true)]
    [InlineData(1, true, false)]
    // The regime left gives nothing of its own time: nobody else may know.
    [InlineData(1, false, true)]
    public void A_regime_is_pointed_to_by_a_move_until_the_care(int? days, bool rights, bool expected)
    {
        var (msa, care) = (RegimeId.Parse("msa").Value, new Care(Known.Today));
        var moved = Said(Recorded.Row("cnam"), new RegimeAnswer.Moved(msa, days is { } after ? Known.Today.AddDays(after) : null, rights ? Known.Rights : null));
        var findings = new Dictionary<RegimeId, RegimeFinding> { [moved.Regime.Id] = moved };

        Assert.Equal(expected, SearchRule.IsPointedTo(msa, findings, care));
        Assert.False(SearchRule.IsPointedTo(RegimeId.Parse("mgen").Value, findings, care));
    }

    private static RegimeFinding Said(RegimeRow regime, RegimeAnswer answer) => new(regime, answer, Freshness.Live, DateTimeOffset.UnixEpoch, 1, null);

    /// <summary>Every look at it is an hour after the last: patience is always over. Who looks for ever spins.</summary>
    private sealed class Impatient : TimeProvider
    {
        private int looks;

        public override long GetTimestamp() => ++looks < 10_000 ? looks * 3600L * TimestampFrequency : throw new InvalidOperationException("It spins.");
    }
}
