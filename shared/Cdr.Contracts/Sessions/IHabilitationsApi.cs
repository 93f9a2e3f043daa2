using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>What an establishment's referent grants and closes. Each establishment sees its own.</summary>
public interface IHabilitationsApi
{
    /// <summary>Everybody who acts, acted or will act for the referent's establishment.</summary>
    [Get("/api/sessions/habilitations")]
    Task<IReadOnlyList<HabilitationState>> HabilitationsAsync(CancellationToken cancellationToken);

    /// <summary>Grants, or changes the days of what was granted. 403 where the role is not the referent's to give.</summary>
    [Post("/api/sessions/habilitations")]
    Task<HabilitationState> GrantAsync([Body] GrantRequest request, CancellationToken cancellationToken);

    /// <summary>Closes at once, or after a last day: a leaver. Closed at once, its live sessions end.</summary>
    [Post("/api/sessions/habilitations/{id}/closure")]
    Task<HabilitationState> CloseAsync(Guid id, [Body] ClosureRequest request, CancellationToken cancellationToken);
}

/// <summary>A habilitation.</summary>
/// <param name="Id">To close it.</param>
/// <param name="Holder">Name on the holder's card; empty until they signed in.</param>
/// <param name="Role">One of <see cref="CdrRoles"/>.</param>
/// <param name="Unit">Unit, or null.</param>
/// <param name="Origin"><c>card</c>: their card names the establishment; <c>grant</c>.</param>
/// <param name="From">First day, at the establishment.</param>
/// <param name="Until">Last day; null: until closed.</param>
/// <param name="NumberEnd">Last four characters of the holder's national identifier: tells those apart who never signed in.</param>
public sealed record HabilitationState(Guid Id, string Holder, string Role, string? Unit, string Origin, DateOnly From, DateOnly? Until, string? NumberEnd = null)
{
    /// <summary>Masked: holds a name.</summary>
    public override string ToString() => $"{nameof(HabilitationState)} {Id}";
}

/// <summary>Whom, as what, between which days.</summary>
/// <param name="Number">National identifier, its prefix before it: 8 and the RPPS, 3 and a FINESS with the employee's number…</param>
/// <param name="Role"><c>clerk</c> or <c>functional-correspondent</c>.</param>
/// <param name="Unit">Code of a unit of the establishment, or null.</param>
/// <param name="From">First day; null: today. Not in the past.</param>
/// <param name="Until">Last day; null: until closed.</param>
public sealed record GrantRequest(string Number, string Role, string? Unit, DateOnly? From, DateOnly? Until)
{
    /// <summary>Masked: a national identifier.</summary>
    public override string ToString() => nameof(GrantRequest);
}

/// <summary>The last day, today or later; null: over at once.</summary>
public sealed record ClosureRequest(DateOnly? LastDay);
