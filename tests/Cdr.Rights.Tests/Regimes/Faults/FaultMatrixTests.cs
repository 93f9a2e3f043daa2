using System.Net;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Regimes.Faults;

/// <summary>Seventeen regimes, six faults: the outcome is right in each cell.</summary>
public sealed class FaultMatrixTests(FaultMatrixTests.Matrix matrix) : IClassFixture<FaultMatrixTests.Matrix>
{
    private static readonly RegimeMode[] Faults =
        [RegimeMode.Slow, RegimeMode.Reset, RegimeMode.Truncated, RegimeMode.WrongSchema, RegimeMode.Unavailable, RegimeMode.Hanging];

    public static TheoryData<string, RegimeMode> Cells => FaultyRegimes.Cells(Faults);

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_fault_of_a_chosen_regime_is_an_outage_and_never_an_answer(string regime, RegimeMode fault)
    {
        var cell = matrix.Cells[(regime, fault)];

        Assert.Equal(ConsultationOutcome.Found, cell.Healthy.Outcome);
        Assert.All(cell.Known, answer =>
        {
            // Slow but within its time is as good as quick.
            if (fault != RegimeMode.Slow || !cell.IsRight(answer))
                AssertOutage(answer, Reason(fault));
        });
        // What is cut in the middle of a fault says at least that the regime fails.
        var unknown = Recorded.UnknownStatus(regime) == HttpStatusCode.InternalServerError && fault == RegimeMode.Truncated ? "failing" : Reason(fault);
        Assert.All(cell.Nobody, answer => AssertOutage(answer, unknown));
    }

    private static void AssertOutage(ConsultationAnswer answer, string reason)
    {
        Assert.True(Cell.IsIncomplete(answer), $"{answer.Outcome}: {answer.Explanation}");
        Assert.Equal(reason, Cell.ReasonOf(answer));
    }

    private static string Reason(RegimeMode fault) => fault switch
    {
        RegimeMode.Slow or RegimeMode.Hanging => "timeout",
        RegimeMode.Reset or RegimeMode.Unavailable => "failing",
        _ => "unreadable",
    };

    /// <summary>All cells, asked once: seventeen at a time.</summary>
    public sealed class Matrix : IAsyncLifetime
    {
        internal IReadOnlyDictionary<(string Regime, RegimeMode Fault), Cell> Cells { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await using var world = await RightsWorld.StartAsync(new WorldSetup
            {
                Registry = FaultyRegimes.Waited("00:00:08"),
                // The regimes' own patience is tried, not the question's.
                Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:20" },
            });
            Cells = await FaultyRegimes.AskAsync(world, Faults);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
