using System.Globalization;
using System.Text.RegularExpressions;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Derivation;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Truth;

/// <summary>
/// Person × care date × kind of care: what the histories of the simulated people say, against what the service answers over the regimes'
/// protocols. <c>truth.tsv</c> is the table; its lines come from <see cref="Oracle"/>, which knows the histories and nothing of the service.
/// </summary>
public sealed partial class TruthTests(TruthTests.World shared) : IClassFixture<TruthTests.World>
{
    private static string File => Path.Combine(AppContext.BaseDirectory, "truth.tsv");

    [Fact]
    public async Task The_table_is_what_the_histories_say()
    {
        var written = Table.Write(shared.People);

        // Changed people or rules: read the difference, then copy this file over the table beside the test.
        await System.IO.File.WriteAllLinesAsync(File + ".received", written, TestContext.Current.CancellationToken);
        Assert.Equal(System.IO.File.Exists(File) ? await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken) : [], written);
    }

    [Fact]
    public async Task The_table_has_every_kind_rule_and_state()
    {
        var lines = (await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken)).Skip(1).ToList();
        var conclusions = lines.SelectMany(line => line.Split('\t')[7].Split(" | ")).ToList();

        Assert.True(lines.Count >= 150, $"{lines.Count} lines");
        Assert.Equal(8, lines.Select(line => line.Split('\t')[3]).Distinct().Count());
        foreach (var what in new[]
        {
            "base open CF611", "base closed CF611", "ame open VF", "ame closed CF612", "c2s open CF612", "c2s closed CF612", "c2s open CP01",
            "exemption-13 open CF613", "exemption-13 closed CF613", "open CP01", "undetermined CF611", "modulation-9 open CF613", "maternity open CF692", "maternity closed CF692",
            "physician open CF614", "physician closed CF614", "physician undetermined CF614", "payment open VF", "cover open VF", "cover undetermined VF", "migrant open MIGRANT", "reference ", "accident ",
        })
            Assert.True(conclusions.Any(one => one.Contains(what, StringComparison.Ordinal)), $"no « {what} » in the table");
        // Every rule that an answer may name. Beyond the horizon nothing can be asked: the day itself is there, with ends that lie after it.
        var rules = typeof(Rule).GetFields().Select(field => (string)field.GetRawConstantValue()!).Except([Rule.Horizon]).ToList();
        Assert.Equal(9, rules.Count);
        Assert.Empty(rules.Except(conclusions.SelectMany(one => one.Split(' '))));
        Assert.Contains(lines, line => line.Split('\t')[5] == Iso(Table.Today.AddYears(1)));
    }

    [Fact]
    public async Task The_service_answers_what_is_true()
    {
        var lines = (await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken)).Skip(1);
        List<string> wrong = [];
        foreach (var line in lines)
        {
            var question = Table.Read(line);
            var answer = await AskAsync(question);
            var expected = line.Split('\t')[7].Split(" | ").Order(StringComparer.Ordinal).ToList();
            var actual = Said(answer).Order(StringComparer.Ordinal).ToList();
            if (!expected.SequenceEqual(actual))
                wrong.Add($"{question}\n    true:  {string.Join(" | ", expected.Except(actual))}\n    said:  {string.Join(" | ", actual.Except(expected))}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(20))}");
    }

    private async Task<ConsultationAnswer> AskAsync(TruthQuestion question)
    {
        var (insured, beneficiary) = Table.Who(shared.People, question);
        return await shared.Rights.Host.AskAsync(new
        {
            nir = insured.Nir, beneficiaryBirthDate = beneficiary.Person.BirthDate.Iso, birthRank = beneficiary.Rank, reason = "patient-absent", regime = question.Regime,
            careKind = question.Kind, prescriptionDate = Iso(question.Prescription), careDate = Iso(question.Care), insuranceNature = question.Nature,
        }).AnswerAsync() is var answer && answer.Affiliations.Any(one => one.Source.Regime == question.Regime)
            ? answer with { Affiliations = [answer.Affiliations.Single(one => one.Source.Regime == question.Regime)] }
            : throw new InvalidOperationException($"{question.Who}: {question.Regime} gave no rights.");
    }

    private static IEnumerable<string> Said(ConsultationAnswer answer)
    {
        if (answer.Reference is { } reference)
            yield return $"reference {Iso(reference.Date)} {reference.Rule} {Dates(reference.Sentence)}";
        var one = answer.Affiliations[0];
        yield return Said("base", one.BaseRights);
        yield return Said("ame", one.Ame);
        yield return Said("c2s", one.C2s);
        foreach (var exemption in one.Exemptions)
            yield return Said($"exemption-{exemption.Code}", exemption);
        foreach (var modulation in one.Modulations)
            yield return Said($"modulation-{modulation.Code}", modulation);
        yield return Said("maternity", one.Maternity);
        var physician = one.AttendingPhysician;
        yield return $"physician {State(physician.State)} {physician.Rule} {Period(physician.Start, physician.End)} {Dates(physician.Sentence)}";
        if (one.FullThirdPartyPayment is { } payment)
            yield return Said("payment", payment);
        if (one.FullCover is { } cover)
            yield return Said("cover", cover);
        if (one.PassingMigrant is { } migrant)
            yield return Said("migrant", migrant);
        foreach (var accident in one.WorkAccidents ?? [])
            yield return $"accident {accident.Number} {Iso(accident.Date) ?? "-"} {Period(accident.Start, accident.End)}";
    }

    private static string Said(string section, Conclusion conclusion) =>
        $"{section} {State(conclusion.State)} {conclusion.Rule} {Period(conclusion.Start, conclusion.End)} {Dates(conclusion.Sentence)}";

    private static string State(RightState state) => state switch { RightState.Open => "open", RightState.Closed => "closed", _ => "undetermined" };

    private static string Period(DateOnly? start, DateOnly? end) => start is null ? "-" : $"{Iso(start)}/{Iso(end) ?? ".."}";

    /// <summary>Every date that a sentence names, in order: the right ones and no other.</summary>
    private static string Dates(string sentence) => $"{{{string.Join(' ', FrenchDate().Matches(sentence).Select(match => match.Value))}}}";

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d\d/\d\d/\d{4}")]
    private static partial Regex FrenchDate();

    /// <summary>The service and the regimes, on the table's day; every regime answers for past dates here, or its people could not be asked about.</summary>
    public sealed class World : IAsyncLifetime
    {
        internal RightsWorld Rights { get; private set; } = null!;

        public SimulatedPeople People => Rights.Regimes.People;

        public async ValueTask InitializeAsync() => Rights = await RightsWorld.StartAsync(new WorldSetup
        {
            Clock = new FakeTimeProvider(new DateTimeOffset(Table.Today, new TimeOnly(10, 0), TimeSpan.Zero)),
            Registry = row => row["capabilities"]!["pastDates"] = true,
        });

        public ValueTask DisposeAsync() => Rights.DisposeAsync();
    }
}
