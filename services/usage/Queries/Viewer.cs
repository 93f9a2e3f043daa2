using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Usage.Rollups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Queries;

/// <summary>Whose counts a caller sees: their establishment's, their group's, or all.</summary>
/// <param name="Dimension">What narrows them: <see cref="Dimensions.None"/> for the whole country.</param>
/// <param name="Value">Its value.</param>
/// <param name="MayCompare">Sees sums of the country, masked, beside their own.</param>
internal sealed record Viewer(Dimensions Dimension, string Value, bool MayCompare)
{
    public bool SeesAll => Dimension == Dimensions.None;

    /// <summary>Null when the token does not say whose counts they are: an empty group is that of every establishment that has none.</summary>
    public static Viewer? Of(ClaimsPrincipal user)
    {
        var role = user.FindFirstValue(CdrClaims.Role);
        return role switch
        {
            CdrRoles.Operations or CdrRoles.DataProtection or CdrRoles.Administrator => new Viewer(Dimensions.None, "", MayCompare: true),
            CdrRoles.GroupManager when user.FindFirstValue(CdrClaims.Group) is { Length: > 0 } group => new Viewer(Dimensions.Group, group, MayCompare: true),
            CdrRoles.Clerk or CdrRoles.Referent or CdrRoles.FunctionalCorrespondent when user.FindFirstValue(CdrClaims.Finess) is { Length: > 0 } finess =>
                new Viewer(Dimensions.Establishment, finess, MayCompare: role != CdrRoles.Clerk),
            _ => null,
        };
    }

    public static ProblemHttpResult NoScope() =>
        Problems.Problem(StatusCodes.Status403Forbidden, "scope-missing", "Votre session n'est rattachée à aucun établissement.", "Choisissez une activité à la connexion.");

    /// <summary>These filters, and what narrows the caller.</summary>
    public IReadOnlyList<(Dimensions Dimension, string Value)> Narrow(IReadOnlyList<(Dimensions Dimension, string Value)> filters) =>
        SeesAll ? filters : [.. filters, (Dimension, Value)];
}
