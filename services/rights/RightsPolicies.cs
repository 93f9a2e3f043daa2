using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;

namespace Cdr.Rights;

/// <summary>Who may do what here.</summary>
internal static class RightsPolicies
{
    public const string Ask = "rights-ask";
    public const string Read = "rights-read";
    public const string Regimes = "rights-regimes";
    public const string Journal = "rights-journal";

    public static IServiceCollection AddRightsPolicies(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            // A CPA never consults: its roles are not here. The session is checked beside the cache's read.
            .AddPolicy(Ask, Policies.RolesUnchecked(CdrRoles.Clerk))
            .AddPolicy(Read, Policies.Roles(CdrRoles.Clerk))
            .AddPolicy(Regimes, Policies.Roles([.. CdrRoles.All]))
            .AddPolicy(Journal, Policies.Service("usage", "support", "local"));
        return services;
    }
}
