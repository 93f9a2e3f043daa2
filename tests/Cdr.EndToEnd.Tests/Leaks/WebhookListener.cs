using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>A program that is told when a ticket moves, and keeps what it is told: headers and body.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> heard = [];
    private readonly WebApplication app;

    private WebhookListener()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/told", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await body.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(request.Headers.Select(header => $"{header.Key}: {header.Value}\n"))), request.HttpContext.RequestAborted);
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            heard.Enqueue(body.ToArray());
            return TypedResults.NoContent();
        });
    }

    public string Address => app.Urls.Single() + "/told";

    public IReadOnlyCollection<byte[]> Heard => heard;

    public static async Task<WebhookListener> StartAsync(CancellationToken cancellationToken)
    {
        var listener = new WebhookListener();
        await listener.app.StartAsync(cancellationToken);
        return listener;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
