using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Cards;

/// <summary>What <c>pkis.json</c> says of issuers and their roots.</summary>
public sealed class PkiTests(PrintedCards cards) : IDisposable
{
    private const string Card = "cps-infirmier";
    private readonly SessionsHost host = new(cards);
    private static readonly string Nobody = new('0', 64);

    [Fact]
    public async Task An_issuer_and_root_that_a_family_names_open() => Assert.Equal((200, null), await OpenAsync(host, algorithms: null));

    [Fact]
    public async Task An_issuer_that_no_family_names_opens_nothing() => Assert.Equal((403, "certificate-untrusted"), await OpenAsync(host, issuer: Nobody));

    [Fact]
    public async Task An_issuer_under_another_root_than_its_familys_opens_nothing() => Assert.Equal((403, "certificate-untrusted"), await OpenAsync(host, root: Nobody));

    [Fact]
    public async Task The_old_family_ends_on_its_day_and_not_before()
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(host.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime);
        Assert.Equal((200, null), await OpenAsync(host, until: today));
        Assert.Equal((403, "certificate-pki-ended"), await OpenAsync(host, until: today.AddDays(-1)));
    }

    [Fact]
    public async Task Only_a_family_that_says_so_signs_ps256()
    {
        var pss = new TestAgent(host) { Algorithm = "PS256", Sign = (key, value) => key.SignData(value, HashAlgorithmName.SHA256, RSASignaturePadding.Pss) };
        Assert.Equal((200, null), await OpenAsync(host, algorithms: ["RS256", "PS256"], agent: pss));
        Assert.Equal((403, "algorithm-refused"), await OpenAsync(host, algorithms: ["RS256"], agent: pss));
    }

    [Fact]
    public async Task Test_cards_open_only_where_the_installation_takes_them()
    {
        using var taking = new SessionsHost(cards, [new("Sessions:Trust:TestPki", "true")]);
        Assert.Equal((200, null), await OpenAsync(taking, test: true));
        Assert.Equal((403, "certificate-untrusted"), await OpenAsync(host, test: true));
    }

    [Fact]
    public async Task A_file_that_says_nonsense_trusts_nobody()
    {
        await File.WriteAllTextAsync(Path.Combine(host.Folder, "trust", Pki.File), """[{"id":"igc-sante"}]""", TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<TrustStore>().Refresh();
        Assert.Equal("trust-unavailable", (await new TestAgent(host).OpenAsync(Card)).Code);
    }

    public void Dispose() => host.Dispose();

    private static async Task<(int Status, string? Code)> OpenAsync(
        SessionsHost host, string? issuer = null, string? root = null, DateOnly? until = null, string[]? algorithms = null, bool test = false, TestAgent? agent = null)
    {
        using var authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        var families = new[]
        {
            new { id = "another", issuers = new[] { Nobody }, roots = new[] { Nobody }, until = (DateOnly?)null, algorithms = (string[]?)null, test },
            new { id = "igc-sante", issuers = new[] { issuer ?? Trust.IdOf(authority.Issuer).ToLowerInvariant() }, roots = new[] { root ?? Trust.IdOf(authority.Root) }, until, algorithms, test },
        };
        await File.WriteAllBytesAsync(Path.Combine(host.Folder, "trust", Pki.File), JsonSerializer.SerializeToUtf8Bytes(families), TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<TrustStore>().Refresh();
        var answer = await (agent ?? new TestAgent(host)).OpenAsync(Card);
        return (answer.Status, answer.Code);
    }
}
