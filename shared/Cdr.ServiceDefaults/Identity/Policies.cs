using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Authorization;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>Builds policies alike in every service; their names begin with the service's.</summary>
public static class Policies
{
    /// <summary>A person (or a hospital's software) of one of these roles, whose session is alive.</summary>
    public static AuthorizationPolicy Roles(params string[] roles) =>
        new AuthorizationPolicyBuilder(CdrSchemes.Bearer).RequireRole(roles).RequireClaim(CdrClaims.Kind, SubjectKinds.Person, SubjectKinds.Software).AddRequirements(new LiveSession()).Build();

    /// <summary>The same, for a use case that checks the session itself, beside other work.</summary>
    public static AuthorizationPolicy RolesUnchecked(params string[] roles) =>
        new AuthorizationPolicyBuilder(CdrSchemes.Bearer).RequireRole(roles).RequireClaim(CdrClaims.Kind, SubjectKinds.Person, SubjectKinds.Software).Build();

    /// <summary>A service of the platform, by its name.</summary>
    public static AuthorizationPolicy Service(params string[] names) =>
        new AuthorizationPolicyBuilder(CdrSchemes.Bearer).RequireClaim(CdrClaims.Kind, SubjectKinds.Service).RequireClaim(CdrClaims.Subject, names).Build();
}
