using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;

namespace Cdr.Support;

/// <summary>Who may come in. What they see there is decided at the data.</summary>
internal static class SupportPolicies
{
    public const string Read = "support-read";
    public const string Open = "support-open";
    public const string Move = "support-move";
    public const string Choose = "support-choose";
    public const string Choice = "support-choice";
    public const string Look = "support-look";
    public const string Compare = "support-compare";
    public const string Webhooks = "support-webhooks";
    public const string Search = "support-search";
    public const string Import = "support-import";
    public const string Organisms = "support-organisms";
    public const string Knowledge = "support-knowledge";
    public const string Publish = "support-publish";
    public const string Announce = "support-announce";

    public static IServiceCollection AddSupportPolicies(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            // Not operations, administrators nor data protection: words of a ticket are not theirs.
            .AddPolicy(Read, Policies.Roles(CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Hotline, CdrRoles.RegimeAgent))
            .AddPolicy(Open, Policies.Roles(CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.Hotline))
            .AddPolicy(Move, Policies.Roles(CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.Hotline, CdrRoles.RegimeAgent))
            // Whoever reads no words finds none.
            .AddPolicy(Search, Policies.Roles(CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.Hotline, CdrRoles.RegimeAgent))
            .AddPolicy(Webhooks, Policies.Roles(CdrRoles.RegimeAgent, CdrRoles.GroupManager))
            .AddPolicy(Look, Policies.Roles(CdrRoles.Hotline, CdrRoles.RegimeAgent))
            .AddPolicy(Choice, Policies.Roles(CdrRoles.Clerk, CdrRoles.Referent))
            .AddPolicy(Choose, Policies.Roles(CdrRoles.Referent))
            .AddPolicy(Compare, Policies.Roles(CdrRoles.Clerk))
            .AddPolicy(Import, Policies.Roles(CdrRoles.Hotline, CdrRoles.Operations, CdrRoles.Administrator))
            .AddPolicy(Organisms, Policies.Roles([.. CdrRoles.All]))
            .AddPolicy(Knowledge, Policies.Roles([.. CdrRoles.All]))
            .AddPolicy(Publish, Policies.Roles(CdrRoles.Hotline))
            .AddPolicy(Announce, Policies.Roles(CdrRoles.Hotline, CdrRoles.RegimeAgent));
        return services;
    }
}
