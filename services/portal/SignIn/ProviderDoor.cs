using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Identity;
using Microsoft.Extensions.Options;
using Refit;

namespace Cdr.Portal.SignIn;

/// <summary>The way to a provider, back from it, and out of it. What is being signed in is bound to this browser by a cookie of its own.</summary>
internal sealed class ProviderDoor([FromKeyedServices(PortalModule.Name)] IProvidersApi providers, IOptions<PortalOptions> options)
{
    private const string Cookie = "cdr-provider";
    private const string Path = "/connexion";

    /// <summary>Where this browser goes; null: there is no such door, or nobody answers.</summary>
    public async Task<string?> BeginAsync(HttpContext http, string id)
    {
        try
        {
            var request = await providers.BeginAsync(id, http.RequestAborted);
            http.Response.Cookies.Append(Cookie, request.Binding, new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                Path = Path,
                MaxAge = TimeSpan.FromMinutes(10),
                // Sent with the return, which begins on the provider's page; never with a post from there.
                SameSite = SameSiteMode.Lax,
                Secure = options.Value.SecureCookie,
            });
            return request.Address;
        }
        catch (Exception e) when (IsSilence(e, http))
        {
            return null;
        }
    }

    /// <summary>The secret of the sign-in that this browser began, good for one return; null when it began none.</summary>
    public static string? Take(HttpContext http)
    {
        var binding = http.Request.Cookies[Cookie];
        http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = Path });
        return binding;
    }

    /// <summary>What this browser hands to the provider of a session that has ended; null: the session lives.</summary>
    public async Task<ProviderLogout?> LeaveAsync(HttpContext http, SignedIn person)
    {
        try
        {
            return await providers.LeaveAsync(person.Session, new RenewalRequest(person.Renewal), http.RequestAborted);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.Unauthorized)
        {
            return null;
        }
        catch (Exception e) when (IsSilence(e, http))
        {
            return new ProviderLogout(null);
        }
    }

    private static bool IsSilence(Exception e, HttpContext http) =>
        e is ApiExceptionBase or HttpRequestException || e is OperationCanceledException && !http.RequestAborted.IsCancellationRequested;
}
