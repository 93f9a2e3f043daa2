namespace Cdr.Contracts.Rights;

/// <summary>
/// The question. The person is named by exactly one of <c>nir</c>, <c>names</c> (with <c>birthDate</c>)
/// or <c>candidate</c>. Dates are <c>yyyy-MM-dd</c> or <c>dd/MM/yyyy</c>; they are texts so that a wrong one is answered
/// by the place and the words of what is wrong.
/// </summary>
public sealed record ConsultationRequest
{
    /// <summary>Chosen by the caller (UUIDv7, its instant within a day of now), so that a repeated call returns the stored bytes; the header <c>Idempotency-Key</c> does the same; otherwise given by the service.</summary>
    public Guid? Id { get; init; }

    /// <summary>The patient's NIR, or the insured person's: 13 or 15 characters, spaces allowed.</summary>
    public string? Nir { get; init; }

    /// <summary>Family and given name; needs <c>birthDate</c>.</summary>
    public PersonNames? Names { get; init; }

    /// <summary>The patient's birth date, beside <c>names</c>. A lunar date (impossible month or day) is kept as it is.</summary>
    public string? BirthDate { get; init; }

    /// <summary>The <c>reference</c> picked from the list of an earlier answer.</summary>
    public string? Candidate { get; init; }

    /// <summary>Beside an insured person's NIR: the patient's own birth date.</summary>
    public string? BeneficiaryBirthDate { get; init; }

    /// <summary>Beside an insured person's NIR: the patient's birth rank, 1 to 9.</summary>
    public int? BirthRank { get; init; }

    /// <summary>Default: today, in the establishment's time zone. At most one year ahead. Of a stay its first day, of dental prosthetics the last of the work, else the day done.</summary>
    public string? CareDate { get; init; }

    /// <summary>Which date rights are looked at follows from it: <c>isolated-act, series, stay, dental-prosthetics, laboratory, devices, pharmacy</c>; absent, the care date.</summary>
    public string? CareKind { get; init; }

    /// <summary>Not after the care date. Needed for series, laboratory, devices and pharmacy; possible for an isolated act; refused otherwise.</summary>
    public string? PrescriptionDate { get; init; }

    /// <summary>The insurance the care is charged to, where the caller states one: <c>10</c> illness, <c>13</c> local regime, <c>30</c> maternity, <c>41</c> AT/MP, <c>90</c> prevention.</summary>
    public string? InsuranceNature { get; init; }

    /// <summary>One of the seven: <c>card-forgotten-lost-stolen, emergency, state-medical-aid, provisional-number, patient-absent, invoice-rejected, attending-physician</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>A regime's id, to ask that one only; absent, all the able ones are searched.</summary>
    public string? Regime { get; init; }

    /// <summary>True asks the regimes again even where a recent answer is kept.</summary>
    public bool Refresh { get; init; }

    /// <summary>
    /// True asks every able regime, where a search otherwise ends with the first open right: two affiliations are seen. A rejected
    /// invoice and a question by names are always asked of all. Not beside a <c>regime</c>.
    /// </summary>
    public bool Exhaustive { get; init; }

    /// <summary>
    /// The caller's own number of an admission, the same in all its questions: up to 64 letters, digits, dashes, dots and underscores, never a
    /// NIR. Kept as a keyed hash; <c>GET /api/consultations?workflowId=</c> finds the questions again.
    /// </summary>
    public string? WorkflowId { get; init; }

    /// <summary>Masked: the question names a person.</summary>
    public override string ToString() => $"{nameof(ConsultationRequest)} {Id}";
}

/// <summary>A person's names, as typed.</summary>
public sealed record PersonNames(string? FamilyName, string? GivenName)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(PersonNames);
}
