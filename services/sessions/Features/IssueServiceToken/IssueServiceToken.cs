using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.Sessions.Data;
using Cdr.Sessions.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Features.IssueServiceToken;

/// <summary>A service proves who it is with its key (RFC 7523), once an assertion.</summary>
internal static partial class IssueServiceToken
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    public static RouteHandlerBuilder MapIssueServiceToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/service-tokens", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(401)
            .WithSummary("private_key_jwt: a token for a service of the platform.");

    internal static async Task<Results<Ok<AccessToken>, ProblemHttpResult>> HandleAsync(
        ServiceTokenRequest request, SessionsDb db, ServiceIdentities identities, TokenMaker tokens, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (request.Assertion is not { Length: > 0 and <= 4096 })
            return Problems.Invalid("assertion", "assertion-missing", "L'assertion est absente ou trop longue.");
        var now = clock.GetUtcNow();
        var proven = await VerifyAsync(request.Assertion, identities.KeyFolder, now);
        if (proven is null || !await SpendAsync(db, proven, now, cancellationToken))
        {
            Log.Refused(logs.CreateLogger(typeof(IssueServiceToken).FullName!));
            return Refusal.AssertionRefused.ToProblem();
        }

        return TypedResults.Ok(await tokens.ForServiceAsync(proven.Subject, cancellationToken));
    }

    private static async Task<JsonWebToken?> VerifyAsync(string assertion, string folder, DateTimeOffset now)
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false };
        // A name is also a file's: nothing but letters, digits and dashes goes further.
        if (IssuerOf(handler, assertion) is not { Length: > 0 and <= 40 } name || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            return null;
        var path = Path.Combine(folder, name + ".pub.pem");
        if (!File.Exists(path))
            return null;
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(path));
        var result = await handler.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = name,
            ValidAudience = ServiceIdentities.AssertionAudience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            // The cache of signature providers would keep a key that is disposed of below.
            IssuerSigningKey = new ECDsaSecurityKey(key) { KeyId = name, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => until is { } end && end > now.UtcDateTime && end <= (now + Longest + Skew).UtcDateTime && (from is null || from <= (now + Skew).UtcDateTime),
        });
        return result.IsValid && result.SecurityToken is JsonWebToken { Id: { Length: > 0 and <= 128 } } token && token.Subject == name ? token : null;
    }

    private static string? IssuerOf(JsonWebTokenHandler handler, string assertion)
    {
        try
        {
            return handler.ReadJsonWebToken(assertion).Issuer;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static async Task<bool> SpendAsync(SessionsDb db, JsonWebToken assertion, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = Secret.HashOf(assertion.Subject + "\n" + assertion.Id);
        db.SpentAssertions.Add(new SpentAssertion { Id = id, ExpiresAt = now + Longest + Skew });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            // The row is there: replayed. Anything else is the store's trouble, and not the caller's.
            if (await db.SpentAssertions.AnyAsync(spent => spent.Id == id, cancellationToken))
                return false;
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A service's assertion was refused.")]
        public static partial void Refused(ILogger logger);
    }
}
