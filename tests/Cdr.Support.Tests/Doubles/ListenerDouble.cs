using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.Support.Tests.Doubles;

/// <summary>A program that is told, over HTTP.</summary>
internal sealed class ListenerDouble : IAsyncDisposable
{
    private readonly WebApplication app;

    private ListenerDouble()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/told", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Told.Enqueue(new Telling(
                request.Headers["Cdr-Webhook-Id"].ToString(), request.Headers["Cdr-Webhook-Timestamp"].ToString(), request.Headers["Cdr-Webhook-Signature"].ToString(), body.ToArray()));
            await Task.Delay(Takes, request.HttpContext.RequestAborted);
            return Status is 307 ? Results.Redirect("/elsewhere", preserveMethod: true) : Results.StatusCode(Status);
        });
        app.MapPost("/elsewhere", () =>
        {
            Elsewhere++;
            return Results.Ok();
        });
    }

    public ConcurrentQueue<Telling> Told { get; } = [];

    public int Status { get; set; } = 204;

    public TimeSpan Takes { get; set; }

    public int Elsewhere { get; private set; }

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/told";

    public static async Task<ListenerDouble> StartAsync()
    {
        var listener = new ListenerDouble();
        await listener.app.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    public sealed record Telling(string Id, string Timestamp, string Signature, byte[] Body);
}
