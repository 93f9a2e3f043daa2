using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Testing.Identity;

/// <summary>
/// Stands for Sessions where a test needs callers and not sign-in: publishes keys, mints tokens, vouches for sessions, gives services
/// their tokens. Its address goes into <c>Services:Sessions</c>.
/// </summary>
public sealed class TestTokens : IAsyncDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<Guid, string> ended = [];
    private readonly TimeProvider clock;
    private readonly WebApplication app;
    private int asked;

    private TestTokens(TimeProvider clock)
    {
        this.clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Use(async (context, next) =>
        {
            if (Silent)
                context.Abort();
            else
                await next(context);
        });
        app.MapGet("/.well-known/jwks.json", () => TypedResults.Json(new { keys = new[] { PublicKey() } }));
        app.MapGet("/internal/sessions/{id:guid}", (Guid id) =>
        {
            Interlocked.Increment(ref asked);
            return TypedResults.Json(ended.TryGetValue(id, out var why) ? new SessionLiveness(false, why) : new SessionLiveness(true, null));
        });
        app.MapPost("/api/sessions/service-tokens", (ServiceTokenRequest request) =>
            TypedResults.Json(ServiceToken(new JsonWebToken(request.Assertion).Subject)));
    }

    /// <summary>Issuer of the tokens, unless a test wants a wrong one.</summary>
    public const string Issuer = "cdr-sessions";

    /// <summary>Audience of the tokens.</summary>
    public const string Audience = "cdr";

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>True: every connection is cut, as if Sessions were down.</summary>
    public bool Silent { get; set; }

    /// <summary>How many times a session's liveness was asked.</summary>
    public int LivenessAsked => Volatile.Read(ref asked);

    /// <summary>The setting that makes a service believe it.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings => [new("Services:Sessions", Address.AbsoluteUri)];

    /// <summary>Starts on a port of its own.</summary>
    public static async Task<TestTokens> StartAsync(TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        var tokens = new TestTokens(clock ?? TimeProvider.System);
        await tokens.app.StartAsync(cancellationToken);
        tokens.Address = new Uri(tokens.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return tokens;
    }

    /// <summary>A token as that caller. Its session is alive until <see cref="End"/>.</summary>
    public string Mint(TestCaller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = clock.GetUtcNow();
        var issued = now + (caller.Age is { } age ? -age : TimeSpan.Zero);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = caller.Issuer,
            Audience = caller.Audience,
            IssuedAt = issued.UtcDateTime,
            NotBefore = issued.UtcDateTime,
            Expires = (issued + caller.Lifetime).UtcDateTime,
            Claims = caller.Claims(),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(caller.ForeignKey ?? key) { KeyId = "test" }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    /// <summary>A token of kind service.</summary>
    public AccessToken ServiceToken(string service) =>
        new(Mint(new TestCaller { Kind = SubjectKinds.Service, Subject = service, Role = null, Session = null, Finess = null }), clock.GetUtcNow().AddMinutes(5));

    /// <summary>Ends a session: the next question about it is answered so.</summary>
    public void End(Guid session, string because = "withdrawn") => ended[session] = because;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private object PublicKey()
    {
        var point = key.ExportParameters(false).Q;
        return new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = "test", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
    }
}
