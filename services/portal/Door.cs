using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Mvc;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Cdr.Portal;

/// <summary>
/// The public door of a distributed installation: the services' public paths, and no other (<c>/internal</c> stays inside). Only the
/// portal's own entry point opens it: a host of all modules would call itself for ever.
/// </summary>
internal static class Door
{
    private static readonly (string Service, string[] Paths)[] Paths =
    [
        ("Sessions", ["/api/sessions/{**rest}", "/.well-known/{**rest}", "/openapi/sessions.json"]),
        ("Usage", ["/api/usage/{**rest}", "/openapi/usage.json"]),
        ("Support", ["/api/support/{**rest}", "/openapi/support.json"]),
        ("Rights", ["/api/{**rest}", "/fhir/{**rest}", "/verify/{**rest}", "/openapi/rights.json"]),
    ];

    public static void AddDoor(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpForwarder();
        // Described by the services behind the door, browsed in front of it.
        foreach (var document in new[] { "rights", "sessions", "usage" })
            builder.Services.AddSingleton(new ApiDocument(document));
        // It writes the whole address of each call, in which a caller may have put a person by mistake.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Warning);
    }

    public static void MapDoor(this WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<ServiceAddresses>();
        // The longest wait of a question is the regimes' 20 s; an event stream says something more often than that.
        var patience = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(60) };
        // An installation may go without Support; without the others nothing works, and the start says so.
        foreach (var (service, paths) in Paths.Where(one => one.Service != "Support" || addresses.Knows(one.Service)))
        {
            foreach (var path in paths)
                app.MapForwarder(path, addresses.Of(service).AbsoluteUri, patience, Transform)
                    // Each service knows its callers, and its own limits.
                    .AllowAnonymous()
                    .WithMetadata(new DisableRequestSizeLimitAttribute());
        }
    }

    private static void Transform(TransformBuilderContext context)
    {
        // The cookie opens pages only: no service has any use for it.
        context.AddRequestHeaderRemove("Cookie");
        context.UseDefaultForwarders = false;
        context.AddXForwardedHost().AddXForwardedProto();
        // Added to what the proxy before us said, and not instead of it: Sessions and Rights limit each client.
        context.AddXForwardedFor(action: ForwardedTransformActions.Append);
    }
}
