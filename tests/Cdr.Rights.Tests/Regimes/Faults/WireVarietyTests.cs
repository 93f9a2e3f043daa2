using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Regimes.Faults;

/// <summary>Answers that are odd rather than absent: what is shown of them is right, or nothing is shown.</summary>
public sealed class WireVarietyTests(WireVarietyTests.Varieties varieties) : IClassFixture<WireVarietyTests.Varieties>
{
    private static readonly RegimeMode[] Faults =
    [
        RegimeMode.Late, RegimeMode.Drip, RegimeMode.Duplicated, RegimeMode.Overlapping, RegimeMode.Contradictory,
        RegimeMode.Encoding, RegimeMode.WrongType, RegimeMode.ErrorInside,
    ];

    public static TheoryData<string, RegimeMode> Cells => FaultyRegimes.Cells(Faults);

    [Theory]
    [MemberData(nameof(Cells))]
    public void An_odd_answer_is_right_or_an_outage(string regime, RegimeMode fault)
    {
        var cell = varieties.Cells[(regime, fault)];

        Assert.All(cell.Known, answer => Assert.True(
            Cell.IsIncomplete(answer) || (MayBeRight(fault) && cell.IsRight(answer)), $"{answer.Outcome} {Cell.ReasonOf(answer)}: {answer.Explanation}"));
        Assert.All(cell.Nobody, answer => Assert.True(
            Cell.IsIncomplete(answer) || (MayBeRight(fault) && answer.Outcome == ConsultationOutcome.NotFound), $"{answer.Outcome}: {answer.Explanation}"));
        if (fault is RegimeMode.Late or RegimeMode.Drip)
            Assert.Equal(["timeout"], cell.Known.Select(Cell.ReasonOf));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Nobody_else_is_ever_shown(string regime, RegimeMode fault)
    {
        var cell = varieties.Cells[(regime, fault)];

        Assert.All(cell.Known, answer => Assert.True(answer.Affiliations is [] || cell.IsRight(answer), answer.Explanation));
        Assert.All(cell.Nobody, answer => Assert.Empty(answer.Affiliations));
    }

    // Said twice alike, one period within another, plain letters in another encoding: the meaning is the same.
    private static bool MayBeRight(RegimeMode fault) => fault is RegimeMode.Duplicated or RegimeMode.Overlapping or RegimeMode.Encoding;

    /// <summary>All cells, asked once: seventeen at a time.</summary>
    public sealed class Varieties : IAsyncLifetime
    {
        internal IReadOnlyDictionary<(string Regime, RegimeMode Fault), Cell> Cells { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await using var world = await RightsWorld.StartAsync(new WorldSetup
            {
                Registry = FaultyRegimes.Waited("00:00:06"),
                Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:20" },
            });
            Cells = await FaultyRegimes.AskAsync(world, Faults);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
