using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cdr.ServiceDefaults.Tests;

public sealed class HealthProbeTests
{
    [Theory]
    [InlineData("ready", StatusCodes.Status200OK, 0)]
    [InlineData("ready", StatusCodes.Status503ServiceUnavailable, 1)]
    // A service that waits for its database is alive: it is not to be killed for it.
    [InlineData("live", StatusCodes.Status503ServiceUnavailable, 0)]
    public async Task A_program_says_by_its_exit_code_how_its_other_self_does(string asked, int ready, int code)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapGet("/health/live", () => "Healthy");
        app.MapGet("/health/ready", () => TypedResults.Text("Said", statusCode: ready));
        await app.StartAsync(TestContext.Current.CancellationToken);
        await using var output = new StringWriter();

        Assert.Equal(code, await HealthProbe.RunAsync(["--health", asked], name => name == "ASPNETCORE_URLS" ? app.Urls.Single() : null, output));

        Assert.Contains(asked == "live" ? "Healthy" : "Said", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_not_well()
    {
        var port = Cdr.Testing.Servers.FreePort.Take();
        Assert.Equal(1, await HealthProbe.RunAsync(["--health"], name => name == "ASPNETCORE_HTTP_PORTS" ? $"{port}" : null, TextWriter.Null));
    }

    [Theory]
    [InlineData(null, null, "http://127.0.0.1:8080/")]
    [InlineData(null, "9090;9091", "http://127.0.0.1:9090/")]
    [InlineData("https://*:8443;http://+:8081/", "9090", "http://127.0.0.1:8081/")]
    [InlineData("http://0.0.0.0:80", null, "http://127.0.0.1/")]
    [InlineData("http://[::]:8080", null, "http://127.0.0.1:8080/")]
    public void It_asks_where_the_environment_has_the_service_listen(string? urls, string? ports, string address) =>
        Assert.Equal(new Uri(address), HealthProbe.Address(name => name switch { "ASPNETCORE_URLS" => urls, "ASPNETCORE_HTTP_PORTS" => ports, _ => null }));
}
