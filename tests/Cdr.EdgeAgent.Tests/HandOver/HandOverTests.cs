using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.HandOver;

namespace Cdr.EdgeAgent.Tests.HandOver;

public sealed class HandOverTests
{
    private static readonly Opening Opening = new("a-ticket", TimeProvider.System.GetUtcNow().AddSeconds(30), [], Guid.Empty, 20);

    [Fact]
    public void A_ticket_opens_with_the_key_of_the_browser_that_asked()
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var ticket = BrowserTicket.Seal(Base64Url.EncodeToString(browser.ExportSubjectPublicKeyInfo()), Opening)!;
        Assert.DoesNotContain("a-ticket", ticket, StringComparison.Ordinal);
        Assert.Equal("a-ticket", Open(browser, ticket)!.Ticket);
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.Null(Open(other, ticket));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 url!")]
    public void What_is_no_key_gets_no_ticket(string key) => Assert.Null(BrowserTicket.Seal(key, Opening));

    [Fact]
    public void A_key_of_another_curve_gets_no_ticket()
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        Assert.Null(BrowserTicket.Seal(Base64Url.EncodeToString(browser.ExportSubjectPublicKeyInfo()), Opening));
    }

    [Theory]
    [InlineData("cdr:sign-in?browser=AbC-_9", "AbC-_9")]
    [InlineData("CDR:sign-in?browser=AbC", "AbC")]
    [InlineData("cdr:sign-in?browser=", null)]
    [InlineData("cdr:sign-in?browser=A&origin=https://evil.example", null)]
    [InlineData("cdr:sign-in?browser=A#b", null)]
    [InlineData("cdr:sign-in?browser=A%0A", null)]
    [InlineData("cdr:sign-out", null)]
    [InlineData("https://evil.example/?browser=A", null)]
    [InlineData("--reader", null)]
    public void A_link_says_a_browsers_key_and_nothing_else(string link, string? browser) => Assert.Equal(browser, CdrLink.Browser(link));

    [Fact]
    public void A_link_of_any_length_is_not_read() => Assert.Null(CdrLink.Browser("cdr:sign-in?browser=" + new string('A', 129)));

    [Fact]
    public void The_ticket_is_in_the_fragment() => Assert.Equal("https://cdr.test/connexion/agent#x", BrowserOpener.Landing(new Uri("https://cdr.test/"), "x").AbsoluteUri);

    /// <summary>As the portal opens it.</summary>
    internal static Opening? Open(ECDiffieHellman browser, string ticket)
    {
        var bytes = Base64Url.DecodeFromChars(ticket);
        using var agent = ECDiffieHellman.Create();
        agent.ImportSubjectPublicKeyInfo(bytes.AsSpan(0, 91), out _);
        using var cipher = new AesGcm(browser.DeriveKeyFromHash(agent.PublicKey, HashAlgorithmName.SHA256, "CDR-TICKET-1"u8.ToArray(), null), 16);
        var text = new byte[bytes.Length - 91 - 12 - 16];
        try
        {
            cipher.Decrypt(bytes.AsSpan(91, 12), bytes.AsSpan(103, text.Length), bytes.AsSpan(bytes.Length - 16), text, "CDR-TICKET-1"u8);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return JsonSerializer.Deserialize<Opening>(text, JsonSerializerOptions.Web);
    }
}
