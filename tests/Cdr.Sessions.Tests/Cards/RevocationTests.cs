using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

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
        await InForceAsync();
        Assert.Equal(SessionEnds.CardOpposed, await host.InStoreAsync(db => db.Sessions.Where(one => one.Id == grant.Session).Select(one => one.EndedBecause).SingleAsync()));
        Refused(403, "certificate-revoked", await agent.OpenAsync(before));
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(200, (await agent.OpenAsync(Card)).Status);
    }

    [Fact]
    public async Task A_list_in_force_that_nobody_held_against_the_sessions_yet_ends_one_at_its_next_token_and_a_ticket_that_waits_for_a_choice()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        var opening = (await new TestAgent(host) { OsSession = "os-2" }.OpenAsync("cps-medecin")).Value;
        Assert.Equal("activity-required", (await agent.RedeemAsync(opening.Ticket)).Code);
        host.Cards.Renew(Deck.Find(Card)!);
        host.Cards.Renew(Deck.Find("cps-medecin")!);
        Assert.True(host.Services.GetRequiredService<TrustStore>().Refresh());
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(SessionEnds.CardOpposed, await host.InStoreAsync(db => db.Sessions.Where(one => one.Id == grant.Session).Select(one => one.EndedBecause).SingleAsync()));
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Refused(403, "certificate-revoked", await agent.RedeemAsync(opening.Ticket, opening.Activities[0].Id));
    }

    [Theory]
    [InlineData("-----BEGIN X")]
    [InlineData("-----BEGIN X509 CRL-----\n!!!\n-----END X509 CRL-----")]
    [InlineData("<html>Service unavailable</html>")]
    [InlineData("")]
    public void What_is_no_list_is_none_and_stops_nothing(string content) => Assert.Null(RevocationList.Read(System.Text.Encoding.ASCII.GetBytes(content)));

    [Fact]
    public async Task Past_its_end_and_grace_a_list_vouches_for_nobody()
    {
        var agent = new TestAgent(host);
        host.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(5));
        Assert.Equal(200, (await agent.OpenAsync(Card)).Status);
        host.Clock.Advance(TimeSpan.FromHours(2));
        Refused(503, "revocation-unknown", await agent.OpenAsync(Card));
        host.Cards.Publish();
        await InForceAsync();
        Assert.Equal(200, (await agent.OpenAsync(Card)).Status);
    }

    [Theory]
    [InlineData("demo-persons.crl")]
    [InlineData("demo-root.crl")]
    public async Task Without_the_list_of_each_authority_no_card_opens(string list)
    {
        File.Delete(Path.Combine(Lists, list));
        await InForceAsync();
        Refused(503, "revocation-unknown", await new TestAgent(host).OpenAsync(Card));
    }

    [Fact]
    public async Task A_list_of_another_authority_of_the_same_name_says_nothing()
    {
        using var other = DemoAuthority.Make(host.Clock.GetUtcNow());
        await File.WriteAllBytesAsync(Path.Combine(Lists, "demo-persons.crl"), other.Lists([], host.Clock.GetUtcNow()).Persons, TestContext.Current.CancellationToken);
        await InForceAsync();
        Refused(503, "revocation-unknown", await new TestAgent(host).OpenAsync(Card));
    }

    [Fact]
    public async Task With_nothing_to_trust_no_card_opens()
    {
        Directory.Delete(Path.Combine(host.Folder, "trust", "roots"), recursive: true);
        await InForceAsync();
        Refused(503, "trust-unavailable", await new TestAgent(host).OpenAsync(Card));
    }

    [Fact]
    public void A_list_that_was_tampered_with_is_not_its_issuers()
    {
        using var authority = DemoAuthority.Make(host.Clock.GetUtcNow());
        var der = authority.Lists(["0102"], host.Clock.GetUtcNow()).Persons;
        Assert.True(RevocationList.Read(der)!.IsSignedBy(authority.Issuer));
        Assert.True(RevocationList.Read(der)!.Holds(SerialNumber.Of("0102")));
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

    [Fact]
    public async Task Three_hundred_thousand_entries_are_read_beside_and_looked_up_under_a_millisecond()
    {
        using var authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        using var card = host.Cards.Authentication(Card);
        // One that nothing refreshes but this test.
        var store = new TrustStore(Options.Create(new TrustOptions { Folder = Path.Combine(host.Folder, "trust"), DemoAllowed = true }), NullLogger<TrustStore>.Instance);
        var before = store.Current();
        var others = Enumerable.Range(0, 299_999).Select(n => $"{0x40000000 + n:X8}{n:X24}");
        await File.WriteAllBytesAsync(Path.Combine(Lists, "demo-persons.crl"), LongList.Of(authority.Issuer, [.. others, Convert.ToHexString(card.SerialNumberBytes.Span)], host.Clock.GetUtcNow()), TestContext.Current.CancellationToken);

        // What is being read is not waited for: until it is in force, the one before is.
        Assert.True(ReferenceEquals(before, store.Current()));
        var read = System.Diagnostics.Stopwatch.StartNew();
        var reading = Task.Run(store.Refresh, TestContext.Current.CancellationToken);
        var longest = LongestLookUpUntil(reading, store, Trust.IdOf(authority.Issuer));
        Assert.True(await reading);
        Assert.True(longest < read.Elapsed / 2, $"a look-up took {longest} of the {read.Elapsed} in which the list was read");
        Assert.False(store.Refresh());
        var trust = store.Current()!;
        Assert.Equal(300_000, trust.Entries);
        await InForceAsync();
        Refused(403, "certificate-revoked", await new TestAgent(host).OpenAsync(card));

        var issuer = Trust.IdOf(authority.Issuer);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var n = 0; n < 10_000; n++)
        {
            var serial = SerialNumber.Of($"{0x40000000 + n:X8}{n % 2 * n:X24}");
            Assert.Equal(n % 2 == 1 || n == 0, trust.IsRevoked(issuer, serial, false, host.Clock.GetUtcNow(), TimeSpan.Zero));
        }

        Assert.True(watch.Elapsed / 10_000 < TimeSpan.FromMilliseconds(1), $"{watch.Elapsed / 10_000}");
    }

    private TimeSpan LongestLookUpUntil(Task reading, TrustStore store, string issuer)
    {
        var serial = SerialNumber.Of($"{0x40000000:X8}{0:X24}");
        var longest = TimeSpan.Zero;
        while (!reading.IsCompleted)
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            store.Current()!.IsRevoked(issuer, serial, false, host.Clock.GetUtcNow(), TimeSpan.Zero);
            var took = System.Diagnostics.Stopwatch.GetElapsedTime(began);
            longest = took > longest ? took : longest;
        }

        return longest;
    }

    [Fact]
    public async Task A_card_tells_where_its_list_is_published_and_the_list_is_fetched_before_the_next_try()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        using var stranger = DemoAuthority.Make(host.Clock.GetUtcNow());
        const string Address = "http://lists.test/persons-2.crl";
        using var card = WithPoint(authority, Address);
        using var foreign = WithPoint(stranger, "http://stranger.test/persons.crl");
        var asked = new List<string>();
        using var web = new Served(() => authority.Lists([], host.Clock.GetUtcNow()).Persons, asked);
        using var following = new SessionsHost(cards, [new("Sessions:Trust:Hosts:0", "lists.test")], services => services.AddHttpClient(ListDownload.Client).ConfigurePrimaryHttpMessageHandler(() => web));
        File.Delete(Path.Combine(following.Folder, "trust", "lists", "demo-persons.crl"));
        var agent = new TestAgent(following);

        Refused(403, "certificate-untrusted", await agent.OpenAsync(foreign));
        Refused(503, "revocation-unknown", await agent.OpenAsync(card));
        await Deadline.UntilAsync("the list is in force", TimeSpan.FromSeconds(30), async () => (await agent.OpenAsync(card)).Status == 200, cancel);
        lock (asked)
            Assert.Equal([Address], asked.Distinct());
        Assert.Equal([Address], following.Services.GetRequiredService<DistributionPoints>().Addresses.Keys);
    }

    [Fact]
    public async Task A_list_that_did_not_change_is_not_sent_again()
    {
        using var authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        using var web = new Dated(authority.Lists([], host.Clock.GetUtcNow()).Persons);
        using var downloading = new SessionsHost(cards, [new("Sessions:Trust:ListAddresses:0", "http://lists.test/persons.crl")], services =>
            services.AddHttpClient(ListDownload.Client).ConfigurePrimaryHttpMessageHandler(() => web));
        var download = downloading.Services.GetServices<IHostedService>().OfType<ListDownload>().Single();
        await download.RoundAsync(TestContext.Current.CancellationToken);
        // The host's own first round beside.
        await Deadline.UntilAsync("both have asked", TimeSpan.FromSeconds(30), () => Task.FromResult(web.Asked >= 2), TestContext.Current.CancellationToken);
        var (asked, sent) = (web.Asked, web.Sent);
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((asked + 1, sent), (web.Asked, web.Sent));
    }

    public void Dispose() => host.Dispose();

    private static X509Certificate2 WithPoint(DemoAuthority authority, string address)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(SubjectName.Of(Deck.Find(Card)!), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([address]));
        request.CertificateExtensions.Add(new X509Extension(DrawerOptions.KindExtension, [0x0C, 14, .. "cpe-nominative"u8], false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority.Issuer, now.AddDays(-1), now.AddYears(1), RandomNumberGenerator.GetBytes(16).Positive());
        return certificate.CopyWithPrivateKey(key);
    }

    private async Task InForceAsync() => await host.Services.GetRequiredService<TrustFollower>().RoundAsync(TestContext.Current.CancellationToken);

    private static void Refused<T>(int status, string code, Answer<T> answer) => Assert.Equal((status, code), (answer.Status, answer.Code));

    private sealed class Served(Func<byte[]> content, List<string>? asked = null) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (asked is not null)
            {
                lock (asked)
                    asked.Add(request.RequestUri!.AbsoluteUri);
            }

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content()) });
        }
    }

    /// <summary>A server that knows when its list last changed.</summary>
    private sealed class Dated(byte[] content) : HttpMessageHandler
    {
        private static readonly DateTimeOffset Changed = new(2026, 1, 5, 7, 0, 0, TimeSpan.Zero);

        public int Asked { get; private set; }

        public int Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            if (request.Headers.IfModifiedSince >= Changed)
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotModified));
            Sent++;
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content) };
            response.Content.Headers.LastModified = Changed;
            return Task.FromResult(response);
        }
    }
}
