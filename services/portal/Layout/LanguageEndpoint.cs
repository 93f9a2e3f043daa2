using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.Layout;

/// <summary>The language one reads the pages in, kept by the browser.</summary>
internal static partial class LanguageEndpoint
{
    public const string Cookie = "cdr-language";

    private const string Consultation = "?consultation=";

    /// <summary>To that language and back to the page at that address, of which only what is never personal is told.</summary>
    public static string To(string language, Uri address)
    {
        var page = address.AbsolutePath + (address.Query.StartsWith(Consultation, StringComparison.Ordinal) ? address.Query : "");
        return $"/langue/{language}?page={Uri.EscapeDataString(Page().IsMatch(page) ? page : address.AbsolutePath)}";
    }

    public static void MapLanguage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/langue/{language:regex(^(fr|en)$)}", (string language, string? page, HttpResponse response, IOptions<PortalOptions> options) =>
        {
            response.Cookies.Append(Cookie, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language == "fr" ? "fr-FR" : "en-GB")), new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Strict,
                Secure = options.Value.SecureCookie,
            });
            return TypedResults.Redirect(page is not null && Page().IsMatch(page) ? page : "/");
        }).AllowAnonymous().ExcludeFromDescription();

    // Of the portal itself, whoever wrote the link: nowhere else, and with nothing beside but a consultation's id.
    [GeneratedRegex(@"\A/(?!langue/)([a-z0-9-]+(/[a-z0-9-]+)*)?(\?consultation=[0-9a-f-]{36})?\z")]
    private static partial Regex Page();
}
