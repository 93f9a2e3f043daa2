using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>An answer prepared from a kept reply is the answer that would have been made of it.</summary>
public sealed partial class PreparedAnswerTests(TestServers servers)
{
    private const byte WithPrepared = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task For_every_case_it_is_the_same_bytes_and_is_derived_again_from_what_is_sealed_beside_it()
    {
        await using var world = await StartAsync();
        var caller = new TestCaller();
        var asked = 0;
        var cache = world.Host.Services.GetRequiredService<Cdr.Rights.Cache.ReplyCache>();
        foreach (var one in world.Regimes.People.Cases.SelectMany(c => c.Questions).Where(q => q is { Nir: not null, Outcome: CaseOutcome.Found, Regime: not null })
                     .DistinctBy(q => (q.Nir, q.Regime, q.CareDate, q.BeneficiaryBirthDate, q.BirthRank)))
        {
            var question = new
            {
                nir = one.Nir, reason = "state-medical-aid", regime = one.Regime, careDate = one.CareDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                beneficiaryBirthDate = one.BeneficiaryBirthDate?.Iso, birthRank = one.BirthRank,
            };
            var before = await PreparedAsync(world);
            // A departure is not prepared.
            if ((await world.Host.AskAsync(question, caller).AnswerAsync()).Regimes[0].Outcome != RegimeOutcome.Found)
                continue;
            byte[] made = [];
            await Records.UntilAsync($"an answer is prepared for {one.Regime} {one.CareDate}", async () =>
            {
                made = await (await world.Host.AskAsync(question, caller)).BytesAsync();
                await Records.UntilAsync("all is stored", () => cache.Underway == 0);
                return await PreparedAsync(world) > before;
            });
            await ForgetRepliesAsync(world);

            var prepared = await (await world.Host.AskAsync(question, caller)).BytesAsync();

            Assert.Equal(Alike(made), Alike(prepared));
            Assert.NotEqual(Reading.Answer(made).Id, Reading.Answer(prepared).Id);
            asked++;
        }

        Assert.True(asked > 25, $"{asked} cases");
        var sealedAnswer = world.Host.Services.GetRequiredService<SealedAnswer>();
        await using var db = world.Host.Journal();
        foreach (var record in db.Records.Where(r => r.Kind == RecordKind.Answered).AsEnumerable())
        {
            var (body, evidence) = sealedAnswer.Open(record.Id, record.Payload);
            Assert.Equal(record.Id, Reading.Answer(body).Id);
            Assert.Equal(Encoding.UTF8.GetString(body), Encoding.UTF8.GetString(Evidence.DeriveAgain(body, evidence!)));
        }
    }

