using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>
/// A beneficiary's rights with their periods, as one regime knows them: nothing is derived yet. Immutable, and kept encrypted.
/// </summary>
/// <remarks>An empty list states that there is none: a list the regime left out makes its answer unreadable.</remarks>
internal sealed record DatedRights
{
    public required InsuredPerson Insured { get; init; }

    public required BeneficiaryPerson Beneficiary { get; init; }

    public required FileOrganism Organism { get; init; }

    /// <value>Periods of base rights; empty for a person who is known and has none.</value>
    public required IReadOnlyList<CarePeriod> BasePeriods { get; init; }

    public required IReadOnlyList<DatedExemption> Exemptions { get; init; }

    public required IReadOnlyList<DatedModulation> Modulations { get; init; }

    /// <value>C2S and AME.</value>
    public required IReadOnlyList<DatedSituation> Situations { get; init; }

    public required IReadOnlyList<DatedMaternity> Maternities { get; init; }

    public required IReadOnlyList<DeclaredWorkAccident> WorkAccidents { get; init; }

    public DeclaredPhysician? Physician { get; init; }

    /// <value>Contract specificity; 0 with régime 01 and exemption 1 means full third-party payment.</value>
    public string? ContractSpecificity { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DatedRights);
}

/// <summary>The insured person (<i>ouvrant droit</i>). Their NIR is not the patient's unless they are the patient.</summary>
internal sealed record InsuredPerson(Nir Nir, string FamilyName, string GivenName)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(InsuredPerson);
}

/// <summary>The patient.</summary>
internal sealed record BeneficiaryPerson(
    Nir? Nir,
    string FamilyName,
    string? NameInUse,
    string GivenName,
    BirthDate BirthDate,
    BirthRank BirthRank,
    BeneficiaryQuality Quality)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(BeneficiaryPerson);
}

/// <summary>The organism that manages the file, with the words the regime uses for it.</summary>
internal sealed record FileOrganism(Organism Code, string Label, string? ManagementCode, string? ManagementCentre);

internal sealed record DatedExemption(Exemption Exemption, CarePeriod Period)
{
    /// <summary>Masked: the code tells of an illness.</summary>
    public override string ToString() => nameof(DatedExemption);
}

internal sealed record DatedModulation(Modulation Modulation, CarePeriod Period)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DatedModulation);
}

/// <param name="Situation">C2S or AME.</param>
/// <param name="Period">Ends included.</param>
/// <param name="ComplementaryBody">Never stands in for the organism.</param>
/// <param name="Participation">For C2S: with or without; null when the regime does not say.</param>
internal sealed record DatedSituation(
    SpecialSituation Situation, CarePeriod Period, ComplementaryBody? ComplementaryBody, bool? Participation)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DatedSituation);
}

/// <param name="Period">Ends included.</param>
/// <param name="Organism">The one that manages the maternity (CF692); null when it is the file's own.</param>
internal sealed record DatedMaternity(CarePeriod Period, Organism? Organism)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DatedMaternity);
}

/// <summary>A work accident or occupational disease: listed, never applied.</summary>
internal sealed record DeclaredWorkAccident(WorkAccidentNumber Number, DateOnly? Date, DateOnly? Start, DateOnly? End)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DeclaredWorkAccident);
}

/// <summary>The <i>médecin traitant</i>, or the statement that none is declared.</summary>
internal sealed record DeclaredPhysician(bool Declared, string? Name, Rpps? Number, DateOnly? Start, DateOnly? End)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DeclaredPhysician);
}
