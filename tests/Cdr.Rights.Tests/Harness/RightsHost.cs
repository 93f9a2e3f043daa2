using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.Rights.Tests.Harness;

/// <summary>The real module behind a real Kestrel.</summary>
internal sealed class RightsHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TestTokens tokens;

    private RightsHost(WebApplication app, TestTokens tokens)
    {
        (this.app, this.tokens) = (app, tokens);
        Client = new HttpClient
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    public static WebApplication Build(WorldSetup setup, IReadOnlyDictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings.Append(new("urls", "http://127.0.0.1:0")));
        builder.Logging.ClearProviders();
        var unhandled = new Unhandled();
        builder.Logging.AddProvider(unhandled);
        builder.Services.AddSingleton(unhandled);
        if (setup.Logs is { } logs)
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        if (setup.Clock is { } clock)
            builder.Services.AddSingleton(clock);
        builder.AddServiceDefaults("rights").AddRights();
        setup.Services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapRights();
        return app;
    }

    public static async Task<RightsHost> StartAsync(TestTokens tokens, WorldSetup setup, IReadOnlyDictionary<string, string?> settings)
    {
        var app = Build(setup, settings);
        await app.Services.PrepareEmbeddedStoresAsync();
        await app.StartAsync();
        return new RightsHost(app, tokens);
    }

    public Task<HttpResponseMessage> AskAsync(object question, TestCaller? caller = null, string accept = "application/json") =>
        SendAsync(Question(question, caller, accept));

    public HttpRequestMessage Question(object question, TestCaller? caller = null, string accept = "application/json")
    {
        var request = Request(HttpMethod.Post, "/api/consultations", caller);
        request.Headers.Accept.ParseAdd(accept);
        request.Content = new StringContent(question as string ?? JsonSerializer.Serialize(question, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        return request;
    }

    public HttpRequestMessage Request(HttpMethod method, string path, TestCaller? caller = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Mint(caller ?? new TestCaller()));
        return request;
    }

    public Task<HttpResponseMessage> GetAsync(string path, TestCaller? caller = null) => SendAsync(Request(HttpMethod.Get, path, caller));

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            foreach (var why in app.Services.GetRequiredService<Unhandled>().Silences)
                TestContext.Current.TestOutputHelper?.WriteLine(why);
        return response;
    }

    /// <summary>As when the process is told to stop.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        var unhandled = app.Services.GetRequiredService<Unhandled>();
        // As a service ends. Of a host that is only disposed of, the bus waits for each message that nobody can consume any more: minutes.
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10)))
            await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        Assert.Empty(unhandled.Exceptions);
    }
}
