using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.ServiceDefaults.Identity;

internal static class IdentityRegistration
{
    public static void AddIdentity(this WebApplicationBuilder builder, string host)
    {
        builder.Services.AddOptions<IdentityOptions>().BindConfiguration(IdentityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<VerifiedTokens>();
        builder.Services.AddSingleton<SessionGate>();
        builder.Services.AddSingleton<IAuthorizationHandler, LiveSessionHandler>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        builder.Services.AddSingleton<ServiceIdentities>();
        builder.AddServiceClient<IServiceTokensApi>(host, "Sessions", ClientIdentity.None);
        // Asked within a question: a clerk's screen gives up at 5 s.
        builder.AddServiceClient<ISessionLivenessApi>(host, "Sessions", ClientIdentity.Service, TimeSpan.FromSeconds(2));
        builder.Services.AddSingleton(new HostName(host));

        builder.Services.AddScoped<IAuthenticationService, KnownCallers>();
        builder.Services.AddAuthentication(CdrSchemes.Default)
            .AddPolicyScheme(CdrSchemes.Default, null, options => options.ForwardDefaultSelector = context =>
                !context.Request.Headers.ContainsKey("Authorization") && HasCookie(context.RequestServices) ? CdrSchemes.Cookie : CdrSchemes.Bearer)
            .AddScheme<JwtBearerOptions, BearerHandler>(CdrSchemes.Bearer, _ => { });
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>());
        builder.Services.AddOptions<JwtBearerOptions>(CdrSchemes.Bearer).Configure<VerifiedTokens, IOptions<IdentityOptions>, ServiceAddresses>((bearer, verified, identity, addresses) =>
        {
            bearer.MapInboundClaims = false;
            bearer.SaveToken = false;
            bearer.TokenHandlers.Clear();
            bearer.TokenHandlers.Add(verified);
            bearer.TokenValidationParameters = Parameters(identity.Value, verified);
            bearer.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                new Uri(addresses.Of("Sessions"), ".well-known/jwks.json").AbsoluteUri,
                new JwksRetriever(),
                // Inside the platform's own network; transport security there is the network's (see docs/architecture.md).
                new HttpDocumentRetriever { RequireHttps = false })
            {
                RefreshInterval = TimeSpan.FromSeconds(5),
            };
            bearer.Events = new JwtBearerEvents { OnChallenge = OnChallengeAsync };
        });
        builder.Services.AddSingleton<ServiceAddresses>();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new LiveSession()).Build());
    }

    internal static TokenValidationParameters Parameters(IdentityOptions identity, VerifiedTokens verified) => new()
    {
        ValidIssuer = identity.Issuer,
        ValidAudience = identity.Audience,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = ["at+jwt"],
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = verified.IsWithinLife,
        ClockSkew = TimeSpan.FromSeconds(5),
        NameClaimType = CdrClaims.Subject,
        RoleClaimType = CdrClaims.Role,
    };

    /// <summary>Without keys no token can be judged: that is no reason to sign anyone out.</summary>
    private static async Task OnChallengeAsync(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is not SecurityTokenSignatureKeyNotFoundException)
            return;
        try
        {
            await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            context.HandleResponse();
            await Problems.SessionUnknown().ExecuteAsync(context.HttpContext);
        }
    }

    private static bool HasCookie(IServiceProvider services) =>
        services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.SchemeMap.ContainsKey(CdrSchemes.Cookie);
}

/// <summary>The host's name, for its own calls.</summary>
internal sealed record HostName(string Value);
