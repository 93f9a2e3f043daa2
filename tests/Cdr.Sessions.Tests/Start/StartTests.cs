using Cdr.Sessions.Cards;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Start;

public sealed class StartTests(PrintedCards cards)
{
    public static TheoryData<string, string> Missing => new()
    {
        { "Sessions:Origin", "Origin" },
        { "Data:Folder", "Data:Folder" },
    };

    [Theory]
    [MemberData(nameof(Missing))]
    public void Sessions_does_not_start_without_its_configuration(string setting, string named)
    {
        using var host = new SessionsHost(cards, [new(setting, "")]);
        Assert.Contains(named, Failure(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sessions:Origin", "cdr")]
    [InlineData("Sessions:ChallengeLifetime", "00:10:00")]
    [InlineData("Sessions:TicketLifetime", "00:01:00")]
    [InlineData("Sessions:ChoiceTime", "01:00:00")]
    [InlineData("Sessions:Tokens:Lifetime", "01:00:00")]
    [InlineData("Sessions:Tokens:KeyAnnounced", "30.00:00:00")]
    [InlineData("Sessions:Trust:MinimumKeyBits", "1024")]
    [InlineData("Sessions:Presence:Heartbeat", "00:01:00")]
    [InlineData("Sessions:Terms:Version", "2026-01")]
    [InlineData("Sessions:Posts:PolicyFile", "/nowhere/policy.json")]
    public void Sessions_does_not_start_with_a_setting_out_of_bounds(string setting, string value)
    {
        using var host = new SessionsHost(cards, [new(setting, value)]);
        Assert.NotEmpty(Failure(host));
    }

    [Fact]
    public void Sessions_does_not_start_with_a_wrong_directory()
    {
        using var host = new SessionsHost(cards);
        File.WriteAllText(Path.Combine(host.Folder, "drawer", "directory.json"), """{"groups":[],"legalEntities":[],"people":[{"number":"8x","habilitations":[{"role":"queen","from":"2024-01-01"}]}]}""");
        Assert.Contains("unknown role", Failure(host), StringComparison.Ordinal);
    }

    [Fact]
    public void In_production_sessions_refuses_to_start_where_the_demo_root_is_trusted()
    {
        using var host = new SessionsHost(cards, [new("environment", "Production")]);
        Assert.Contains("demo cards", Failure(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_a_demo_root_that_arrives_later_opens_nothing()
    {
        using var host = new SessionsHost(cards, [new("environment", "Production")]);
        Directory.Delete(Path.Combine(host.Folder, "trust", "roots"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(host.Folder, "trust", Pki.File), """[{"id":"igc-sante","issuers":["00"],"roots":["00"]}]""", TestContext.Current.CancellationToken);
        var agent = new TestAgent(host);
        await agent.ChallengeAsync();
        cards.CopyTo(host.Folder);
        var answer = await agent.OpenAsync("cps-infirmier");
        Assert.Equal((503, "trust-unavailable"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_embedded_host_may_trust_its_drawer_whatever_the_environment()
    {
        using var host = new SessionsHost(cards, [new("environment", "Production"), new("Drawer:Embedded", "true")]);
        Assert.Equal(200, (await new TestAgent(host).OpenAsync("cps-infirmier")).Status);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("production-sud")]
    public void A_start_outside_development_refuses_test_cards(string environment)
    {
        using var host = new SessionsHost(cards, [new("environment", environment), new("Drawer:Embedded", "true"), new("Sessions:Trust:TestPki", "true")]);
        Assert.Contains("TestPki", Failure(host), StringComparison.Ordinal);
    }

    [Fact]
    public void An_installation_takes_test_cards_or_real_ones_and_not_both()
    {
        using var host = new SessionsHost(cards, [new("Sessions:Trust:TestPki", "true")]);
        File.WriteAllText(Path.Combine(host.Folder, "trust", Pki.File), """[{"id":"igc-sante-test","issuers":["00"],"roots":["00"],"test":true},{"id":"igc-sante","issuers":["01"],"roots":["01"]}]""");
        Assert.Contains("igc-sante)", Failure(host), StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_the_demo_sessions_does_not_start_without_the_families_of_issuers()
    {
        using var host = new SessionsHost(cards, [new("environment", "Staging")]);
        Directory.Delete(Path.Combine(host.Folder, "trust", "roots"), recursive: true);
        Assert.Contains(Pki.File, Failure(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_demo_without_families_only_the_drawers_own_root_is_believed()
    {
        using var host = new SessionsHost(cards);
        using var organisations = new Organisations();
        organisations.Trust(host);
        File.Delete(Path.Combine(host.Folder, "trust", Pki.File));
        var store = host.Services.GetRequiredService<TrustStore>();
        store.Refresh();
        Assert.Equal(200, (await new TestAgent(host).OpenAsync("cps-infirmier")).Status);
        Assert.Single(store.Current()!.Pinnings);
    }

    [Fact]
    public void Beside_postgresql_the_embedded_hosts_word_does_not_make_demo_cards_good()
    {
        var keys = Path.GetTempFileName();
        File.Delete(keys);
        Cdr.ServiceDefaults.Secrets.KeyRing.Create(keys);
        using var host = new SessionsHost(cards,
        [
            new("environment", "Production"), new("Drawer:Embedded", "true"), new("Keys:Sessions:File", keys), new("ConnectionStrings:Sessions", "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1"),
            new("Sessions:DirectoryFile", ""),
        ]);
        Assert.Contains("root of the demo cards", Failure(host), StringComparison.Ordinal);
        File.Delete(keys);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void The_drawer_is_absent_outside_development(string environment)
    {
        using var host = new SessionsHost(cards);
        using var drawer = host.NewDrawer(environment);
        Assert.Contains("drawer of demo cards", Failure(drawer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drawer_starts_where_the_embedded_host_says_so()
    {
        using var host = new SessionsHost(cards);
        using var drawer = host.NewDrawer("Production", ("Drawer:Embedded", "true"));
        Assert.NotEmpty(await drawer.CreateClient().GetStringAsync("/drawer/cards", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_drawer_does_not_start_without_the_address_of_sessions()
    {
        using var host = new SessionsHost(cards);
        using var drawer = host.NewDrawer("Development", ("Services:Sessions", "nowhere"));
        Assert.Contains("Services:Sessions", Failure(drawer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_start_makes_no_key_and_keeps_every_card()
    {
        using var host = new SessionsHost(cards);
        using var before = host.Cards.Authentication("cps-medecin");
        await host.NewDrawer("Development").CreateClient().GetStringAsync("/drawer/cards", TestContext.Current.CancellationToken);
        using var after = host.Cards.Authentication("cps-medecin");
        Assert.Equal(before.Thumbprint, after.Thumbprint);
    }

    [Fact]
    public async Task A_card_taken_before_it_is_printed_is_printed_at_once()
    {
        using var host = new SessionsHost(cards);
        Directory.Delete(Path.Combine(host.Folder, "drawer", "cards"), recursive: true);
        host.Cards.Prepare();
        Assert.Equal(200, (await new TestAgent(host).OpenAsync("cpa-regime")).Status);
    }

    [Fact]
    public async Task Cards_of_an_authority_that_was_thrown_away_are_printed_anew()
    {
        using var host = new SessionsHost(cards);
        File.Delete(Path.Combine(host.Folder, "drawer", "root.pem"));
        host.Cards.Prepare();
        Assert.Equal(200, (await new TestAgent(host).OpenAsync("cpa-regime")).Status);
    }

    private static string Failure<TProgram>(WebApplicationFactory<TProgram> host)
        where TProgram : class
    {
        var error = Assert.ThrowsAny<Exception>(() => host.CreateClient());
        return error.ToString();
    }
}
