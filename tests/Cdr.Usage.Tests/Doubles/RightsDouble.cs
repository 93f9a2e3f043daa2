using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>The journals of Rights over HTTP, for the service Usage alone.</summary>
internal sealed class RightsDouble : IAsyncDisposable
{
    private readonly WebApplication app;

    private RightsDouble()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        var internals = app.MapGroup("/internal/journals").AddEndpointFilter(async (context, next) =>
            Journals.Silent ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : IsUsage(context.HttpContext.Request.Headers.Authorization.ToString()) ? await next(context)
            : Results.Unauthorized());
        internals.MapGet("", async (CancellationToken cancellationToken) => await Journals.HeadsAsync(cancellationToken));
        internals.MapGet("{id:guid}/batches", async (Guid id, long after, int take, CancellationToken cancellationToken) =>
            await Journals.BatchesAsync(id, after, take, cancellationToken));
    }

    public JournalsDouble Journals { get; } = new();

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<RightsDouble> StartAsync()
    {
        var rights = new RightsDouble();
        await rights.app.StartAsync(TestContext.Current.CancellationToken);
        return rights;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static bool IsUsage(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.Ordinal) && new JsonWebToken(authorization[7..]) is { Subject: "usage" } token
        && token.TryGetValue("kind", out string? kind) && kind == "service";
}
