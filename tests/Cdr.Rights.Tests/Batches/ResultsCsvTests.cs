using System.Text;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Batches;
using Cdr.Rights.Features.DownloadBatch;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Batches;

/// <summary>The column of rights says what the answer's headline and sentences say.</summary>
public sealed class ResultsCsvTests
{
    [Fact]
    public async Task State_medical_aid_in_the_place_of_base_rights_is_open_and_is_not_named()
    {
        await using var world = await RightsWorld.StartAsync();
        var bytes = await (await world.Host.AskAsync(new { nir = world.Regimes.People.Case("ame").Nir, reason = "emergency", regime = "cnam" })).BytesAsync();
        var file = Assert.Single(Reading.Answer(bytes).Affiliations);
        Assert.Equal((RightState.Closed, RightState.Open), (file.BaseRights.State, file.Ame.State));
        Assert.NotNull(file.Ame.Start);

        var (table, row) = await TableAsync(bytes);

        Assert.Equal(("ouverts", $"{file.Ame.Start:O}", $"{file.Ame.End:O}"), (row["droits"], row["debut"], row["fin"]));
        Assert.DoesNotContain("AME", table.Split("\r\n")[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Closed_by_one_regime_while_another_is_silent_is_to_be_verified()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        var nir = world.Regimes.People.Case("left").Nir;
        var silent = await (await world.Host.AskAsync(new { nir, reason = "emergency", exhaustive = true })).BytesAsync();
        var alone = await (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cprpf" })).BytesAsync();
        Assert.Equal((ConsultationOutcome.Incomplete, RightState.Closed), Reading.Answer(silent) is var answer ? (answer.Outcome, Assert.Single(answer.Affiliations).BaseRights.State) : default);
        Assert.Equal(ConsultationOutcome.Found, Reading.Answer(alone).Outcome);

        Assert.Equal("à vérifier", (await TableAsync(silent)).Row["droits"]);
        Assert.Equal("non retrouvés à cette date", (await TableAsync(alone)).Row["droits"]);
    }

    private static async Task<(string Text, Dictionary<string, string> Row)> TableAsync(byte[] answer)
    {
        var line = new BatchLine { Batch = Guid.Empty, Line = 1, Consultation = Guid.Empty, Question = [], State = BatchLineState.Answered, NextTry = default };
        using var stream = new MemoryStream();
        await ResultsCsv.WriteAsync(stream, [(line, null, answer)], TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF');
        var lines = text.Split("\r\n");
        // The explanation comes last: it alone may hold a semicolon.
        var names = lines[0].Split(';');
        return (text, names.Zip(lines[1].Split(';', names.Length)).ToDictionary(cell => cell.First, cell => cell.Second));
    }
}
