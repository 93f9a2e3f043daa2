using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>Journaled answers, derived again from what is sealed beside them.</summary>
public sealed class DerivingAgainTests
{
    public static TheoryData<string> Versions => [.. RuleSet.All.Select(rules => rules.Version)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Every_case_gives_the_same_bytes_under_the_rules_that_answered(string version)
    {
        await using var world = await StartAsync(version);
        foreach (var question in world.Regimes.People.Cases.SelectMany(one => one.Questions).Where(one => one is { Nir: not null, Outcome: CaseOutcome.Found, Regime: not null }))
            await AskAsync(world, new
            {
                nir = question.Nir, reason = "state-medical-aid", regime = question.Regime, careDate = question.CareDate?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                beneficiaryBirthDate = question.BeneficiaryBirthDate?.Iso, birthRank = question.BirthRank,
            });
        await AskAsync(world, new { nir = world.Regimes.People.Case("moved").Nir, reason = "invoice-rejected", careDate = "2023-06-30" });
        await AskAsync(world, new { nir = world.Regimes.People.Case("two-regimes").Nir, reason = "emergency" });
        await AskAsync(world, new
        {
            nir = world.Regimes.People.Case("maternity").Nir, reason = "emergency", careDate = "2026-04-20",
            careKind = "series", prescriptionDate = "2026-01-20", insuranceNature = "30",
        });

        Assert.True((await AnsweredAsync(world)).Count > 60);
        foreach (var (_, body, evidence) in await AnsweredAsync(world))
        {
            Assert.Equal(version, Reading.Answer(body).RulesVersion);
            Assert.Equal(Encoding.UTF8.GetString(body), Encoding.UTF8.GetString(Evidence.DeriveAgain(body, evidence!)));
        }
    }

    [Fact]
    public async Task An_old_answer_is_not_what_the_rules_of_today_would_say()
    {
        await using var world = await StartAsync("2026.1");
        await AskAsync(world, new { nir = world.Regimes.People.Case("ame").Nir, reason = "emergency", regime = "cnam" });
        var (_, body, evidence) = Assert.Single(await AnsweredAsync(world));

        var asToday = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("2026.1", RuleSet.Current.Version, StringComparison.Ordinal));

        Assert.NotEqual(Encoding.UTF8.GetString(asToday), Encoding.UTF8.GetString(Evidence.DeriveAgain(asToday, evidence!)));
    }

    [Fact]
    public async Task What_is_sealed_beside_an_answer_never_leaves_with_it()
    {
        await using var world = await StartAsync(RuleSet.Current.Version);
        var id = Records.NewId();
        var body = await AskAsync(world, new { id, nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" });

        var (_, stored, evidence) = Assert.Single(await AnsweredAsync(world));

        Assert.Equal(body, stored);
        Assert.Equal(body, await (await world.Host.GetAsync($"/api/consultations/{id}")).BytesAsync());
        Assert.Contains("basePeriods", Encoding.UTF8.GetString(evidence!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_sealed_in_the_first_form_opens_as_it_was(bool withEvidence)
    {
        await using var world = await StartAsync(RuleSet.Current.Version);
        var (id, body, evidence) = (Records.NewId(), """{"id":"1"}"""u8.ToArray(), """{"files":[]}"""u8.ToArray());
        byte[] whole = withEvidence ? [.. body, .. evidence, 0, 0, 0, (byte)body.Length, 1] : body;
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(whole.Length)];
        Assert.True(BrotliEncoder.TryCompress(whole, compressed, out var length, quality: 0, window: 16));
        var payload = world.Host.Services.GetRequiredKeyedService<Sealer>("Rights").Seal("journal", id.ToByteArray(bigEndian: true), compressed.AsSpan(0, length));

        var opened = world.Host.Services.GetRequiredService<SealedAnswer>().Open(id, payload);

        Assert.Equal(body, opened.Body);
        Assert.Equal(withEvidence ? evidence : null, opened.Evidence);
    }

    [Fact]
    public async Task An_answer_without_rights_has_nothing_to_derive()
    {
        await using var world = await StartAsync(RuleSet.Current.Version);
        var body = await AskAsync(world, new { nir = "1850575113999", reason = "emergency", regime = "cnam" });

        var (_, stored, evidence) = Assert.Single(await AnsweredAsync(world));

        Assert.Equal(body, stored);
        Assert.Null(evidence);
    }

    [Fact]
    public void Rules_that_are_not_known_are_refused()
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ConsultationAnswer
            {
                Id = Guid.Empty, AnsweredAt = default, CareDate = default, Reason = "emergency", Outcome = ConsultationOutcome.NotFound, Headline = "", Explanation = "",
                NextSteps = [], RulesVersion = "1999.1", Affiliations = [], Candidates = [], Regimes = [], Missing = [],
            },
            RightsJson.Wire.ConsultationAnswer);

        Assert.Throws<InvalidDataException>(() => Evidence.DeriveAgain(body, """{"today":"2026-11-23","files":[]}"""u8));
    }

    private static Task<RightsWorld> StartAsync(string version) =>
        RightsWorld.StartAsync(new WorldSetup { Services = services => services.AddSingleton(RuleSet.Find(version)!) });

    private static async Task<byte[]> AskAsync(RightsWorld world, object question) => await (await world.Host.AskAsync(question)).BytesAsync();

    private static async Task<List<(Guid Id, byte[] Body, byte[]? Evidence)>> AnsweredAsync(RightsWorld world)
    {
        var answers = world.Host.Services.GetRequiredService<SealedAnswer>();
        await using var db = world.Host.Journal();
        return
        [
            .. db.Records.Where(record => record.Kind == RecordKind.Answered).AsEnumerable().Select(record =>
            {
                var (body, evidence) = answers.Open(record.Id, record.Payload);
                return (record.Id, body, evidence);
            }),
        ];
    }
}
