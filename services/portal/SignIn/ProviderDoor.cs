using Cdr.Contracts.Sessions;
using Microsoft.Extensions.Options;
using Refit;

namespace Cdr.Portal.SignIn;

/// <summary>The way to a provider and back: what is being signed in is bound to this browser by a cookie of its own.</summary>
internal static class ProviderDoor
{
    public const string Cookie = "cdr-provider";
    public const string ReturnPath = "/connexion/retour";

    public static void MapProviderDoor(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/connexion/avec/{id:regex(^[a-z0-9-]{{1,40}}$)}", BeginAsync).AllowAnonymous().ExcludeFromDescription();

    /// <summary>The secret of the sign-in that this browser began, good for one return; null when it began none.</summary>
    public static string? Take(HttpContext http)
    {
        var binding = http.Request.Cookies[Cookie];
        http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/connexion" });
        return binding;
    }

    private static async Task<IResult> BeginAsync(
        string id, HttpContext http, [FromKeyedServices(PortalModule.Name)] IProvidersApi providers, IOptions<PortalOptions> options, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var request = await providers.BeginAsync(id, cancellationToken);
            http.Response.Cookies.Append(Cookie, request.Binding, new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                Path = "/connexion",
                MaxAge = TimeSpan.FromMinutes(10),
                // Sent with the return, which begins on the provider's page; never with a post from there.
                SameSite = SameSiteMode.Lax,
                Secure = options.Value.SecureCookie,
            });
            // What its page learns of ours is nothing.
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            return TypedResults.Redirect(request.Address);
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return TypedResults.Redirect(ReturnPath);
        }
    }
}
