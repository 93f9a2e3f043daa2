using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Sessions.Tests.Cards;

public sealed class RevocationTests(PrintedCards cards) : IDisposable
{
    private const string Card = "cpe-urgences-rhone";
    private readonly SessionsHost host = new(cards);

    private string Lists => Path.Combine(host.Folder, "trust", "lists");

    [Fact]
    public async Task A_list_of_this_morning_is_in_force_without_a_restart_and_ends_the_session_of_a_revoked_card()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        using var before = host.Cards.Authentication(Card);
        host.Cards.Renew(Deck.Find(Card)!);
        Refused(403, "certificate-revoked", await agent.OpenAsync(before));
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(200, (await agent.OpenAsync(Card)).Status);
    }

    [Fact]
    public async Task Past_its_end_and_grace_a_list_vouches_for_nobody()
    {
        var agent = new TestAgent(host);
        host.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(5));
        Assert.Equal(200, (await agent.OpenAsync(Card)).Status);
        host.Clock.Advance(TimeSpan.FromHours(2));
        Refused(503, "revocation-unknown", await agent.OpenAsync(Card));
        host.Cards.Publish();
        Assert.Equal(200, (await agent.OpenAsync(Card)).Status);
    }

    [Theory]
    [InlineData("demo-persons.crl")]
    [InlineData("demo-root.crl")]
    public async Task Without_the_list_of_each_authority_no_card_opens(string list)
    {
        File.Delete(Path.Combine(Lists, list));
        Refused(503, "revocation-unknown", await new TestAgent(host).OpenAsync(Card));
    }

    [Fact]
    public async Task A_list_of_another_authority_of_the_same_name_says_nothing()
    {
        using var other = DemoAuthority.Make(host.Clock.GetUtcNow());
        await File.WriteAllBytesAsync(Path.Combine(Lists, "demo-persons.crl"), other.Lists([], host.Clock.GetUtcNow()).Persons, TestContext.Current.CancellationToken);
        Refused(503, "revocation-unknown", await new TestAgent(host).OpenAsync(Card));
    }

    [Fact]
    public async Task With_nothing_to_trust_no_card_opens()
    {
        Directory.Delete(Path.Combine(host.Folder, "trust", "roots"), recursive: true);
        Refused(503, "trust-unavailable", await new TestAgent(host).OpenAsync(Card));
    }

    [Fact]
    public void A_list_that_was_tampered_with_is_not_its_issuers()
    {
        using var authority = DemoAuthority.Make(host.Clock.GetUtcNow());
        var der = authority.Lists(["0102"], host.Clock.GetUtcNow()).Persons;
        Assert.True(RevocationList.Read(der)!.IsSignedBy(authority.Issuer));
        Assert.True(RevocationList.Read(der)!.Holds("0102"));
        Assert.False(RevocationList.Read(der)!.IsSignedBy(authority.Root));
        var at = der.AsSpan().IndexOf((byte[])[0x02, 0x02, 0x01, 0x02]);
        der[at + 3] = 3;
        Assert.False(RevocationList.Read(der)!.IsSignedBy(authority.Issuer));
        Assert.Null(RevocationList.Read(der[..^1]));
    }

    [Fact]
    public async Task A_downloaded_list_replaces_the_one_before_only_when_it_verifies()
    {
        using var authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        using var stranger = DemoAuthority.Make(host.Clock.GetUtcNow());
        using var card = host.Cards.Authentication(Card);
        var later = host.Clock.GetUtcNow().AddMinutes(1);
        var served = stranger.Lists([], later).Persons;
        using var web = new Served(() => served);
        using var downloading = new SessionsHost(cards, [new("Sessions:Trust:ListAddresses:0", "http://lists.test/persons.crl")], services =>
            services.AddHttpClient(ListDownload.Client).ConfigurePrimaryHttpMessageHandler(() => web));
        var download = downloading.Services.GetServices<IHostedService>().OfType<ListDownload>().Single();
        var agent = new TestAgent(downloading);

        downloading.Clock.Advance(TimeSpan.FromHours(1));
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await agent.OpenAsync(card)).Status);
        served = authority.Lists([Convert.ToHexString(card.SerialNumberBytes.Span)], later).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Refused(403, "certificate-revoked", await agent.OpenAsync(card));

        // The authority's own list of before, played again: the revoked card would open.
        served = authority.Lists([], later.AddSeconds(-30)).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Refused(403, "certificate-revoked", await agent.OpenAsync(card));

        // Believed, it would pass for the latest until its day has come.
        served = authority.Lists([], downloading.Clock.GetUtcNow().AddDays(1)).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Refused(403, "certificate-revoked", await agent.OpenAsync(card));

        served = authority.Lists([], downloading.Clock.GetUtcNow().AddMinutes(30)).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Refused(403, "certificate-revoked", await agent.OpenAsync(card));

        // The authority's clock may be a little ahead; what it says then is not undone by what it said before.
        served = authority.Lists([], downloading.Clock.GetUtcNow().AddMinutes(4)).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await agent.OpenAsync(card)).Status);
        served = authority.Lists([Convert.ToHexString(card.SerialNumberBytes.Span)], downloading.Clock.GetUtcNow().AddMinutes(2)).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await agent.OpenAsync(card)).Status);
    }

    public void Dispose() => host.Dispose();

    private static void Refused(int status, string code, Answer<Opening> answer) => Assert.Equal((status, code), (answer.Status, answer.Code));

    private sealed class Served(Func<byte[]> content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content()) });
    }
}
