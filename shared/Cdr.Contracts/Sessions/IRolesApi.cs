using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>Roles of the whole platform, for its administrators. An establishment's clerks and correspondents are its referent's to give, too.</summary>
public interface IRolesApi
{
    /// <summary>Whoever has, had or will have these roles, at most 500. Without any condition: every role but clerk.</summary>
    [Post("/api/sessions/roles/search")]
    Task<IReadOnlyList<RoleState>> FindAsync([Body] RoleSearch search, CancellationToken cancellationToken);

    /// <summary>Assigns a role between two days, or changes its days. 403 for a role of one's own.</summary>
    [Post("/api/sessions/roles")]
    Task<RoleState> AssignAsync([Body] RoleAssignment assignment, CancellationToken cancellationToken);

    /// <summary>Withdraws a role after a last day, or at once: the sessions it opened then end. 403 for a role of one's own.</summary>
    [Post("/api/sessions/roles/{id}/withdrawal")]
    Task<RoleState> WithdrawAsync(Guid id, [Body] RoleWithdrawal withdrawal, CancellationToken cancellationToken);

    /// <summary>Who gave and took which access, the latest first, at most 200: all of it for administrators and data protection, an establishment's for its referent.</summary>
    /// <param name="until">Last day, UTC; null: today.</param>
    /// <param name="cancellationToken">Of the request.</param>
    [Get("/api/sessions/administration")]
    Task<IReadOnlyList<AdministrationEntry>> AdministrationAsync([Query(Format = "yyyy-MM-dd")] DateOnly? until, CancellationToken cancellationToken);
}

/// <summary>A role that somebody has, had or will have.</summary>
/// <param name="Id">To withdraw it.</param>
/// <param name="Holder">Their name; empty until they signed in.</param>
/// <param name="Role">One of <see cref="CdrRoles"/>.</param>
/// <param name="Establishment">FINESS géographique, or null.</param>
/// <param name="EstablishmentName">Its name, or null.</param>
/// <param name="Unit">Code of the unit, or null.</param>
/// <param name="Group">Id of the hospital group, or null.</param>
/// <param name="Regime">Id of the regime, or null.</param>
/// <param name="From">First day, at the establishment.</param>
/// <param name="Until">Last day; null: until withdrawn.</param>
/// <param name="Organism">Régime and caisse, 5 digits, or null.</param>
public sealed record RoleState(
    Guid Id, string Holder, string Role, string? Establishment, string? EstablishmentName, string? Unit, string? Group, string? Regime, DateOnly From, DateOnly? Until, string? Organism = null)
{
    /// <summary>Masked: holds a name.</summary>
    public override string ToString() => $"{nameof(RoleState)} {Id}";
}

/// <summary>Which roles. The number travels in the body: it is a person's.</summary>
/// <param name="Number">National identifier with its prefix, or <c>openid|issuer|sub</c> of staff who sign in at a provider.</param>
/// <param name="Role">One of <see cref="CdrRoles"/>.</param>
/// <param name="Establishment">FINESS géographique.</param>
public sealed record RoleSearch(string? Number = null, string? Role = null, string? Establishment = null)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(RoleSearch);
}

/// <summary>Whom, as what, where, between which days.</summary>
/// <param name="Number">National identifier with its prefix, or <c>openid|issuer|sub</c> of staff who sign in at a provider.</param>
/// <param name="Role">One of <see cref="CdrRoles"/>.</param>
/// <param name="Establishment">FINESS géographique: clerks, referents, functional correspondents.</param>
/// <param name="Unit">Code of one of its units, or null.</param>
/// <param name="Group">Hospital group: group managers.</param>
/// <param name="Regime">Regime: its agents.</param>
/// <param name="From">First day; null: today. Not in the past.</param>
/// <param name="Until">Last day; null: until withdrawn.</param>
/// <param name="Organism">Caisse of the regime whose agent they are: régime and caisse, 5 digits. Null: the regime's own staff, of all of its caisses.</param>
public sealed record RoleAssignment(
    string Number, string Role, string? Establishment = null, string? Unit = null, string? Group = null, string? Regime = null, DateOnly? From = null, DateOnly? Until = null, string? Organism = null)
{
    /// <summary>Masked: a national identifier.</summary>
    public override string ToString() => nameof(RoleAssignment);
}

/// <summary>The last day, today or later; null: at once.</summary>
public sealed record RoleWithdrawal(DateOnly? LastDay = null);

/// <summary>One line of who gave and took access.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="At">UTC.</param>
/// <param name="Act"><c>role-assigned, role-changed, role-withdrawn, software-registered, software-changed, software-withdrawn, software-scope-withdrawn</c>.</param>
/// <param name="By">Name of who did it.</param>
/// <param name="ByRole">As what.</param>
/// <param name="Target">Id of the role or the software.</param>
/// <param name="Holder">Name of the role's holder, or null.</param>
/// <param name="Establishment">FINESS géographique, or null.</param>
/// <param name="Detail">What it became.</param>
public sealed record AdministrationEntry(Guid Id, DateTimeOffset At, string Act, string By, string ByRole, string Target, string? Holder, string? Establishment, string Detail)
{
    /// <summary>Masked: holds names.</summary>
    public override string ToString() => $"{nameof(AdministrationEntry)} {Id}";
}
