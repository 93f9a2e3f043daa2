using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Cache;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Cache;

/// <summary>Processes of one shared state while a key is followed by another: some have the older one active, some the newer.</summary>
public sealed class RotatingKeysTests : IAsyncLifetime
{
    private readonly TestFolder folder = new("rotating");
    private readonly TestCaller caller = new();
    private ISharedState? shared;
    private RightsWorld world = null!;

    public async ValueTask InitializeAsync()
    {
        KeyRing.Create(folder.File("1.json"));
        world = await RightsWorld.WithoutHostAsync(new WorldSetup
        {
            // It stands still: the mark of a change outlives the slowest machine.
            Clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero)),
            Services = services =>
            {
                var inner = services.Last(d => d.ServiceType == typeof(ISharedState)).ImplementationType!;
                services.AddSingleton(provider => shared ??= (ISharedState)ActivatorUtilities.CreateInstance(provider, inner));
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_regime_has_forgotten_is_forgotten_under_both_pseudonym_keys_whoever_is_told(bool newer)
    {
        // The newer key is known before it is used: it is first where the last one is active.
        var (announced, active) = (await StartAsync(Ring("announced.json", "pseudonym", 2, 1)), await StartAsync(Ring("active.json", "pseudonym", 1, 2)));
        await KeptAsync(announced);
        // Of the newer name nothing is kept: the regime is asked, no more.
        Assert.Equal(Freshness.Live, await AskAsync(active));
        await KeptAsync(active);
        Assert.Equal((2, Freshness.Cached), (world.Regimes.AllCalls, await AskAsync(announced)));

        Assert.Equal(2, await ForgetAsync(newer ? active : announced));

        Assert.Equal((Freshness.Live, Freshness.Live), (await AskAsync(announced), await AskAsync(active)));
        Assert.Equal(4, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task What_was_said_before_a_change_is_not_kept_where_another_key_names_the_change()
    {
        var (announced, active) = (await StartAsync(Ring("announced.json", "pseudonym", 2, 1)), await StartAsync(Ring("active.json", "pseudonym", 1, 2)));
        Assert.Equal(0, await ForgetAsync(active));

        await AskAsync(announced);
        await LandedAsync(announced);

        Assert.Equal((Freshness.Live, 2), (await AskAsync(announced), world.Regimes.AllCalls));
    }

    [Fact]
    public async Task What_an_older_data_key_sealed_opens_while_that_key_is_on_the_ring_and_is_asked_again_afterwards()
    {
        var older = await StartAsync(folder.File("1.json"));
        var newer = await StartAsync(Ring("newer.json", "data", 1, 2));
        var gone = await StartAsync(Ring("gone.json", "data", 2));
        await KeptAsync(older);

        Assert.Equal((Freshness.Cached, 1), (await AskAsync(newer), world.Regimes.AllCalls));
        Assert.Equal((Freshness.Live, 2), (await AskAsync(gone), world.Regimes.AllCalls));
        await LandedAsync(gone);
        // What it sealed then, under its own key, in its turn.
        Assert.Equal((Freshness.Cached, 2), (await AskAsync(newer), world.Regimes.AllCalls));
        Assert.Equal((Freshness.Live, 3), (await AskAsync(older), world.Regimes.AllCalls));
    }

    private Task<RightsHost> StartAsync(string ring) => world.StartHostAsync(new Dictionary<string, string?> { ["Keys:Rights:File"] = ring });

    /// <summary>The first ring, with these keys in one of its lists, the active one last.</summary>
    private string Ring(string name, string list, params ReadOnlySpan<int> keys)
    {
        var ring = JsonNode.Parse(File.ReadAllText(folder.File("1.json")))!.AsObject();
        var first = ring[list]![0]!.DeepClone();
        var entries = new JsonArray();
        foreach (var id in keys)
            entries.Add(id == 1 ? first.DeepClone() : new JsonObject { ["id"] = id, ["key"] = Convert.ToBase64String(SHA256.HashData([(byte)id])) });
        ring[list] = entries;
        File.WriteAllText(folder.File(name), ring.ToJsonString());
        return folder.File(name);
    }

    private async Task<Freshness?> AskAsync(RightsHost host) =>
        (await host.AskAsync(new { nir = Person, reason = "emergency", regime = "cnam", careDate = "2024-06-01" }, caller).AnswerAsync()).Regimes[0].Freshness;

    private async Task KeptAsync(RightsHost host)
    {
        await Records.UntilAsync("the reply is kept", async () => await AskAsync(host) == Freshness.Cached);
        await LandedAsync(host);
    }

    private static Task LandedAsync(RightsHost host) =>
        Records.UntilAsync("all is stored or left", () => host.Services.GetRequiredService<ReplyCache>().Underway == 0);

    private Task<int> ForgetAsync(RightsHost host) => host.Services.GetRequiredService<ReplyCache>().ForgetAsync(
        host.Services.GetRequiredService<RegimeRegistry>().Find(RegimeId.Parse("cnam").Value)!, [Nir.Parse(Person).Value], TestContext.Current.CancellationToken);

    private string Person => world.Regimes.People.Case("cnam").Nir;
}
