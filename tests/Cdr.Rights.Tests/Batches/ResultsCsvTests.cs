using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Batches;
using Cdr.Rights.Features.DownloadBatch;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Tests.Harness;
using Cdr.Rights.Tests.Statements;

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

    /// <summary>Somebody compares, or picks: a program that reads the table takes nobody's file for it.</summary>
    [Theory]
    [InlineData(ConsultationOutcome.Several, RightState.Open)]
    [InlineData(ConsultationOutcome.Several, RightState.Closed)]
    [InlineData(ConsultationOutcome.Candidates, RightState.Open)]
    [InlineData(ConsultationOutcome.Candidates, RightState.Closed)]
    public async Task Where_somebody_decides_first_no_file_is_the_lines(ConsultationOutcome outcome, RightState first)
    {
        var file = Answers.File("Cnam");
        var answer = Answers.Of(file with { BaseRights = file.BaseRights with { State = first } }, Answers.File("MSA", family: "Tout-Autre")) with { Outcome = outcome };

        var row = (await TableAsync(Bytes(answer))).Row;

        Assert.Equal("à vérifier", row["droits"]);
        Assert.All(["regime", "fraicheur", "nir_assure", "organisme", "debut", "fin"], cell => Assert.Equal("", row[cell]));
        Assert.Equal(outcome == ConsultationOutcome.Several ? "plusieurs dossiers" : "personne à choisir", row["issue"]);
    }

    /// <summary>Of names, while a regime is silent.</summary>
    [Fact]
    public async Task What_may_be_a_homonyms_is_not_the_lines()
    {
        var file = Answers.File("Cnam");
        var answer = Answers.Of(file with { BaseRights = file.BaseRights with { State = RightState.Open } }) with { Outcome = ConsultationOutcome.Incomplete };

        var row = (await TableAsync(Bytes(answer))).Row;

        Assert.Equal("à vérifier", row["droits"]);
        Assert.All(["regime", "fraicheur", "nir_assure", "organisme", "debut", "fin"], cell => Assert.Equal("", row[cell]));
    }

    /// <summary>The page says « à vérifier » of it.</summary>
    [Theory]
    [InlineData(RightState.Open)]
    [InlineData(RightState.Closed)]
    public async Task An_old_reply_is_to_be_verified_whatever_it_says(RightState state)
    {
        var file = Answers.File("Cnam", Freshness.Stale);
        var answer = Answers.Of(file with { BaseRights = file.BaseRights with { State = state } });

        var row = (await TableAsync(Bytes(answer))).Row;

        Assert.Equal(("à vérifier", "ancienne, ne vaut pas preuve", "2550814168025"), (row["droits"], row["fraicheur"], row["nir_assure"]));
    }

    [Fact]
    public async Task One_current_open_file_beside_a_closed_one_of_the_same_person_is_open()
    {
        var old = Answers.File("Cnam");
        var answer = Answers.Of(Answers.File("MSA"), old with { BaseRights = old.BaseRights with { State = RightState.Closed } }) with { Outcome = ConsultationOutcome.Found };

        Assert.Equal("ouverts", (await TableAsync(Bytes(answer))).Row["droits"]);
    }

    private static byte[] Bytes(ConsultationAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, RightsJson.Default.ConsultationAnswer);

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
