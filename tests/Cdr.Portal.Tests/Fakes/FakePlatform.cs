using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Sessions, the drawer, Rights and Usage, as small as the pages need, on one port.</summary>
public sealed class FakePlatform : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakePlatform(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    public FakeSessions Sessions { get; } = new();

    public FakeRights Rights { get; } = new();

    public FakeProviders Providers { get; } = new();

    public FakeRoles Roles { get; } = new();

    public FakePackage Package { get; } = new();

    public FakeBatches Batches { get; } = new();

    public FakeFishing Fishing { get; } = new();

    public FakeAccesses Accesses { get; } = new();

    public FakeSupport Support { get; } = new();

    public FakeMail Mail { get; } = new();

    public FakeWebhooks Webhooks { get; } = new();

    public FakeKnowledge Knowledge { get; } = new();

    public FakeInformation Information { get; } = new();

    public FakeFigures Figures { get; } = new();

    private readonly List<string> seen = [];

    /// <summary>Method, path and query of every request, in order.</summary>
    public List<string> Seen
    {
        get
        {
            lock (seen)
                return [.. seen];
        }
    }

    /// <summary>Cookie headers that reached a service: there must be none.</summary>
    public List<string> Cookies { get; } = [];

    /// <summary>Whom the portal named as its client, by path.</summary>
    public ConcurrentDictionary<string, string> Clients { get; } = new(StringComparer.Ordinal);

    public static async Task<FakePlatform> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "fakes" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var platform = new FakePlatform(builder.Build());
        platform.Map();
        await platform.app.StartAsync();
        return platform;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private void Map()
    {
        app.Use(async (context, next) =>
        {
            Clients[context.Request.Path] = string.Join(',', context.Request.Headers["X-Forwarded-For"].OfType<string>());
            lock (seen)
            {
                seen.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
                if (context.Request.Headers.Cookie.Count > 0)
                    Cookies.Add(context.Request.Headers.Cookie.ToString());
            }

            await next(context);
        });
        Sessions.Map(app);
        Rights.Map(app);
        Providers.Map(app);
        Roles.Map(app);
        Package.Map(app);
        Batches.Map(app);
        Fishing.Map(app);
        Accesses.Map(app);
        Figures.Map(app);
        Support.Map(app);
        Mail.Map(app);
        Webhooks.Map(app);
        Knowledge.Map(app);
        Information.Map(app);
        app.MapGet("/api/usage/daily", (HttpRequest request) => request.Headers.Authorization.Count == 0
            ? Results.Unauthorized()
            : Results.Ok(new[] { new DailyUsage(new DateOnly(2026, 11, 23), "59", "g", "590780193", "Urgences", "emergencies", "cnam", "emergency", ConsultationOutcome.Found, Freshness.Live, 1234) }));
        app.MapPost("/fhir/CoverageEligibilityRequest/$submit", () => Results.Ok());
        app.MapGet("/internal/secret", () => "inside");
        app.MapGet("/openapi/{name}.json", (string name) => new { name });
    }
}

/// <summary>Tokens that look like tokens.</summary>
public static class FakeToken
{
    public static AccessToken For(string role, DateTimeOffset expires, string subject = "p-1", string? organism = null) => new(
        $"{Part(new { alg = "none", typ = "at+jwt" })}.{Part(new Dictionary<string, object?> { [CdrClaims.Subject] = subject, [CdrClaims.Kind] = SubjectKinds.Person, [CdrClaims.Role] = role, [CdrClaims.Department] = "59", [CdrClaims.Unit] = "Urgences", [CdrClaims.Function] = "emergencies", [CdrClaims.Organism] = organism })}.c2ln",
        expires);

    private static string Part(object content) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
