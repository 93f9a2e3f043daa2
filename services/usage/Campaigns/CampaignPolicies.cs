using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.Usage.Queries;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Campaigns;

/// <summary>Who steers deployment, and who may see how far it is.</summary>
internal static class CampaignPolicies
{
    public const string Steer = "usage-campaigns-steer";
    public const string Read = "usage-campaigns-read";
    public const string Follow = "usage-campaigns-follow";

    public static AuthorizationPolicy Steering { get; } = Policies.Roles(CdrRoles.Operations, CdrRoles.Administrator);

    /// <summary>Establishments by name, and the whole country's.</summary>
    public static AuthorizationPolicy Reading { get; } = Policies.Roles(CdrRoles.Operations, CdrRoles.Administrator, CdrRoles.DataProtection);

    /// <summary>Rates of départements, which the field shows to everybody; one's own establishments.</summary>
    public static AuthorizationPolicy Following { get; } = Policies.Roles(
        CdrRoles.Operations, CdrRoles.Administrator, CdrRoles.DataProtection, CdrRoles.GroupManager, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent);

    /// <summary>The last day that a caller is told of. Who does not see all reads ends of months: day by day, the first consultation of a département's only target could be told.</summary>
    public static DateOnly KnownTo(ClaimsPrincipal user, DateOnly today) => Viewer.Of(user) is { SeesAll: true } ? today : today.AddDays(-today.Day);

    public static ProblemHttpResult Unknown() => Problems.Problem(StatusCodes.Status404NotFound, "campaign-unknown", "Cette campagne n'existe pas.");
}
