using System.Reflection;
using System.Text.Json.Nodes;
using Cdr.Domain;
using Cdr.Rights.Derivation;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>What each version said when it was new is what it says today: a rule, a sentence, a label or a switch that is edited under an existing number is seen.</summary>
public sealed class FrozenRulesTests
{
    public static TheoryData<string> Versions => [.. RuleSet.All.Select(rules => rules.Version)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_version_says_what_it_said(string version)
    {
        var kept = FrozenRecord.PathOf(version);
        if (!File.Exists(kept))
        {
            // Only of a version that has none: one that is there is never made again.
            Directory.CreateDirectory(FrozenRecord.Folder);
            File.WriteAllText(kept + ".received", FrozenRecord.Write(RuleSet.Find(version)!));
            Assert.Fail($"Rules {version} have no frozen record. Read {kept}.received, then keep it as tests/Cdr.Rights.Tests/Derivation/Frozen/{version}.json, for good.");
        }

        var records = FrozenRecord.Read(version);
        var different = records.SelectMany(record => record.Differences(record.DeriveAgain())).ToList();

        Assert.True(records.Count > 80, $"{records.Count} cases");
        Assert.All(records, record => Assert.Equal(version, record.Answer["rulesVersion"]!.GetValue<string>()));
        Assert.True(
            different.Count == 0,
            $"Rules {version} have answered, and no longer say what they said. Give the rules a new version: leave {version} as it was, put what is new behind a switch of RuleSet, and freeze the new version too.\n"
            + string.Join('\n', different.Take(20)));
    }

    [Fact]
    public void A_version_that_has_answered_stays_known() =>
        Assert.Empty(Directory.EnumerateFiles(FrozenRecord.Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Except(RuleSet.All.Select(rules => rules.Version)));

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_record_of_a_version_sees_each_of_its_switches(string version)
    {
        var (rules, records) = (RuleSet.Find(version)!, FrozenRecord.Read(version));

        foreach (var one in typeof(RuleSet).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(one => one.PropertyType == typeof(bool)))
        {
            var turned = rules with { };
            one.SetValue(turned, !(bool)one.GetValue(rules)!);
            Assert.True(records.Any(record => !JsonNode.DeepEquals(record.By(turned), record.By(rules))), $"{one.Name} could be turned in {version} unseen: add a case.");
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_record_of_a_version_has_every_rule_kind_of_care_and_code(string version)
    {
        var records = FrozenRecord.Read(version);
        var text = File.ReadAllText(FrozenRecord.PathOf(version));

        var known = typeof(Rule).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(rule => RuleSet.Find(version)!.NamesMigrants || rule != Rule.PassingMigrant);
        Assert.All(known, rule => Assert.Contains($"\"rule\":\"{rule}\"", text, StringComparison.Ordinal));
        Assert.Empty(CareKind.All.Select(kind => kind.Id).Except(records.Select(record => record.Answer["reference"]?["kind"]?.GetValue<string>())));
        Assert.Empty(InsuranceNature.All.Select(nature => nature.Code).Except(records.Select(record => record.From["nature"]?.GetValue<string>())));
        Assert.Empty(Exemption.All.Select(one => one.Code).Except(Codes("exemptions")));
        Assert.Empty(Modulation.All.Select(one => one.Code).Except(Codes("modulations")));
        Assert.Empty(SpecialSituation.All.Select(one => one.Code).Except(Said("c2s").Concat(Said("ame")).Select(one => one["code"]?.GetValue<string>())));

        IEnumerable<JsonNode> Said(string section) => records.Select(record => record.Answer["affiliations"]![0]![section]!);
        IEnumerable<string?> Codes(string section) => Said(section).SelectMany(list => list.AsArray()).Select(one => one!["code"]?.GetValue<string>());
    }
}
