namespace Cdr.Sessions.Software;

/// <summary>
/// On an address that asks for certificates, software obtains its token, and nothing else is there. What stands before it passes the connection
/// on unread: a header that names a client is the client's own, whoever the proxy is.
/// </summary>
/// <param name="ports">Ports of such addresses.</param>
internal sealed class MutualDoor(IReadOnlySet<int> ports) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (ports.Count > 0)
        {
            app.Use((http, rest) =>
            {
                if (!ports.Contains(http.Connection.LocalPort))
                    return rest(http);
                if (http.Request.Path != SoftwareAssertions.Path)
                {
                    http.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }

                http.Request.Headers.Remove("X-Forwarded-For");
                return rest(http);
            });
        }

        next(app);
    };
}
