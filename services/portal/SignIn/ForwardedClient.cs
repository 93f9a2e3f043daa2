namespace Cdr.Portal.SignIn;

/// <summary>Tells Sessions whose browser a sign-in comes from: it limits each client, and would otherwise see the portal alone.</summary>
internal sealed class ForwardedClient(IHttpContextAccessor http) : DelegatingHandler
{
    private const string Header = "X-Forwarded-For";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (http.HttpContext is { Connection.RemoteIpAddress: { } browser } context)
            request.Headers.TryAddWithoutValidation(Header, [.. context.Request.Headers[Header].OfType<string>(), browser.ToString()]);
        return base.SendAsync(request, cancellationToken);
    }
}
