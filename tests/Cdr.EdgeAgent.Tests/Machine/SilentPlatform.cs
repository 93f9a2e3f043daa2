using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cdr.EdgeAgent.Tests.Machine;

/// <summary>A platform that answers up to a step, and then keeps whoever asks waiting.</summary>
internal sealed class SilentPlatform : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SilentPlatform(string silentAt)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/api/sessions/" + silentAt, StringComparison.Ordinal) && context.Request.Path == "/api/sessions/challenges")
            {
                var now = TimeProvider.System.GetUtcNow();
                await context.Response.WriteAsJsonAsync(new Challenge(Guid.CreateVersion7(now), Door.GetLeftPart(UriPartial.Authority), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), ["RS256"], now.AddSeconds(120)), over.Token);
                return;
            }

            asked.TrySetResult();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, over.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });
    }

    public Uri Door => new(app.Urls.First());

    /// <param name="silentAt"><c>challenges</c> or <c>openings</c>.</param>
    public static async Task<SilentPlatform> StartAsync(string silentAt)
    {
        var platform = new SilentPlatform(silentAt);
        await platform.app.StartAsync(TestContext.Current.CancellationToken);
        return platform;
    }

    /// <summary>Once somebody waits.</summary>
    public Task AskedAsync() => asked.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await app.DisposeAsync();
        over.Dispose();
    }
}
