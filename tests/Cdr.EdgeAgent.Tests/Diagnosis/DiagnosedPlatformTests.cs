using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Diagnosis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cdr.EdgeAgent.Tests.Diagnosis;

public sealed class DiagnosedPlatformTests
{
    private static readonly PostReport Report = new("post", null, "1.0", "linux", "Debian", false, null, false, null, [], false, null, null, null);

    [Theory]
    [InlineData(401, "platform-refused")]
    [InlineData(403, "platform-refused")]
    [InlineData(429, "platform-refused")]
    [InlineData(404, "platform-older")]
    [InlineData(405, "platform-older")]
    // A proxy that has its own page to show.
    [InlineData(302, "platform-unexpected")]
    [InlineData(502, "platform-unexpected")]
    public async Task Only_a_refusal_is_one(int status, string state)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.CompleteAsync();
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var told = await DiagnosedPlatform.PolicyAsync(new AgentSettings { Platform = new Uri(app.Urls.First()) }, Report, TestContext.Current.CancellationToken);
        Assert.Equal((state, status), (told.State, told.Status));
    }
}
