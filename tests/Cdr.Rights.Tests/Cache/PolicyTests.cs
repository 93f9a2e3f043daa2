using System.Globalization;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Cache;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Cache;

/// <summary>A regime's row says how long its word is kept, and for whom.</summary>
public sealed class PolicyTests
{
    private const string CareDate = "2024-06-01";

    private static readonly TestCaller Here = new();
    private static readonly TestCaller Elsewhere = new() { Subject = "person-2", Finess = "130786049", Department = "13", Group = "ght-13" };

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Another_establishment_is_served_what_is_kept_of_the_regime_whose_row_allows_it_and_of_no_other()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = Registry.Of("msa", Registry.Shared) + (row => row["capabilities"]!["pastDates"] = true) });
        var nir = world.Regimes.People.Case("msa").Nir;
        Dictionary<string, Guid> served = [];

        foreach (var regime in Registry.Ids)
        {
            await KeptAsync(world, nir, regime);
            var answer = await AskAsync(world, nir, regime, Elsewhere);
            if (answer.Regimes[0].Freshness == Freshness.Cached)
                served.Add(regime, answer.Id);
        }

        Assert.Equal("msa", Assert.Single(served).Key);
        Assert.Equal(Registry.Ids.Select(regime => (regime, Calls: regime == "msa" ? 1L : 2L)), Registry.Ids.Select(regime => (regime, world.Regimes.Calls(regime))));
        // The regime did not hear of the other establishment: it is told.
        Assert.Contains(await ExportAsync(world, "msa"), one => one.Consultation == served["msa"] && one.Establishment == Elsewhere.Finess);
    }

    [Fact]
    public async Task A_shared_list_is_written_for_each_establishment_anew_whatever_was_prepared_for_another()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = Registry.Of("msa", Registry.Shared) });
        var cache = world.Host.Services.GetRequiredService<ReplyCache>();
        var regime = Row(world, "msa");
        var nir = world.Regimes.People.Case("twins-msa").Nir;
        var question = new { nir, reason = "emergency", regime = "msa", careDate = CareDate };
        await Records.UntilAsync("the list is prepared", async () =>
        {
            await world.Host.AskAsync(question, Here).AnswerAsync();
            return await cache.LookAsync(regime, Question(nir)) is { } box && !cache.Prepared(box).Bytes.IsEmpty;
        });

        var list = await world.Host.AskAsync(question, Elsewhere).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Candidates, 1), (list.Outcome, world.Regimes.AllCalls));
        // Good where it was given, and nowhere else.
        var pick = new { candidate = list.Candidates[0].Reference, reason = "emergency", careDate = CareDate };
        Assert.Equal(list.Candidates[0].GivenName, (await world.Host.AskAsync(pick, Elsewhere).AnswerAsync()).Affiliations[0].Beneficiary.GivenName);
        Assert.Equal(400, (await world.Host.AskAsync(pick, Here).ProblemAsync()).Status);
    }

    [Fact]
    public async Task That_a_person_is_unknown_here_is_kept_for_less_long_than_rights_are_and_never_longer()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Registry = Registry.Kept("01:00:00", "1.00:00:00", unknown: "00:20:00") });
        var nir = world.Regimes.People.Case("cnam").Nir;
        await KeptAsync(world, nir, "cnam");
        await KeptAsync(world, nir, "msa");

        clock.Advance(TimeSpan.FromMinutes(19));
        var found = await AskAsync(world, nir, "cnam");
        var unknown = await AskAsync(world, nir, "msa");
        Assert.Equal((RegimeOutcome.Found, Freshness.Cached, RegimeOutcome.Unknown, Freshness.Cached), (found.Regimes[0].Outcome, found.Regimes[0].Freshness, unknown.Regimes[0].Outcome, unknown.Regimes[0].Freshness));

        clock.Advance(TimeSpan.FromMinutes(2));
        found = await AskAsync(world, nir, "cnam");
        unknown = await AskAsync(world, nir, "msa");
        Assert.Equal((RegimeOutcome.Found, Freshness.Cached, RegimeOutcome.Unknown, Freshness.Live), (found.Regimes[0].Outcome, found.Regimes[0].Freshness, unknown.Regimes[0].Outcome, unknown.Regimes[0].Freshness));
        Assert.Equal((1, 2), (world.Regimes.Calls("cnam"), world.Regimes.Calls("msa")));

        // Past its time it proves nothing, and stands in for nobody.
        await KeptAsync(world, nir, "msa");
        clock.Advance(TimeSpan.FromMinutes(21));
        world.Regimes.Switches["msa"] = RegimeMode.Failing;
        var silent = await AskAsync(world, nir, "msa");
        Assert.Equal((ConsultationOutcome.Incomplete, RegimeOutcome.Unavailable), (silent.Outcome, silent.Regimes[0].Outcome));
    }

    [Fact]
    public async Task Two_rows_with_other_lifetimes_keep_for_other_times()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Clock = clock,
            Registry = Registry.Of("cnam", Registry.Kept("01:00:00", "1.00:00:00", unknown: "00:20:00")) + Registry.Of("msa", Registry.Kept("02:00:00", "1.00:00:00", unknown: "00:40:00")),
        });
        var (camille, farmer) = (world.Regimes.People.Case("cnam").Nir, world.Regimes.People.Case("msa").Nir);
        (string Nir, string Regime)[] rights = [(camille, "cnam"), (farmer, "msa")];
        (string Nir, string Regime)[] unknowns = [(farmer, "cnam"), (camille, "msa")];
        foreach (var (nir, regime) in rights.Concat(unknowns))
            await KeptAsync(world, nir, regime);
        TimeSpan?[] reliable = [.. await Task.WhenAll(rights.Select(async one => (await AskAsync(world, one.Nir, one.Regime)).Affiliations[0].Source is var source ? source.ReliableUntil - source.ObtainedAt : null))];

        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromHours(2)], reliable);
        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal([false, true], await FreshAsync(world, unknowns));
        Assert.Equal([true, true], await FreshAsync(world, rights));
        clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal([false, false], await FreshAsync(world, unknowns));
        Assert.Equal([false, true], await FreshAsync(world, rights));
        clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal([false, false], await FreshAsync(world, rights));
    }

    private static Task<ConsultationAnswer> AskAsync(RightsWorld world, string nir, string regime, TestCaller? caller = null) =>
        world.Host.AskAsync(new { nir, reason = "emergency", regime, careDate = CareDate }, caller ?? Here).AnswerAsync();

    private static Task KeptAsync(RightsWorld world, string nir, string regime) =>
        Records.UntilAsync("the reply is kept", async () =>
            (await AskAsync(world, nir, regime)).Regimes[0].Freshness == Freshness.Cached && world.Host.Services.GetRequiredService<ReplyCache>().Underway == 0);

    // Past its time the cache library, which goes by the machine's clock, would still show it: as rescued.
    private static async Task<IReadOnlyList<bool>> FreshAsync(RightsWorld world, IEnumerable<(string Nir, string Regime)> asked)
    {
        var cache = world.Host.Services.GetRequiredService<ReplyCache>();
        List<bool> fresh = [];
        foreach (var (nir, regime) in asked)
            fresh.Add(cache.Fresh(Row(world, regime), await cache.LookAsync(Row(world, regime), Question(nir))) is not null);
        return fresh;
    }

    private static RegimeRow Row(RightsWorld world, string regime) => world.Host.Services.GetRequiredService<RegimeRegistry>().Find(RegimeId.Parse(regime).Value)!;

    private static RegimeQuestion Question(string nir) =>
        new(new RegimeSubject.ByNir(Nir.Parse(nir).Value), DateOnly.ParseExact(CareDate, "yyyy-MM-dd", CultureInfo.InvariantCulture), Guid.Empty, Finess.Parse(TestCaller.Establishment).Value, ConsultationReason.Emergency);

    private static async Task<IReadOnlyList<KeptAnswer>> ExportAsync(RightsWorld world, string regime)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var response = await world.Host.GetAsync(
            $"/api/regimes/{regime}/kept-answers?from={now.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&until={now.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}",
            new TestCaller { Role = CdrRoles.RegimeAgent, Regime = regime, Finess = null });
        return JsonSerializer.Deserialize<KeptAnswers>(await response.BytesAsync(), JsonSerializerOptions.Web)!.Answers;
    }
}
