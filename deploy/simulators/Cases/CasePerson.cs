using Cdr.Domain;

namespace Cdr.RegimeSimulator;

/// <summary>A named case of docs/people.md: the same people and numbers whatever the seed and the size.</summary>
/// <param name="Key">English, kebab-case, e.g. <c>twins</c>.</param>
/// <param name="Title">French, as the page shows it.</param>
/// <param name="Families">The insured persons of the case, the main one first; none where nobody knows the person.</param>
public sealed record CasePerson(
    string Key, string Title, IReadOnlyList<SimulatedInsured> Families, IReadOnlyList<CaseQuestion> Questions)
{
    /// <value>Of the main insured person, 13 characters.</value>
    public string Nir => Questions.First(static question => question.Nir is not null).Nir!;

    public override string ToString() => Key;
}

/// <summary>A question worth asking of a case, and what the regime must answer.</summary>
public sealed record CaseQuestion
{
    /// <value>Id of the registry; null for every regime.</value>
    public required string? Regime { get; init; }

    /// <value>13 characters; null when the question is by name.</value>
    public string? Nir { get; init; }

    /// <value>Whose names and birth date are asked; null when the question is by NIR.</value>
    public SimulatedPerson? Names { get; init; }

    public BirthDate? BeneficiaryBirthDate { get; init; }

    public int? BirthRank { get; init; }

    /// <value>Null: today.</value>
    public DateOnly? CareDate { get; init; }

    public CaseOutcome Outcome { get; init; } = CaseOutcome.Found;

    /// <value>Whether base rights are open on the care date; null where nothing was found.</value>
    public bool? HasOpenBaseRights { get; init; }

    /// <value>French, as the page shows it.</value>
    public required string Expected { get; init; }

    public override string ToString() => nameof(CaseQuestion);
}

/// <summary>What a regime says to a question of a case.</summary>
public enum CaseOutcome
{
    Found,
    Unknown,
    Candidates,
    BeneficiaryUnknown,
    Moved,
}
