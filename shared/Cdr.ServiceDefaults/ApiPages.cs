using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace Cdr.ServiceDefaults;

/// <summary>An interface that this host describes at <c>/openapi/NAME.json</c>, by itself or through the services behind it.</summary>
/// <param name="Name">Of the document: <c>rights</c>.</param>
public sealed record ApiDocument(string Name);

/// <summary>The descriptions of the interfaces, and the pages to browse them.</summary>
public static class ApiPages
{
    private const string Root = "/docs";
    private const string Chosen = "documentName";

    /// <summary>Describes a module's interface, and has <c>/docs</c> name it.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services, string name, Action<OpenApiOptions> describe) =>
        services.AddOpenApi(name, describe).AddSingleton(new ApiDocument(name));

    internal static void MapApiPages(this WebApplication app)
    {
        app.MapOpenApi($"/openapi/{{{Chosen}}}.json").AllowAnonymous();
        app.MapScalarApiReference(Root, (options, context) => Show(options, Documents(context))).AllowAnonymous().AddEndpointFilter(AtItsOwnAddressAsync);
    }

    // A hospital's workstations reach nothing but the platform: no fonts, figures or assistants of the pages' maker.
    private static void Show(ScalarOptions options, IEnumerable<string> documents) => options
        .WithOpenApiRoutePattern($"/openapi/{{{Chosen}}}.json").AddDocuments(documents)
        .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton();

    // The page's scripts are beside the page: a final slash would have them looked for a folder below.
    private static async ValueTask<object?> AtItsOwnAddressAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.GetRouteValue(Chosen) is not string name)
            return await next(invocation);
        if (!Documents(context).Contains(name, StringComparer.Ordinal))
            return TypedResults.NotFound();
        return context.Request.Path.Value!.EndsWith('/') ? TypedResults.LocalRedirect($"~{Root}/{name}") : await next(invocation);
    }

    private static IEnumerable<string> Documents(HttpContext context) =>
        context.RequestServices.GetServices<ApiDocument>().Select(document => document.Name).Order(StringComparer.Ordinal);
}
