using System.Net;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cdr.ServiceDefaults.Tests.Stopping;

public sealed class DrainingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_stops_is_not_ready_serves_all_the_same_and_says_that_it_was_the_last_request()
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(app => app.MapGet("/asked", () => TypedResults.Ok("answered")).AllowAnonymous(), settings: [new("Stop:Drain", "00:00:05")]);
        using (var before = await host.Client().GetAsync("/asked", Cancel))
            Assert.NotEqual(true, before.Headers.ConnectionClose);

        var stopping = host.App.StopAsync(Cancel);
        await Deadline.UntilAsync("it is not ready", TimeSpan.FromSeconds(10), async () =>
        {
            using var ready = await host.Client().GetAsync("/health/ready", Cancel);
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable && await ready.Content.ReadAsStringAsync(Cancel) == """{"status":"Stopping"}""";
        }, Cancel);
        using var last = await host.Client().GetAsync("/asked", Cancel);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.Equal(true, last.Headers.ConnectionClose);
        using var alive = await host.Client().GetAsync("/health/live", Cancel);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.False(stopping.IsCompleted);

        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    /// <summary>A developer's Ctrl-C waits for nobody.</summary>
    [Fact]
    public async Task Where_nothing_is_said_it_stops_at_once()
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(_ => { });
        await host.App.StopAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(15), Cancel);
    }
}
