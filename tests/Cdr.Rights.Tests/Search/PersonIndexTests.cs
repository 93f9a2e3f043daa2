using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Search;

/// <summary>Which regime had a person's rights is known for a time.</summary>
public sealed class PersonIndexTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(null, 30)]
    [InlineData("2.00:00:00", 2)]
    public async Task It_is_forgotten_at_its_time_and_no_sooner(string? lifetime, int days)
    {
        Type? stateOf = null;
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Settings = new Dictionary<string, string?>(lifetime is null ? [] : [new("Search:IndexLifetime", lifetime)]),
            Services = services => stateOf = services.Last(d => d.ServiceType == typeof(ISharedState)).ImplementationType,
        });
        var services = world.Host.Services;
        // On the moved clock alone: all that a service does by the minute would be done for a month.
        var index = ActivatorUtilities.CreateInstance<PersonIndex>(services, ActivatorUtilities.CreateInstance(services, stateOf!, clock), clock);
        var (nir, mgen) = (Nir.Parse(world.Regimes.People.Case("mgen").Nir).Value, RegimeId.Parse("mgen").Value);
        index.Remember(nir.Value, mgen);

        clock.Advance(TimeSpan.FromDays(days) - TimeSpan.FromSeconds(1));
        Assert.Equal(mgen, await index.FindAsync(new RegimeSubject.ByNir(nir)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await index.FindAsync(new RegimeSubject.ByNir(nir)));
    }

    [Fact]
    public async Task A_person_forgotten_by_it_is_searched_for_like_anybody()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = new Dictionary<string, string?> { ["Search:IndexLifetime"] = "00:10:00" } });
        var first = await CallsAsync(world);

        Assert.True(first > 1);
        Assert.Equal(1, await CallsAsync(world));
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(first, await CallsAsync(world));
    }

    private static async Task<long> CallsAsync(RightsWorld world)
    {
        var before = world.Regimes.AllCalls;
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("mgen").Nir, reason = "emergency", refresh = true }).AnswerAsync();
        Assert.Equal((ConsultationOutcome.Found, "mgen"), (answer.Outcome, answer.Affiliations[0].Source.Regime));
        return world.Regimes.AllCalls - before;
    }
}
