namespace Cdr.Contracts.Rights;

/// <summary>Who asked about this person? For data protection alone; in a body, never in an address.</summary>
public sealed record PersonAccessesRequest
{
    /// <summary>13 or 15 characters.</summary>
    public string? Nir { get; init; }

    /// <summary><c>access-request, complaint, control</c>: why it is asked.</summary>
    public string? Purpose { get; init; }

    /// <summary>Only accesses before this instant: those that an earlier list, which was not complete, has left out. Default: all.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(PersonAccessesRequest);
}

/// <summary>Why somebody asks who asked about a person.</summary>
public static class AccessPurposes
{
    /// <summary>The person concerned wants to know.</summary>
    public const string AccessRequest = "access-request";

    /// <summary>Something went wrong, or is said to have.</summary>
    public const string Complaint = "complaint";

    /// <summary>The installation looks by itself.</summary>
    public const string Control = "control";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [AccessRequest, Complaint, Control];
}

/// <summary>The accesses to one person's rights. It does not repeat whose.</summary>
/// <param name="At">UTC.</param>
/// <param name="Purpose">As it was asked.</param>
/// <param name="Complete">False when there are more than it holds: it has the newest, all of each instant, and the others are asked for with <c>before</c>, the instant of its first line.</param>
/// <param name="Lines">In the order in which they happened.</param>
public sealed record PersonAccesses(DateTimeOffset At, string Purpose, bool Complete, IReadOnlyList<PersonAccess> Lines);

/// <summary>One access.</summary>
/// <param name="At">UTC.</param>
/// <param name="What"><c>asked, shown, answered, read, used, traced, proved</c>.</param>
/// <param name="Consultation">UUIDv7.</param>
/// <param name="Subject">Keyed reference of who did it.</param>
/// <param name="Role">Their role.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Department">Code of its département.</param>
/// <param name="Unit">The hospital's own.</param>
/// <param name="Function">Reception, emergencies, invoicing.</param>
/// <param name="Reason">Id of the consultation reason, or the purpose of a list of accesses. Always there.</param>
/// <param name="CareDate">The date that was asked for.</param>
/// <param name="Regimes">Ids of those that learnt of the person, or answered.</param>
public sealed record PersonAccess(
    DateTimeOffset At, string What, Guid Consultation, string Subject, string Role, string Establishment, string Department, string Unit, string Function, string Reason, DateOnly CareDate,
    IReadOnlyList<string> Regimes);

/// <summary>What became of it that all answers of a file serve as a proof.</summary>
/// <param name="Noted">Answers that are kept as proofs, now or before.</param>
/// <param name="Expired">Answers that cannot be any more: they have outlived their time, or are gone.</param>
public sealed record BatchUses(int Noted, int Expired);

/// <summary>What a consultation became the proof of.</summary>
public sealed record ConsultationUse
{
    /// <summary><c>invoice, statement, ticket</c>.</summary>
    public string? Use { get; init; }
}
