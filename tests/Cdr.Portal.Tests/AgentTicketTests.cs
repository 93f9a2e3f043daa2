using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

/// <summary>What a workstation's agent brings to the browser that asked for it.</summary>
public sealed partial class AgentTicketTests : IAsyncLifetime
{
    private static readonly Activity Clerk = new(Guid.Parse("01930000-0000-7000-8000-000000000001"), CdrRoles.Clerk, "Urgences", "590780193", "Hôpital Saint-Roch", "Urgences", "emergencies");
    private static readonly Activity Other = Clerk with { Id = Guid.Parse("01930000-0000-7000-8000-000000000002") };
    private FakePlatform platform = null!;
    private PortalHost portal = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await FakePlatform.StartAsync();
        portal = await PortalHost.StartAsync(platform, drawer: false);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task A_ticket_closed_for_this_browser_signs_it_in_once()
    {
        using var browser = portal.Browser();
        var ticket = Seal(await KeyAsync(browser), Clerk);
        var response = await BringAsync(browser, ticket);
        Assert.Equal("/", response.Headers.Location?.OriginalString.Replace(portal.Address, "", StringComparison.Ordinal));
        Assert.Contains(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("cdr-session=", StringComparison.Ordinal));
        Assert.Contains(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("cdr-browser=;", StringComparison.Ordinal));
        // The key has served.
        Assert.Equal("ticket-foreign", await CodeAsync(await BringAsync(browser, ticket)));
    }

    [Fact]
    public async Task The_same_ticket_opens_nothing_in_another_browser()
    {
        using var victim = portal.Browser();
        using var thief = portal.Browser();
        var ticket = Seal(await KeyAsync(victim), Clerk);
        await KeyAsync(thief);
        Assert.Equal("ticket-foreign", await CodeAsync(await BringAsync(thief, ticket)));
        // Nor where nothing was asked for.
        using var stranger = portal.Browser();
        Assert.Equal("ticket-foreign", await CodeAsync(await BringAsync(stranger, ticket)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 url!")]
    public async Task What_is_no_ticket_is_told_so(string ticket)
    {
        using var browser = portal.Browser();
        await KeyAsync(browser);
        Assert.Equal("ticket-foreign", await CodeAsync(await BringAsync(browser, ticket)));
    }

    [Fact]
    public async Task Several_activities_are_chosen_from_without_the_ticket_being_shown()
    {
        using var browser = portal.Browser();
        var response = await BringAsync(browser, Seal(await KeyAsync(browser), Clerk, Other));
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("activity-1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("t-agent", page, StringComparison.Ordinal);
        var chosen = await PostAsync(browser, page, ("_handler", "activity"), ("box", Box().Match(page).Groups[1].Value), ("activity", Other.Id.ToString()));
        Assert.Equal("/", chosen.Headers.Location?.OriginalString.Replace(portal.Address, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_key_is_this_browsers_alone_and_two_tabs_have_one()
    {
        using var browser = portal.Browser();
        using var response = await browser.GetAsync("/connexion", TestContext.Current.CancellationToken);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), one => one.StartsWith("cdr-browser=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/connexion", cookie, StringComparison.OrdinalIgnoreCase);
        var first = Link().Match(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value;
        Assert.Equal(first, await KeyAsync(browser));
        using var other = portal.Browser();
        Assert.NotEqual(first, await KeyAsync(other));
    }

    private static async Task<string> KeyAsync(HttpClient browser)
    {
        var key = Link().Match(await browser.GetStringAsync("/connexion", TestContext.Current.CancellationToken)).Groups[1].Value;
        Assert.NotEqual("", key);
        return key;
    }

    private static async Task<HttpResponseMessage> BringAsync(HttpClient browser, string ticket) =>
        await PostAsync(browser, await browser.GetStringAsync("/connexion/agent", TestContext.Current.CancellationToken), ("_handler", "ticket"), ("ticket", ticket));

    private static Task<HttpResponseMessage> PostAsync(HttpClient browser, string page, params (string Name, string Value)[] fields) =>
        browser.PostAsync("/connexion/agent", new FormUrlEncodedContent([
            new("__RequestVerificationToken", Antiforgery().Match(page).Groups[1].Value),
            .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]), TestContext.Current.CancellationToken);

    private static async Task<string> CodeAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Code().Match(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value;
    }

    /// <summary>As the agent does.</summary>
    private static string Seal(string browser, params Activity[] activities)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDiffieHellman.Create();
        other.ImportSubjectPublicKeyInfo(Base64Url.DecodeFromChars(browser), out _);
        var purpose = "CDR-TICKET-1"u8.ToArray();
        using var cipher = new AesGcm(own.DeriveKeyFromHash(other.PublicKey, HashAlgorithmName.SHA256, purpose, null), 16);
        var nonce = RandomNumberGenerator.GetBytes(12);
        var text = JsonSerializer.SerializeToUtf8Bytes(new Opening("t-agent", TimeProvider.System.GetUtcNow().AddSeconds(30), activities, Guid.Empty, 20), JsonSerializerOptions.Web);
        var (closed, tag) = (new byte[text.Length], new byte[16]);
        cipher.Encrypt(nonce, text, closed, tag, purpose);
        return Base64Url.EncodeToString([.. own.ExportSubjectPublicKeyInfo(), .. nonce, .. closed, .. tag]);
    }

    [GeneratedRegex("cdr:sign-in\\?browser=([A-Za-z0-9_-]+)")]
    private static partial Regex Link();

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();

    [GeneratedRegex("data-code=\"([^\"]+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("name=\"box\" value=\"([^\"]+)\"")]
    private static partial Regex Box();
}
