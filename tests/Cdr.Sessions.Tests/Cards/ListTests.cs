using System.Diagnostics.Metrics;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cdr.Sessions.Tests.Cards;

/// <summary>Which lists are believed, for which certificates, and where they are fetched.</summary>
public sealed class ListTests : IDisposable
{
    private const string Card = "cpe-urgences-rhone";
    private const string Point = "http://lists.test/persons.crl";
    private readonly PrintedCards cards;
    private readonly SessionsHost host;
    private readonly DemoAuthority authority;
    private readonly DateTimeOffset now;

    public ListTests(PrintedCards cards)
    {
        this.cards = cards;
        host = new SessionsHost(cards, [new("Sessions:Trust:FollowDistributionPoints", "false")]);
        now = host.Clock.GetUtcNow();
        authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), now);
    }

    public static TheoryData<int> Partial => [3, 4, 5];

    private WrittenList Newer => new(now, now.AddDays(1)) { Number = now.ToUnixTimeSeconds() + 1 };

    [Fact]
    public void A_list_tells_its_number_and_which_certificates_it_is_for()
    {
        Assert.Equal(ListScope.Everything.Key, Read(Newer)!.Scope.Key);
        Assert.Equal(now.ToUnixTimeSeconds() + 1, Read(Newer)!.Number);
        Assert.Equal((true, false), Kinds(Newer with { Scope = WrittenList.Only(1) }));
        Assert.Equal((false, true), Kinds(Newer with { Scope = WrittenList.Only(2) }));
        Assert.Equal([Point], Read(Newer with { Scope = WrittenList.At(Point) })!.Scope.Points);
    }

    [Theory]
    [MemberData(nameof(Partial))]
    public void A_list_for_some_reasons_for_other_issuers_or_for_attributes_is_none(int flag) =>
        Assert.Null(Read(Newer with
        {
            Scope = flag == 3 ? writer => writer.WriteBitString([0x40], 6, new Asn1Tag(TagClass.ContextSpecific, 3)) : WrittenList.Only(flag),
        }));

    [Fact]
    public void A_list_signed_with_sha_1_is_none() => Assert.Null(Read(Newer with { Hash = HashAlgorithmName.SHA1 }));

    [Fact]
    public void A_list_whose_entries_may_be_another_issuers_and_a_delta_are_none()
    {
        Assert.NotNull(Read(Newer with { Revoked = ["0102"] }));
        Assert.Null(Read(Newer with { Revoked = ["0102"], EntryExtension = "2.5.29.29" }));
        Assert.Null(Read(Newer with { PartOf = "2.5.29.27" }));
    }

    [Fact]
    public void A_list_that_names_another_key_than_its_issuers_is_not_its_issuers()
    {
        Assert.True(Read(Newer)!.IsSignedBy(authority.Issuer));
        Assert.False(Read(Newer with { AuthorityKey = new byte[20] })!.IsSignedBy(authority.Issuer));
    }

    [Fact]
    public void An_authority_that_may_not_sign_lists_signs_none()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(authority.Issuer.SubjectName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var unable = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        Assert.False(RevocationList.Read(Newer.SignedBy(unable))!.IsSignedBy(unable));
    }

    [Theory]
    [InlineData("persons", 1, 200)]
    [InlineData("persons", 2, 503)]
    [InlineData("root", 1, 503)]
    [InlineData("root", 2, 200)]
    public async Task A_list_says_nothing_of_certificates_it_is_not_for(string whose, int flag, int status)
    {
        Replace(whose, Newer with { Scope = WrittenList.Only(flag) });
        Assert.Equal((status, status == 200 ? null : "revocation-unknown"), Of(await new TestAgent(host).OpenAsync(Card)));
    }

    [Fact]
    public async Task A_list_for_cards_that_name_another_place_says_nothing_of_this_one()
    {
        Replace("persons", Newer with { Scope = WrittenList.At("http://lists.test/others.crl") });
        using var here = CardAt(Point);
        using var there = CardAt("http://lists.test/others.crl");
        Assert.Equal((503, "revocation-unknown"), Of(await new TestAgent(host).OpenAsync(here)));
        Assert.Equal(200, (await new TestAgent(host).OpenAsync(there)).Status);
    }

    [Fact]
    public async Task A_list_of_another_authority_does_not_take_the_place_of_the_persons_and_lets_none_of_before_in()
    {
        using var card = CardAt(Point);
        var served = Newer.SignedBy(authority.Root);
        using var web = new Served(() => served);
        using var following = Following(web, new("Sessions:Trust:Hosts:0", "lists.test"));
        var (agent, download) = (new TestAgent(following), DownloadOf(following));
        Assert.Equal(200, (await agent.OpenAsync(card)).Status);
        await RevokeAsync(following, card);
        Assert.Equal((403, "certificate-revoked"), Of(await agent.OpenAsync(card)));

        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(served, Directory.GetFiles(Path.Combine(following.Folder, "trust", "lists")).Select(File.ReadAllBytes), ByteArrays.Same);
        served = authority.Lists([], now.AddMinutes(-1)).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((403, "certificate-revoked"), Of(await agent.OpenAsync(card)));
    }

    [Fact]
    public async Task At_an_address_of_a_setting_each_authoritys_list_has_its_own_place()
    {
        using var card = host.Cards.Authentication(Card);
        var served = Newer.SignedBy(authority.Root);
        using var web = new Served(() => served);
        using var following = Following(web, new("Sessions:Trust:ListAddresses:0", Point));
        var (agent, download) = (new TestAgent(following), DownloadOf(following));
        await RevokeAsync(following, card);
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((403, "certificate-revoked"), Of(await agent.OpenAsync(card)));
        served = authority.Lists([], now.AddMinutes(-1)).Persons;
        await download.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((403, "certificate-revoked"), Of(await agent.OpenAsync(card)));
    }

    [Fact]
    public async Task A_list_of_a_lower_number_is_refused_whatever_its_date()
    {
        using var card = host.Cards.Authentication(Card);
        var served = (Newer with { Number = 1, ThisUpdate = now.AddMinutes(1) }).SignedBy(authority.Issuer);
        using var web = new Served(() => served);
        using var following = Following(web, new("Sessions:Trust:ListAddresses:0", Point));
        await RevokeAsync(following, card);
        await DownloadOf(following).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((403, "certificate-revoked"), Of(await new TestAgent(following).OpenAsync(card)));
        served = (Newer with { Number = now.ToUnixTimeSeconds() + 9, ThisUpdate = now.AddMinutes(1) }).SignedBy(authority.Issuer);
        await DownloadOf(following).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await new TestAgent(following).OpenAsync(card)).Status);
    }

    [Theory]
    [InlineData("0A0B")]
    [InlineData("0C0D")]
    public async Task A_list_that_was_renamed_stops_nobody_once_it_is_over_where_the_next_one_holds_what_it_held(string next)
    {
        // Of a list that holds none of the other's entries nobody knows whether it speaks of the same cards.
        var (renamed, other) = (next == "0A0B", "http://lists.test/renamed.crl");
        Write("former.crl", new WrittenList(now, now.AddHours(1)) { Number = 5, Scope = WrittenList.At(Point), Revoked = ["0A0B"] });
        Write("next.crl", new WrittenList(now, now.AddDays(2)) { Number = 6, Scope = WrittenList.At(other), Revoked = [next] });
        File.Delete(Path.Combine(host.Folder, "trust", "lists", "demo-persons.crl"));
        using var card = CardAt(other);
        var agent = new TestAgent(host);
        // Inside the grace too nothing is late, where another is in time.
        host.Clock.Advance(TimeSpan.FromHours(7) - TimeSpan.FromSeconds(10));
        Assert.Equal(renamed ? HealthStatus.Healthy : HealthStatus.Degraded, await HealthAsync());
        var grant = (await agent.RedeemAsync((await agent.OpenAsync(card)).Value.Ticket)).Value;
        host.Clock.Advance(TimeSpan.FromSeconds(20));
        var (status, code) = renamed ? (200, null) : (503, "revocation-unknown");
        Assert.Equal((status, code), Of(await new TestAgent(host) { OsSession = "later" }.OpenAsync(card)));
        Assert.Equal(renamed ? HealthStatus.Healthy : HealthStatus.Degraded, await HealthAsync());
        Assert.Equal((status, code), Of(await agent.RenewAsync(grant)));
        // What it held is still held.
        using var revoked = CardAt(other, [0x0A, 0x0B]);
        Assert.Equal((renamed ? 403 : 503, renamed ? "certificate-revoked" : "revocation-unknown"), Of(await new TestAgent(host).OpenAsync(revoked)));
    }

    [Fact]
    public async Task A_list_of_a_root_that_was_renamed_stops_nobody_once_it_is_over()
    {
        Write("former-root.crl", new WrittenList(now, now.AddHours(1)) { Number = now.ToUnixTimeSeconds() + 5, Scope = WrittenList.At(Point) }, "root");
        Write("next-root.crl", new WrittenList(now, now.AddDays(2)) { Number = now.ToUnixTimeSeconds() + 6, Scope = WrittenList.At("http://lists.test/renamed.crl") }, "root");
        File.Delete(Path.Combine(host.Folder, "trust", "lists", "demo-root.crl"));
        Assert.Equal(200, (await new TestAgent(host).OpenAsync(Card)).Status);
        host.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(200, (await new TestAgent(host) { OsSession = "later" }.OpenAsync(Card)).Status);
    }

    [Fact]
    public async Task A_fetched_list_that_is_over_is_left_out()
    {
        var served = new WrittenList(now.AddDays(-3), now.AddDays(-2)) { Number = now.ToUnixTimeSeconds() + 9, Scope = WrittenList.At(Point) };
        using var web = new Served(() => served.SignedBy(authority.Issuer));
        using var following = Following(web, new("Sessions:Trust:ListAddresses:0", Point));
        await DownloadOf(following).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, ListsOf(following));
        Assert.Equal(200, (await new TestAgent(following).OpenAsync(Card)).Status);
        // Inside its grace it is believed, as one in hand is.
        served = served with { NextUpdate = now.AddHours(-5) };
        await DownloadOf(following).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, ListsOf(following));
    }

    [Fact]
    public async Task A_list_that_was_not_fetched_is_asked_for_again_sooner_with_growing_pauses_and_that_is_counted()
    {
        var asked = new List<string>();
        var silent = true;
        using var web = new Served(() => silent ? throw new HttpRequestException("silent") : Newer.SignedBy(authority.Issuer), asked);
        using var following = Following(web, new("Sessions:Trust:ListAddresses:0", Point));
        var failures = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, to) => { if (instrument.Name == "cdr.sessions.revocation_list.failures") to.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref failures, value));
        listener.Start();
        _ = following.Server;
        await AskedAsync(1);
        foreach (var (minutes, times) in new[] { (1, 2), (2, 3), (4, 4) })
        {
            // Not before: half of the pause, and then the whole.
            following.Clock.Advance(TimeSpan.FromMinutes(minutes / 2.0));
            await Task.Delay(100, TestContext.Current.CancellationToken);
            Assert.Equal(times - 1, Asked());
            following.Clock.Advance(TimeSpan.FromMinutes(minutes / 2.0));
            await AskedAsync(times);
        }

        Assert.InRange(Interlocked.Read(ref failures), 3, 4);
        silent = false;
        following.Clock.Advance(TimeSpan.FromMinutes(8));
        await AskedAsync(5);
        // Fetched: the hour again.
        following.Clock.Advance(TimeSpan.FromMinutes(59));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(5, Asked());
        following.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskedAsync(6);

        int Asked()
        {
            lock (asked)
                return asked.Count;
        }

        // Asked, and waiting for the next time.
        async Task AskedAsync(int times)
        {
            await Deadline.UntilAsync($"asked {times} times", TimeSpan.FromSeconds(30), () => Asked() == times, TestContext.Current.CancellationToken);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("http://elsewhere.test/persons.crl")]
    [InlineData("http://127.0.0.1:6379/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://lists.test:8080/persons.crl")]
    [InlineData("file:///etc/passwd")]
    public async Task An_address_on_a_card_that_nobody_named_is_not_asked(string address)
    {
        using var card = CardAt(address);
        var asked = new List<string>();
        using var web = new Served(() => [], asked);
        using var following = Following(web, new("Sessions:Trust:Hosts:0", "lists.test:80"));
        Assert.Equal(200, (await new TestAgent(following).OpenAsync(card)).Status);
        await DownloadOf(following).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Empty(asked);
        Assert.Empty(following.Services.GetRequiredService<DistributionPoints>().Addresses);
    }

    [Fact]
    public async Task A_redirection_is_not_followed()
    {
        var asked = new List<string>();
        await using var web = await WebAsync(context =>
        {
            lock (asked)
                asked.Add(context.Request.Path);
            context.Response.Redirect("/other");
        });
        using var following = new SessionsHost(cards, [new("Sessions:Trust:ListAddresses:0", web.Urls.Single() + "/list")]);
        await DownloadOf(following).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["/list"], asked.Distinct());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task An_inner_address_is_asked_only_where_a_setting_names_its_host(string name)
    {
        await using var web = await WebAsync(_ => { });
        var port = new Uri(web.Urls.Single()).Port;
        using var named = new SessionsHost(cards, [new("Sessions:Trust:Hosts:0", name)]);
        foreach (var (one, open) in new[] { (host, false), (named, true) })
        {
            using var http = new HttpClient(one.Services.GetRequiredService<TrustNetwork>().Handler());
            var asking = http.GetAsync(new Uri($"http://{name}:{port}/"), TestContext.Current.CancellationToken);
            if (open)
                Assert.Equal(HttpStatusCode.OK, (await asking).StatusCode);
            else
                Assert.Contains("inner", (await Assert.ThrowsAsync<HttpRequestException>(() => asking)).ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("185.24.184.1", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("2a00:1450::1", false)]
    public void Inner_addresses_are_known(string address, bool inner) => Assert.Equal(inner, TrustNetwork.IsInner(IPAddress.Parse(address)));

    [Fact]
    public async Task A_list_larger_than_any_is_left_out_and_stops_nothing()
    {
        using var web = new Served(() => new byte[64 * 1024 * 1024 + 1]);
        using var following = Following(web, new("Sessions:Trust:ListAddresses:0", Point));
        await DownloadOf(following).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await new TestAgent(following).OpenAsync(Card)).Status);
    }

    public void Dispose()
    {
        authority.Dispose();
        host.Dispose();
    }

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private static ListDownload DownloadOf(SessionsHost following) => following.Services.GetServices<IHostedService>().OfType<ListDownload>().Single();

    private static async Task<WebApplication> WebAsync(Action<HttpContext> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.Run(context =>
        {
            answer(context);
            return Task.CompletedTask;
        });
        await web.StartAsync(TestContext.Current.CancellationToken);
        return web;
    }

    private RevocationList? Read(WrittenList list) => RevocationList.Read(list.SignedBy(authority.Issuer));

    private (bool Users, bool Authorities) Kinds(WrittenList list) => Read(list) is { Scope: var scope } ? (scope.Users, scope.Authorities) : default;

    private SessionsHost Following(Served web, KeyValuePair<string, string> setting) =>
        new(cards, [setting], services => services.AddHttpClient(ListDownload.Client).ConfigurePrimaryHttpMessageHandler(() => web));

    /// <summary>In force from the start.</summary>
    private void Replace(string whose, WrittenList list) =>
        File.WriteAllBytes(Path.Combine(host.Folder, "trust", "lists", $"demo-{whose}.crl"), list.SignedBy(whose == "root" ? authority.Root : authority.Issuer));

    private void Write(string file, WrittenList list, string whose = "persons") =>
        File.WriteAllBytes(Path.Combine(host.Folder, "trust", "lists", file), list.SignedBy(whose == "root" ? authority.Root : authority.Issuer));

    private async Task<HealthStatus> HealthAsync() =>
        (await host.Services.GetRequiredService<ListWatch>().CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;

    private static int ListsOf(SessionsHost following) => Directory.GetFiles(Path.Combine(following.Folder, "trust", "lists")).Length;

    private async Task RevokeAsync(SessionsHost following, X509Certificate2 card)
    {
        var list = (Newer with { Revoked = [Convert.ToHexString(card.SerialNumberBytes.Span)] }).SignedBy(authority.Issuer);
        await File.WriteAllBytesAsync(Path.Combine(following.Folder, "trust", "lists", "demo-persons.crl"), list, TestContext.Current.CancellationToken);
        following.Services.GetRequiredService<TrustStore>().Refresh();
    }

    private X509Certificate2 CardAt(string address, byte[]? serial = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(SubjectName.Of(Deck.Find(Card)!), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([address]));
        request.CertificateExtensions.Add(new X509Extension(DrawerOptions.KindExtension, [0x0C, 14, .. "cpe-nominative"u8], false));
        using var certificate = request.Create(authority.Issuer, now.AddDays(-1), now.AddYears(1), serial ?? RandomNumberGenerator.GetBytes(16).Positive());
        return certificate.CopyWithPrivateKey(key);
    }

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

    private sealed class ByteArrays : IEqualityComparer<byte[]>
    {
        public static ByteArrays Same { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
