using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.Identity;

/// <summary>The cookie of pages: sealed, never readable by a script, sent to this site only and over TLS, gone with the browser.</summary>
internal static class PortalCookie
{
    public const string Name = "cdr-session";
    public const string SignInPath = "/connexion";
    public const string SignOutPath = "/connexion/sortie";

    /// <summary>
    /// Pages and their circuits. The cookie's own check ends it with its session; a session that nobody can vouch for still sees the
    /// pages, which say so: the data behind them is refused by the services.
    /// </summary>
    public static AuthorizationPolicy Page { get; } = new AuthorizationPolicyBuilder(CdrSchemes.Cookie).RequireAuthenticatedUser().Build();

    public static void AddPortalCookie(this IServiceCollection services)
    {
        services.AddAuthentication().AddCookie(CdrSchemes.Cookie, options =>
        {
            options.Cookie.Name = Name;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
            options.SlidingExpiration = false;
            options.LoginPath = SignInPath;
            options.Events.OnValidatePrincipal = ValidateAsync;
            options.Events.OnRedirectToLogin = ToSignIn;
            options.Events.OnRedirectToAccessDenied = context => Refuse(context.Response, StatusCodes.Status403Forbidden);
        });
        // Not as the request was: a proxy ends TLS before us, and the request looks plain.
        services.AddOptions<CookieAuthenticationOptions>(CdrSchemes.Cookie).Configure<IOptions<PortalOptions>>((cookie, portal) =>
            cookie.Cookie.SecurePolicy = portal.Value.SecureCookie ? CookieSecurePolicy.Always : CookieSecurePolicy.None);
    }

    /// <summary>Where one goes when a session has ended: whoever signed out leaves their provider on the way.</summary>
    public static string After(string? reason) => reason == SessionEnds.SignedOut ? SignOutPath : SignInBecause(reason);

    /// <summary>The sign-in page, and why one is brought there.</summary>
    public static string SignInBecause(string? reason) => reason is null ? SignInPath : $"{SignInPath}?fin={reason}";

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var aborted = context.HttpContext.RequestAborted;
        var person = SignedIn.From(context.Principal);
        if (person is not null && await services.GetRequiredService<SessionGate>().CheckAsync(person.Session.ToString(), aborted) != SessionState.Ended)
            return;
        // Who it was: to leave their provider, and nothing else.
        context.HttpContext.Items[typeof(SignedIn)] = person;
        if (person is not null)
            context.HttpContext.Items[typeof(SessionEndings)] = await services.GetRequiredService<SessionEndings>().WhyAsync(person.Session, aborted);
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CdrSchemes.Cookie);
    }

    private static Task ToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || !request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            return Refuse(context.Response, StatusCodes.Status401Unauthorized);
        // Where one was going is not carried along in the address: it is no place for what one was looking at.
        context.HttpContext.RequestServices.GetRequiredService<SignIn.WayBack>().Keep(context.HttpContext, context.HttpContext.Items[typeof(SignedIn)] as SignedIn);
        context.Response.Redirect(SignInBecause(context.HttpContext.Items[typeof(SessionEndings)] as string));
        return Task.CompletedTask;
    }

    private static Task Refuse(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }
}
