namespace Cdr.Portal.Layout;

/// <summary>Headers of pages: nothing from elsewhere, in no frame, kept nowhere, told to nobody.</summary>
internal static class PageHeaders
{
    // Styles inline: MudBlazor writes its theme and some positions as such. Scripts: files of this site only.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void WithPageHeaders(this IEndpointConventionBuilder pages) => pages.Finally(endpoint =>
    {
        var page = endpoint.RequestDelegate;
        endpoint.RequestDelegate = page is null ? null : context =>
        {
            Write(context.Response);
            return page(context);
        };
    });

    /// <summary>For a page whose form is another site's, and which shows nothing of a person: providers send a browser on through hosts of their own.</summary>
    public static void LetFormsLeave(HttpContext context) => context.Items[typeof(PageHeaders)] = true;

    public static void Write(HttpResponse response) => response.OnStarting(() =>
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = response.HttpContext.Items.ContainsKey(typeof(PageHeaders)) ? Policy.Replace("form-action 'self'", "form-action *", StringComparison.Ordinal) : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return Task.CompletedTask;
    });
}
