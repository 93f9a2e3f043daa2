using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Servers;
using StackExchange.Redis;

namespace Cdr.Rights.Tests.Cache;

/// <summary>What regimes said, kept where all processes see it and nobody else can read it.</summary>
public sealed class CacheOnRedisTests(TestServers servers)
{
    [Fact]
    public async Task A_kept_answer_is_shared_by_processes_and_unreadable()
    {
        await using var world = await StartAsync();
        var other = await world.StartHostAsync();
        var person = world.Regimes.People.Case("cnam");
        await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        var answer = await other.AskAsync(new { nir = person.Nir, reason = "patient-absent", regime = "cnam" }).AnswerAsync();

        Assert.Equal(Freshness.Cached, answer.Affiliations[0].Source.Freshness);
        Assert.Equal(1, world.Regimes.AllCalls);
        List<(string Key, byte[] Value)> everything = [];
        await Records.UntilAsync("all is kept", async () => (everything = await EverythingAsync(world)).Count(one => !one.Key.StartsWith("cdr:fishing:", StringComparison.Ordinal)) >= 3);
        // The reply, whose person it is, and which replies are about them; beside what the guard against enumeration shares.
        Assert.Equal(3, everything.Count(one => !one.Key.StartsWith("cdr:fishing:", StringComparison.Ordinal)));
        foreach (var (key, value) in everything)
        {
            foreach (var told in (string[])[person.Nir, "Lavandier", "LAVANDIER", "Camille", "1984", "cnam"])
            {
                Assert.DoesNotContain(told, key, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(told, Encoding.Latin1.GetString(value), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public async Task Swapped_values_are_refused()
    {
        await using var world = await StartAsync();
        var (camille, malo) = (world.Regimes.People.Case("cnam"), world.Regimes.People.Cases.Single(c => c.Title == "Médecin traitant daté"));
        var one = await world.Host.AskAsync(new { nir = camille.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await world.Host.AskAsync(new { nir = malo.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var database = await DatabaseAsync(world);
        var kept = await RepliesAsync(world, 2);
        await database.StringSetAsync(kept[0].Key, kept[1].Value);
        await database.StringSetAsync(kept[1].Key, kept[0].Value);

        var answer = await world.Host.AskAsync(new { nir = camille.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal(one.Affiliations[0].Beneficiary, answer.Affiliations[0].Beneficiary);
        Assert.Equal(Freshness.Live, answer.Affiliations[0].Source.Freshness);
    }

    [Fact]
    public async Task A_value_that_does_not_open_is_asked_for_again()
    {
        await using var world = await StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await Records.UntilAsync("an answer is kept", async () => (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Cached);
        var database = await DatabaseAsync(world);
        await database.StringSetAsync((await RepliesAsync(world, 1))[0].Key, "garbage");

        var answer = await world.Host.AskAsync(question).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, Freshness.Live), (answer.Outcome, answer.Affiliations[0].Source.Freshness));
    }

    [Fact]
    public async Task Each_input_of_the_answer_has_its_own_key_and_each_establishment()
    {
        await using var world = await StartAsync();
        var nir = world.Regimes.People.Case("twins-msa").Nir;
        (object Question, TestCaller? Caller)[] questions =
        [
            (new { nir, reason = "emergency", regime = "msa" }, null),
            (new { nir, reason = "emergency", regime = "cnam" }, null),
            (new { nir, reason = "emergency", regime = "msa", careDate = "2024-06-01" }, null),
            (new { nir, reason = "emergency", regime = "msa", birthRank = 2 }, null),
            (new { nir, reason = "emergency", regime = "msa", birthRank = 3 }, null),
            (new { nir, reason = "emergency", regime = "msa", beneficiaryBirthDate = "2017-05-21" }, null),
            (new { nir, reason = "emergency", regime = "msa" }, new TestCaller { Finess = "130786049" }),
            (new { nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "msa" }, null),
            (new { names = new { familyName = "Sorbier", givenName = "Bastien" }, birthDate = "1979-11-03", reason = "emergency", regime = "msa" }, null),
            (new { names = new { familyName = "Bastien", givenName = "Sorbier" }, birthDate = "1979-11-03", reason = "emergency", regime = "msa" }, null),
        ];

        foreach (var (question, caller) in questions)
        {
            await world.Host.AskAsync(question, caller).AnswerAsync();
            await world.Host.AskAsync(question, caller).AnswerAsync();
        }

        Assert.Equal(questions.Length, world.Regimes.AllCalls);
        await RepliesAsync(world, questions.Length);
    }

    [Fact]
    public async Task A_thousand_identical_cold_questions_through_two_processes_are_one_call_of_the_regime()
    {
        await using var world = await StartAsync();
        var other = await world.StartHostAsync();
        // Both processes have done everything once: what is measured is the cache and not their start.
        foreach (var host in world.Hosts)
            await WarmAsync(host, world.Regimes.People.Case("msa").Nir);
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };

        var caller = new TestCaller();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => (i % 2 == 0 ? world.Host : other).AskAsync(question, caller).AnswerAsync()));

        Assert.All(answers, a => Assert.Equal(ConsultationOutcome.Found, a.Outcome));
        Assert.Equal(1, world.Regimes.Calls("cnam"));
        Assert.Equal(1, answers.Count(a => a.Affiliations[0].Source.Freshness == Freshness.Live));
    }

    [Fact]
    public async Task Identical_questions_of_one_process_are_one_call_even_without_Redis()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Redis = redis.CreateDatabase() });
        var (caller, nir) = (new TestCaller(), world.Regimes.People.Case("cnam").Nir);
        await redis.KillAsync();
        // Long enough for all of them to be there at once.
        world.Regimes.Switches["cnam"] = RegimeSimulator.RegimeMode.Slow;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }, caller).AnswerAsync()));

        Assert.All(answers, a => Assert.Equal("Droits ouverts", a.Headline));
        Assert.Equal(1, world.Regimes.Calls("cnam"));
        Assert.Equal(1, answers.Count(a => a.Affiliations[0].Source.Freshness == Freshness.Live));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silent_Redis_is_not_waited_for_and_comes_back_by_itself(bool paused)
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Redis = redis.CreateDatabase() });
        var nir = world.Regimes.People.Case("cnam").Nir;
        await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        if (paused)
        {
            await using var administrator = await ConnectionMultiplexer.ConnectAsync(redis.CreateDatabase());
            await administrator.GetServers()[0].ExecuteAsync("CLIENT", "PAUSE", "30000");
        }
        else
        {
            await redis.KillAsync();
        }

        for (var question = 0; question < 4; question++)
        {
            // The client's default backlog keeps a question eleven seconds.
            var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", refresh = question == 2 }).AnswerAsync()
                .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            // Asked again at once, it may share the reply that its predecessor still tries to keep: kept, and of this very moment.
            Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
            Assert.NotEqual(Freshness.Stale, answer.Affiliations[0].Source.Freshness);
            Assert.InRange(answer.Affiliations[0].Source.AgeSeconds, 0, 10);
        }

        if (!paused)
            await redis.StartAsync(TestContext.Current.CancellationToken);
        await Records.UntilAsync("answers are kept again", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Cached);
    }

    private static async Task WarmAsync(RightsHost host, string nir)
    {
        for (var round = 0; round < 3; round++)
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.AskAsync(new { nir, reason = "emergency", regime = "msa", careDate = $"2024-0{round + 1}-{i + 1:00}" }).AnswerAsync()));
    }

    private async Task<RightsWorld> StartAsync() => await RightsWorld.StartAsync(new WorldSetup
    {
        Redis = (await servers.RedisAsync()).CreateDatabase(),
        Postgres = await servers.PostgresAsync(),
    });

    private static async Task<IDatabase> DatabaseAsync(RightsWorld world) =>
        (await ConnectionMultiplexer.ConnectAsync(world.Settings()["ConnectionStrings:Redis"]!)).GetDatabase();

    /// <summary>So many, once they are kept: who was answered did not wait for that.</summary>
    private static async Task<List<(string Key, byte[] Value)>> RepliesAsync(RightsWorld world, int count)
    {
        List<(string Key, byte[] Value)> replies = [];
        await Records.UntilAsync("the replies are kept", async () =>
        {
            replies = [.. (await EverythingAsync(world)).Where(one => one.Key.Contains("cdr:reply:", StringComparison.Ordinal))];
            return replies.Count >= count;
        });
        Assert.Equal(count, replies.Count);
        return replies;
    }

    private static async Task<List<(string Key, byte[] Value)>> EverythingAsync(RightsWorld world)
    {
        var database = await DatabaseAsync(world);
        List<(string, byte[])> everything = [];
        foreach (var key in database.Multiplexer.GetServers()[0].Keys(database.Database))
        {
            if (await database.KeyTypeAsync(key) == RedisType.Set)
                everything.Add((key!, System.Text.Encoding.UTF8.GetBytes(string.Join(' ', await database.SetMembersAsync(key)))));
            else if (await database.StringGetAsync(key) is { HasValue: true } value)
                everything.Add((key!, (byte[])value!));
        }

        return everything;
    }
}
