using System.Text;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Journal;

/// <summary><c>journal derive ID</c>, on the store of a service that runs.</summary>
public sealed class DerivingAgainTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026.1")]
    [InlineData("2026.2")]
    [InlineData("2026.3")]
    public async Task A_journaled_answer_is_identical_by_its_own_rules_and_nothing_of_it_is_said(string version)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Services = services => services.AddSingleton(RuleSet.Find(version)!) });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        var run = await ToolRun.RunAsync(world, "derive", answer.Id.ToString());

        Assert.Equal((0, $"Identical: rules {version} draw the same bytes again.{Environment.NewLine}", ""), (run.Code, run.Output, run.Errors));
    }

    [Fact]
    public async Task An_answer_that_its_rules_do_not_give_is_different_and_nothing_of_it_is_said()
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await RewriteAsync(world, answer.Id, body => body.Replace("Droits de base ouverts", "Droits ouverts", StringComparison.Ordinal), withEvidence: true);

        var run = await ToolRun.RunAsync(world, "derive", answer.Id.ToString());

        Assert.Equal((1, ""), (run.Code, run.Errors));
        Assert.StartsWith($"Different: rules {RuleSet.Current.Version} of this program", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Droits", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Affiliations[0].Beneficiary.FamilyName, run.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_answer_without_rights_had_nothing_to_derive_and_one_without_evidence_cannot_be()
    {
        await using var world = await RightsWorld.StartAsync();
        var nobody = await world.Host.AskAsync(new { nir = "1850575113999", reason = "emergency", regime = "cnam" }).AnswerAsync();
        var found = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await RewriteAsync(world, found.Id, body => body, withEvidence: false);

        var (without, old) = (await ToolRun.RunAsync(world, "derive", nobody.Id.ToString()), await ToolRun.RunAsync(world, "derive", found.Id.ToString()));

        Assert.Equal((0, "Nothing was derived: no regime gave rights."), (without.Code, without.Output.Trim()));
        Assert.Equal((2, "", "This answer was written before what it was derived from was kept beside it."), (old.Code, old.Output, old.Errors.Trim()));
    }

    [Fact]
    public async Task What_is_not_there_does_not_open_or_names_other_rules_is_neither()
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var unknown = await ToolRun.RunAsync(world, "derive", Records.NewId().ToString());
        await RewriteAsync(world, answer.Id, body => body.Replace($"\"rulesVersion\":\"{RuleSet.Current.Version}\"", "\"rulesVersion\":\"1999.1\"", StringComparison.Ordinal), withEvidence: true);
        var other = await ToolRun.RunAsync(world, "derive", answer.Id.ToString());
        await using (var db = world.Host.Journal())
            await db.Records.Where(record => record.Id == answer.Id).ExecuteUpdateAsync(set => set.SetProperty(record => record.Payload, new byte[] { 1, 2, 3 }), Cancel);
        var damaged = await ToolRun.RunAsync(world, "derive", answer.Id.ToString());

        Assert.All([unknown, other, damaged], run => Assert.Equal((2, ""), (run.Code, run.Output)));
        Assert.Contains("No answer has this id", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("No rules 1999.1", other.Errors, StringComparison.Ordinal);
        Assert.Contains("did not open", damaged.Errors, StringComparison.Ordinal);
    }

    /// <summary>As whoever holds the key and the database could.</summary>
    private static async Task RewriteAsync(RightsWorld world, Guid id, Func<string, string> change, bool withEvidence)
    {
        var answers = world.Host.Services.GetRequiredService<SealedAnswer>();
        await using var db = world.Host.Journal();
        var record = await db.Records.AsNoTracking().SingleAsync(one => one.Id == id, Cancel);
        var (body, evidence) = answers.Open(id, record.Payload);
        var changed = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(body)));
        var payload = answers.Seal(id, SealedAnswer.Pack(changed, withEvidence ? evidence : [], SealedAnswer.Quick));
        Assert.Equal(1, await db.Records.Where(one => one.Id == id).ExecuteUpdateAsync(set => set.SetProperty(one => one.Payload, payload), Cancel));
    }
}
