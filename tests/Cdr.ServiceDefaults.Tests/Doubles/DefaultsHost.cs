using System.Net.Http.Headers;
using Cdr.ServiceDefaults.Identity;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.ServiceDefaults.Tests.Doubles;

/// <summary>A host with the service defaults and nothing else but what a test adds.</summary>
internal sealed class DefaultsHost : IAsyncDisposable
{
    private readonly TestFolder folder = new("defaults");
    private WebApplication? app;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    public KeptLogs Logs { get; } = new();

    public required TestTokens Sessions { get; init; }

    public string Environment { get; init; } = "Production";

    public WebApplication App => app ?? throw new InvalidOperationException("Not started.");

    public async Task StartAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? add = null, params KeyValuePair<string, string?>[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environment });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("Data:Folder", folder.Path), .. Sessions.Settings, .. settings]);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddServiceDefaults("tests");
        builder.Services.AddOpenApi();
        add?.Invoke(builder);
        app = builder.Build();
        app.UseServiceDefaults();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    public HttpClient Client(string? token = null)
    {
        var client = App.GetTestClient();
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public static AuthorizationPolicy Clerks { get; } = Policies.Roles(Cdr.Contracts.Sessions.CdrRoles.Clerk);

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        folder.Dispose();
    }
}
