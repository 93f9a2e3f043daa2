using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Cdr.Portal.Identity;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.SignIn;

/// <summary>
/// Brings who followed a link without a session to that page once they are signed in, through whichever door. The page waits sealed in a
/// cookie, not in the address: a path of this site made of words and ids, so that nothing personal fits into it. Where somebody's session
/// had ended it is theirs alone: the next person at the desk is not shown what the last one looked at. From an open page that an ending leaves
/// no answer can set a cookie: there it is sealed in the address of the sign-in page, which puts it into the cookie.
/// </summary>
internal sealed partial class WayBack(IDataProtectionProvider protection, IOptions<PortalOptions> options)
{
    private const string Cookie = "cdr-way-back";
    private const string Home = "/";

    // A card, its PIN, the terms of use and a slow clerk.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("cdr.portal.way-back").ToTimeLimitedDataProtector();

    /// <summary>The page that is asked for now; one that is not worth coming back to makes an earlier one forgotten.</summary>
    public void Keep(HttpContext http, SignedIn? whose)
    {
        var page = PageOf(http.Request.Path.Value ?? "", http.Request.Query["consultation"]);
        http.Response.Cookies.Append(Cookie, page == Home ? "" : Seal(page, whose?.Subject), Shape(page == Home ? TimeSpan.Zero : Lifetime));
    }

    /// <summary>The sign-in page, for whom an ending brings there from an open page: that page, sealed, is in the address until the cookie has it.</summary>
    public string From(string address, string? reason, SignedIn whose)
    {
        var uri = new Uri(address);
        var page = PageOf(uri.AbsolutePath, Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query).GetValueOrDefault("consultation"));
        return page == Home || reason is null ? PortalCookie.After(reason) : $"{PortalCookie.SignInBecause(reason)}&page={Uri.EscapeDataString(Seal(page, whose.Subject))}";
    }

    /// <summary>What the address holds goes on in the cookie.</summary>
    public void Keep(HttpContext http, string box)
    {
        if (Open(box) is not null)
            http.Response.Cookies.Append(Cookie, box, Shape(Lifetime));
    }

    /// <summary>Where that person goes on. It has served.</summary>
    public string Take(HttpContext http, SignedIn person)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } box)
            return Home;
        http.Response.Cookies.Append(Cookie, "", Shape(TimeSpan.Zero));
        return Open(box) is [var page, var whose] && (whose.Length == 0 || whose == person.Subject) ? page : Home;
    }

    private string Seal(string page, string? whose) => protector.Protect($"{page}\n{whose}", Lifetime);

    private string[]? Open(string box)
    {
        try
        {
            return protector.Unprotect(box).Split('\n');
        }
        catch (CryptographicException)
        {
            // Too old, or not ours.
            return null;
        }
    }

    internal static string PageOf(string path, string? consultation)
    {
        if (path == Home)
            return Guid.TryParseExact(consultation, "D", out var id) ? $"/?consultation={id}" : Home;
        // A statement is made by whoever opens its page: back to the answer it is of.
        return Page().Match(path) is { Success: true } known && known.Groups[1].Value is var page && !page.StartsWith(PortalCookie.SignInPath, StringComparison.Ordinal) ? page : Home;
    }

    /// <summary>Lax: the agent and the providers send the browser back from outside.</summary>
    private CookieOptions Shape(TimeSpan life) =>
        new() { HttpOnly = true, IsEssential = true, MaxAge = life, Path = PortalCookie.SignInPath, SameSite = SameSiteMode.Lax, Secure = options.Value.SecureCookie };

    [GeneratedRegex("^(/[a-z-]{1,40}(?:/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?)(?:/releve)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Page();
}
