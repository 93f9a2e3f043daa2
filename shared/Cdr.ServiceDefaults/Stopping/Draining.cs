using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Cdr.ServiceDefaults.Stopping;

/// <summary>
/// Between « stop » and the end. Callers keep connections: one that the server closes at the moment when a question is sent over it is a question
/// that failed, and a POST is not sent again. So each is told first, by the answer to its last request, that it is the last one.
/// </summary>
internal sealed class Draining(IOptions<StopOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    private volatile bool isOn;

    /// <summary>Before all else.</summary>
    public Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (!isOn)
            return next(context);
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        if (context.Request.Path != "/health/ready")
            return next(context);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync("""{"status":"Stopping"}""", context.RequestAborted);
    }

    /// <summary>The host stops nothing before this has ended.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Drain == TimeSpan.Zero)
            return;
        isOn = true;
        await Task.Delay(options.Value.Drain, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
