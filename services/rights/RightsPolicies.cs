using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authorization;

namespace Cdr.Rights;

/// <summary>Who may do what here.</summary>
internal static class RightsPolicies
{
    public const string Ask = "rights-ask";
    public const string Read = "rights-read";
    public const string Batch = "rights-batch";
    public const string DataProtection = "rights-data-protection";
    public const string Fishing = "rights-fishing";
    public const string LiftFishing = "rights-lift-fishing";
    public const string Regimes = "rights-regimes";
    public const string Journal = "rights-journal";
    public const string Readings = "rights-readings";
    public const string RegimeItself = "rights-regime-itself";
    public const string OwnRegime = "rights-own-regime";

    public static IServiceCollection AddRightsPolicies(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            // A CPA never consults: its roles are not here. The session is checked beside the cache's read.
            .AddPolicy(Ask, Policies.RolesUnchecked(CdrRoles.Clerk))
            .AddPolicy(Read, Policies.Roles(CdrRoles.Clerk))
            // A file is asked for as a question is; its session is proven now, and the lines are asked without it.
            .AddPolicy(Batch, Policies.Roles(CdrRoles.Clerk))
            .AddPolicy(DataProtection, Policies.Roles(CdrRoles.DataProtection))
            .AddPolicy(Fishing, Policies.Roles(CdrRoles.Operations, CdrRoles.DataProtection))
            .AddPolicy(LiftFishing, Policies.Roles(CdrRoles.Operations))
            .AddPolicy(Regimes, Policies.Roles([.. CdrRoles.All]))
            .AddPolicy(RegimeItself, policy => policy.AddAuthenticationSchemes(CdrSchemes.Bearer).RequireAssertion(IsRegimeItself))
            .AddPolicy(OwnRegime, policy => policy.AddAuthenticationSchemes(CdrSchemes.Bearer).RequireAssertion(context => IsRegimeItself(context) || IsItsAgent(context)).AddRequirements(new LiveSession()))
            .AddPolicy(Journal, Policies.Service("usage", "support", "local"))
            // Who says that somebody else reads: only whoever shows it to them.
            .AddPolicy(Readings, Policies.Service("support", "local"));
        return services;
    }

    // A regime's software has a key of its own under this name, like any service (private_key_jwt).
    private static bool IsRegimeItself(AuthorizationHandlerContext context) =>
        context.User.HasClaim(CdrClaims.Kind, SubjectKinds.Service) && RegimeOf(context) is { Length: > 0 } regime && context.User.HasClaim(CdrClaims.Subject, "regime-" + regime);

    private static bool IsItsAgent(AuthorizationHandlerContext context) =>
        context.User.HasClaim(CdrClaims.Kind, SubjectKinds.Person) && context.User.IsInRole(CdrRoles.RegimeAgent)
        && RegimeOf(context) is { Length: > 0 } regime && context.User.HasClaim(CdrClaims.Regime, regime);

    private static string? RegimeOf(AuthorizationHandlerContext context) => (context.Resource as HttpContext)?.GetRouteValue("id") as string;
}
