using System.Globalization;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>What is hashed is compared with what the journal has had for years: another text, and no repeated question and no person would be known again.</summary>
public sealed class CanonicalTextTests
{
    private const string Nir = "1800569123001";

    [Fact]
    public async Task The_fingerprint_is_of_every_part_after_its_length()
    {
        await using var world = await RightsWorld.StartAsync();
        var services = world.Host.Services;
        var (reading, pseudonyms) = (services.GetRequiredService<QuestionReading>(), services.GetRequiredKeyedService<Pseudonyms>("Rights"));
        var caller = new Caller("person-1", "session", "person", "clerk", Finess.Parse("750712184").Value, Department.Parse("75").Value, "ght-75", "URG", "emergencies");

        var plain = reading.Read(new ConsultationRequest { Nir = Nir, Reason = "emergency" }, caller, out _)!;
        var whole = reading.Read(
            new ConsultationRequest
            {
                Nir = Nir, BeneficiaryBirthDate = "2010-05-04", BirthRank = 1, Reason = "patient-absent", CareDate = plain.Today.ToString("O", CultureInfo.InvariantCulture), CareKind = "pharmacy",
                PrescriptionDate = plain.Today.ToString("O", CultureInfo.InvariantCulture), InsuranceNature = "10", Exhaustive = true, Refresh = true, WorkflowId = "VENUE-1",
            },
            caller, out var problem);
        var names = reading.Read(new ConsultationRequest { Names = new PersonNames(" Lefèvre", "zoé "), BirthDate = "1980-05-04", Reason = "emergency" }, caller, out _)!;

        Assert.Null(problem);
        var today = plain.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        // No date was sent: it is today's, and tomorrow it is the same question.
        Assert.Equal(pseudonyms.Of("question", $"9:750712184|8:person-1|31:3:nir|13:{Nir}|-1:|-1:||-1:|9:emergency|-1:|1:0|"), plain.Fingerprint);
        Assert.Equal(
            pseudonyms.Of("question", $"9:750712184|8:person-1|41:3:nir|13:{Nir}|10:2010-05-04|1:1||10:{today}|14:patient-absent|-1:|1:1|8:pharmacy|10:{today}|2:10|10:exhaustive|8:workflow|7:VENUE-1|"),
            whole!.Fingerprint);
        Assert.Equal(pseudonyms.Of("question", $"9:750712184|8:person-1|37:4:name|7:LEFÈVRE|3:ZOÉ|10:1980-05-04||-1:|9:emergency|-1:|1:0|"), names.Fingerprint);
        Assert.Equal(pseudonyms.Of("person", $"3:nir|13:{Nir}|"), services.GetRequiredService<RecordWriting>().Filed(whole with { Workflow = null }).Pseudonym);
    }

    [Fact]
    public async Task A_kept_reply_is_found_under_the_key_that_other_builds_gave_it()
    {
        await using var world = await RightsWorld.StartAsync();
        var services = world.Host.Services;
        var nir = world.Regimes.People.Case("cnam").Nir;
        await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var caller = new Caller("person-1", "session", "person", "clerk", Finess.Parse("750712184").Value, Department.Parse("75").Value, "ght-75", "URG", "emergencies");
        var question = services.GetRequiredService<QuestionReading>().Read(new ConsultationRequest { Nir = nir, Reason = "emergency", Regime = "cnam" }, caller, out _)!;
        var (cache, regime) = (services.GetRequiredService<Cdr.Rights.Cache.ReplyCache>(), question.Regime!);
        Cdr.Rights.Cache.KeptBox? box = null;
        await Records.UntilAsync("the reply is kept", async () => (box = await cache.LookAsync(regime, question.ForRegime(regime))) is not null);

        var establishment = regime.Cache.ShareAcrossEstablishments ? "" : "750712184";
        var text = $"cnam\n{establishment}\n{question.CareDate:yyyyMMdd}\n3:nir|13:{nir}|-1:|-1:|";
        Assert.Equal("cdr:reply:" + Convert.ToHexStringLower(services.GetRequiredKeyedService<Pseudonyms>("Rights").Of("cache", text)), box!.Key);
    }

    [Fact]
    public void Absent_and_empty_differ_and_no_text_is_too_long()
    {
        var longest = new string('é', 2000);

        Assert.Equal("-1:|0:|2:ab|", SubjectText.Parts(null, "", "ab"));
        Assert.Equal($"2000:{longest}|", SubjectText.Parts(longest));
    }

    [Fact]
    public void What_each_regime_said_is_written_as_ever()
    {
        RegimeFact[] facts = [.. Enumerable.Range(0, 60).Select(n => new RegimeFact("regime-" + n.ToString(CultureInfo.InvariantCulture), RegimeOutcome.Unknown, n))];
        var expected = new StringBuilder();
        foreach (var fact in facts)
            expected.Append(expected.Length > 0 ? ";" : "").Append(CultureInfo.InvariantCulture, $"{fact.Regime}:{(int)fact.Outcome}:{fact.Milliseconds}");

        Assert.Equal(expected.ToString(), JournalFacts.Write(facts));
        Assert.Equal(facts, JournalFacts.Read(JournalFacts.Write(facts)));
        Assert.Equal("", JournalFacts.Write([]));
    }
}
