namespace Cdr.Contracts.Rights;

/// <summary>Persons whose files changed: 1 to 1,000.</summary>
public sealed record RegimeChanges
{
    /// <summary>By the insured person's NIR or the beneficiary's own.</summary>
    public required IReadOnlyList<ChangedPerson> Persons { get; init; }
}

/// <summary>One of them.</summary>
public sealed record ChangedPerson
{
    /// <summary>13 or 15 characters.</summary>
    public string? Nir { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(ChangedPerson);
}

/// <summary>A part of the list.</summary>
/// <param name="Answers">In the order in which they were given.</param>
/// <param name="Next">Goes into <c>after</c> for the next part; absent at the end.</param>
public sealed record KeptAnswers(IReadOnlyList<KeptAnswer> Answers, Guid? Next);

/// <summary>One consultation that a kept reply of the regime took part in. Who was asked about is found at the establishment, by its id.</summary>
/// <param name="Consultation">UUIDv7.</param>
/// <param name="At">UTC.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Department">Code of its département.</param>
/// <param name="Reason">Id of the consultation reason.</param>
/// <param name="CareDate">The date that was asked for.</param>
/// <param name="Outcome">What the kept reply said.</param>
public sealed record KeptAnswer(Guid Consultation, DateTimeOffset At, string Establishment, string Department, string Reason, DateOnly CareDate, RegimeOutcome Outcome);