    [Fact]
    public async Task It_is_given_only_for_the_circumstances_it_was_made_for()
    {
        await using var world = await StartAsync();
        var (caller, nir) = (new TestCaller(), world.Regimes.People.Case("maternity").Nir);
        await PrepareAsync(world, caller, new { nir, reason = "emergency", regime = "cnam" });

        // One reply, kept under the reference date: other circumstances are other answers.
        Assert.Equal("patient-absent", (await world.Host.AskAsync(new { nir, reason = "patient-absent", regime = "cnam" }, caller).AnswerAsync()).Reason);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(TimeProvider.System.GetUtcNow(), "Europe/Paris").DateTime);
        var isolated = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", careKind = "isolated-act" }, caller).AnswerAsync();
        Assert.Equal("isolated-act", isolated.Reference?.Kind);
        var maternity = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", insuranceNature = "30" }, caller).AnswerAsync();
        Assert.NotNull(maternity.Affiliations[0].FullCover);
        Assert.Null((await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }, caller).AnswerAsync()).Reference);
        Assert.Equal(today, isolated.CareDate);
        Assert.Equal(1, world.Regimes.Calls("cnam"));
    }

    [Fact]
    public async Task Other_rules_do_not_give_what_these_rules_prepared()
    {
        var redis = (await servers.RedisAsync()).CreateDatabase();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Redis = redis });
        var (caller, nir) = (new TestCaller(), world.Regimes.People.Case("ame").Nir);
        await PrepareAsync(world, caller, new { nir, reason = "emergency", regime = "cnam" });
        var old = RuleSet.All.First(rules => rules.Version != RuleSet.Current.Version);
        var made = Reading.Answer(await (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }, caller)).BytesAsync());

        var again = new PreparedAnswers(old, world.Host.Services.GetRequiredService<RegimeRegistry>(), world.Host.Services.GetRequiredService<SealedAnswer>(), TimeProvider.System);
        var same = ActivatorUtilities.CreateInstance<PreparedAnswers>(world.Host.Services);
        var (question, bytes, regime) = await TakePreparedAsync(world, nir, caller);

        Assert.Equal(RuleSet.Current.Version, made.RulesVersion);
        Assert.NotNull(same.For(question, regime, bytes));
        Assert.Null(again.For(question, regime, bytes));
    }

    [Fact]
    public async Task It_ends_with_the_reply_it_was_made_of()
    {
        await using var world = await StartAsync();
        var (caller, nir) = (new TestCaller(), world.Regimes.People.Case("cnam").Nir);
        await PrepareAsync(world, caller, new { nir, reason = "emergency", regime = "cnam" });
        var (question, bytes, regime) = await TakePreparedAsync(world, nir, caller);
        var registry = world.Host.Services.GetRequiredService<RegimeRegistry>();
        var sealedAnswer = world.Host.Services.GetRequiredService<SealedAnswer>();
        var source = Reading.Answer(await (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }, caller)).BytesAsync()).Affiliations[0].Source;
        var end = source.ReliableUntil!.Value;

        PreparedAnswer? At(DateTimeOffset now) => new PreparedAnswers(RuleSet.Current, registry, sealedAnswer, new FakeTimeProvider(now)).For(question, regime, bytes);

        var last = At(end - TimeSpan.FromMilliseconds(1));
        Assert.Equal((long)(end - TimeSpan.FromMilliseconds(1) - source.ObtainedAt).TotalSeconds, Reading.Answer(last!.Body).Affiliations[0].Source.AgeSeconds);
        Assert.Null(At(end + TimeSpan.FromMicroseconds(1)));
    }

    [Fact]
    public async Task A_fresh_reply_and_a_change_told_by_the_regime_take_it_away()
    {
        await using var world = await StartAsync();
        var (caller, nir) = (new TestCaller(), world.Regimes.People.Case("cnam").Nir);
        var question = new { nir, reason = "emergency", regime = "cnam" };
        await PrepareAsync(world, caller, question);

        var live = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", refresh = true }, caller).AnswerAsync();
        await Records.UntilAsync("the fresh reply is kept", async () => await PreparedAsync(world) == 0);
        Assert.Equal(live.Affiliations[0].Source.ObtainedAt, (await world.Host.AskAsync(question, caller).AnswerAsync()).Affiliations[0].Source.ObtainedAt);

        await Records.UntilAsync("an answer is prepared again", async () =>
        {
            await world.Host.AskAsync(question, caller).AnswerAsync();
            return await PreparedAsync(world) == 1;
        });
        await world.Host.Services.GetRequiredService<Cdr.Rights.Cache.ReplyCache>().ForgetAsync(
            world.Host.Services.GetRequiredService<RegimeRegistry>().Rows.Single(r => r.Id.Value == "cnam"), [Cdr.Domain.Nir.Parse(nir).Value], Cancel);
        Assert.Equal(0, await PreparedAsync(world));
        Assert.Equal(Freshness.Live, (await world.Host.AskAsync(question, caller).AnswerAsync()).Affiliations[0].Source.Freshness);
    }

    [Fact]
    public async Task Beside_another_persons_reply_it_is_not_believed()
    {
        await using var world = await StartAsync();
        var caller = new TestCaller();
        var (camille, malo) = (world.Regimes.People.Case("cnam").Nir, world.Regimes.People.Cases.Single(c => c.Title == "Médecin traitant daté").Questions[0].Nir);
        await PrepareAsync(world, caller, new { nir = camille, reason = "emergency", regime = "cnam" });
        await PrepareAsync(world, caller, new { nir = malo, reason = "emergency", regime = "cnam" });
        var database = await DatabaseAsync(world);
        var kept = await RepliesAsync(world);
        var (one, two) = (kept[0].Value, kept[1].Value);
        await database.StringSetAsync(kept[0].Key, Cdr.Rights.Cache.KeptBox.Join(Cdr.Rights.Cache.KeptBox.Reply(one), Prepared(two)), TimeSpan.FromHours(1));
        await database.StringSetAsync(kept[1].Key, Cdr.Rights.Cache.KeptBox.Join(Cdr.Rights.Cache.KeptBox.Reply(two), Prepared(one)), TimeSpan.FromHours(1));

        foreach (var nir in (string?[])[camille, malo])
        {
            var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }, caller).AnswerAsync();
            Assert.Equal((nir, Freshness.Cached), (answer.Affiliations[0].Insured.Nir, answer.Affiliations[0].Source.Freshness));
        }

        static byte[] Prepared(byte[] value) => [.. new Cdr.Rights.Cache.KeptBox("", value).Prepared];
    }

    [Fact]
    public async Task As_events_its_regime_is_told_before_it()
    {
        await using var world = await StartAsync();
        var caller = new TestCaller();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await PrepareAsync(world, caller, question);

        var events = await world.Host.AskForEventsAsync(question, caller).ToListAsync(Cancel);

        Assert.Equal([ConsultationEvents.Started, ConsultationEvents.Regime, ConsultationEvents.Answer], events.Select(e => e.Name));
        Assert.Equal(("cnam", RegimeOutcome.Found, Freshness.Cached), (events[1].State.Regime, events[1].State.Outcome, events[1].State.Freshness));
    }

    private async Task<RightsWorld> StartAsync() => await RightsWorld.StartAsync(new WorldSetup { Redis = (await servers.RedisAsync()).CreateDatabase() });

    private static async Task PrepareAsync(RightsWorld world, TestCaller caller, object question)
    {
        var before = await PreparedAsync(world);
        await Records.UntilAsync("an answer is prepared", async () =>
        {
            await world.Host.AskAsync(question, caller).AnswerAsync();
            return await PreparedAsync(world) > before;
        });
    }

    /// <summary>What is kept as prepared, and a question it was prepared for.</summary>
    private static async Task<(Question Question, byte[] Made, RegimeRow Regime)> TakePreparedAsync(RightsWorld world, string nir, TestCaller caller)
    {
        var services = world.Host.Services;
        var asking = new Caller("person-1", "", "person", "clerk", Cdr.Domain.Finess.Parse(caller.Finess!).Value, Cdr.Domain.Department.Parse("75").Value, "", "", "");
        var question = services.GetRequiredService<QuestionReading>().Read(new ConsultationRequest { Nir = nir, Reason = "emergency", Regime = "cnam" }, asking, out _)!;
        var cache = services.GetRequiredService<Cdr.Rights.Cache.ReplyCache>();
        var box = await cache.LookAsync(question.Regime!, question.ForRegime(question.Regime!));
        var made = cache.Prepared(box!).Bytes.ToArray();
        Assert.NotEmpty(made);
        return (question, made, question.Regime!);
    }

    /// <summary>Takes the replies from beside the prepared answers' boxes: only a prepared answer is left to be given.</summary>
    private static async Task ForgetRepliesAsync(RightsWorld world)
    {
        // The serializer's box is spoilt in its last but sixteenth bytes: it no longer opens, and its tag, which binds, is as it was.
        var database = await DatabaseAsync(world);
        foreach (var (key, value) in (await RepliesAsync(world)).Where(r => r.Value[0] == WithPrepared))
        {
            var spoilt = value.ToArray();
            spoilt[5 + 20] ^= 1;
            await database.StringSetAsync(key, spoilt, null, keepTtl: true);
        }
    }

    private static async Task<int> PreparedAsync(RightsWorld world) => (await RepliesAsync(world)).Count(r => r.Value[0] == WithPrepared);

    private static async Task<List<(RedisKey Key, byte[] Value)>> RepliesAsync(RightsWorld world)
    {
        var database = await DatabaseAsync(world);
        List<(RedisKey, byte[])> replies = [];
        foreach (var key in database.Multiplexer.GetServers()[0].Keys(database.Database, "cdr:reply:*"))
        {
            if ((byte[]?)await database.StringGetAsync(key) is { } value)
                replies.Add((key, value));
        }

        return replies;
    }

    private static Task<IDatabase> DatabaseAsync(RightsWorld world) =>
        Task.FromResult(world.Host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase());

    /// <summary>But for its id, its instant and the age of its reply.</summary>
    private static string Alike(byte[] body) => Own().Replace(Encoding.UTF8.GetString(body), "");

    [GeneratedRegex("""(?<="id":")[^"]+|(?<="answeredAt":")[^"]+|(?<="ageSeconds":)\d+""")]
    private static partial Regex Own();
}
