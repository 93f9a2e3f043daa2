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

    public static void Write(HttpResponse response) => response.OnStarting(() =>
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return Task.CompletedTask;
    });
}
