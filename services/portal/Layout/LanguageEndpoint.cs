using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.Layout;

/// <summary>The language one reads the pages in, kept by the browser.</summary>
internal static class LanguageEndpoint
{
    public const string Cookie = "cdr-language";

    public static void MapLanguage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/langue/{language:regex(^(fr|en)$)}", (string language, HttpResponse response, IOptions<PortalOptions> options) =>
        {
            response.Cookies.Append(Cookie, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language == "fr" ? "fr-FR" : "en-GB")), new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Strict,
                Secure = options.Value.SecureCookie,
            });
            return TypedResults.Redirect("/");
        }).AllowAnonymous().ExcludeFromDescription();
}
