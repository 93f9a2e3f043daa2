using System.Globalization;

namespace Cdr.Contracts.Rights;

/// <summary>What one regime knows of the patient, and what follows for the care date.</summary>
public sealed record Affiliation
{
    // Case, accents, dashes and spaces do not make another person.
    private const CompareOptions AsWritten = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace | CompareOptions.IgnoreSymbols;

    /// <summary>Regime, freshness and instants: the source of every section below.</summary>
    public required AffiliationSource Source { get; init; }

    /// <summary>The patient.</summary>
    public required Beneficiary Beneficiary { get; init; }

    /// <summary>The insured person (ouvrant droit), where different from the patient.</summary>
    public required Insured Insured { get; init; }

    /// <summary>The organism that manages the file.</summary>
    public required ManagingOrganism Organism { get; init; }

    /// <summary>Base rights at the care date.</summary>
    public required Conclusion BaseRights { get; init; }

    /// <summary>Complémentaire santé solidaire.</summary>
    public required Conclusion C2s { get; init; }

    /// <summary>Aide médicale de l'État.</summary>
    public required Conclusion Ame { get; init; }

    /// <summary>Exemptions from the ticket modérateur; several may hold at once.</summary>
    public required IReadOnlyList<Conclusion> Exemptions { get; init; }

    /// <summary>Modulations of the ticket modérateur; several may hold at once.</summary>
    public required IReadOnlyList<Conclusion> Modulations { get; init; }

    /// <summary>Maternity cover; the label names the managing organism.</summary>
    public required Conclusion Maternity { get; init; }

    /// <summary>Declaration of the médecin traitant.</summary>
    public required AttendingPhysician AttendingPhysician { get; init; }

    /// <summary>Declared work accidents and occupational diseases: listed, never applied. Absent where the regime does not give them.</summary>
    public IReadOnlyList<WorkAccident>? WorkAccidents { get; init; }

    /// <summary>« tiers payant intégral, prise en charge à 100 % par le régime général, sans dépassement », where it applies.</summary>
    public Conclusion? FullThirdPartyPayment { get; init; }

    /// <summary>What full cover rests on, where several reasons could; undetermined where it depends on the act. Absent where nothing gives it.</summary>
    public Conclusion? FullCover { get; init; }

    /// <summary>That the insured person is a passing migrant, by the number; absent otherwise.</summary>
    public Conclusion? PassingMigrant { get; init; }

    /// <summary>
    /// Whether the two may be files of different persons: those who have a number of their own by it, whatever birth date a regime holds; all others by
    /// their birth date, then by their rank with their given name. Some regimes rank twins alone, others all children: a rank by itself tells nobody apart.
    /// </summary>
    public bool MayBeAnothersThan(Affiliation other)
    {
        // One that is provisional became a permanent one since.
        if (OwnNir is { } mine && other.OwnNir is { } theirs && (mine == theirs || (IsPermanent(mine) && IsPermanent(theirs))))
            return mine != theirs;
        var (one, two) = (Beneficiary, other.Beneficiary);
        return one.BirthDate != two.BirthDate || (one.BirthRank != two.BirthRank && CultureInfo.InvariantCulture.CompareInfo.Compare(one.GivenName, two.GivenName, AsWritten) != 0);
    }

    /// <summary>Whether any two of them may be.</summary>
    public static bool MayBeOfSeveral(IReadOnlyList<Affiliation> files) => files.Index().Any(one => files.Skip(one.Index + 1).Any(one.Item.MayBeAnothersThan));

    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(Affiliation)} {Source.Regime}";

    // Not an insured person's, which is their family's.
    private string? OwnNir => Beneficiary.Nir ?? (Insured.IsPatient ? Insured.Nir : null);

    private static bool IsPermanent(string nir) => nir is ['1' or '2', ..];
}

/// <summary>Who said it, when, and until when it may be relied upon.</summary>
public sealed record AffiliationSource
{
    /// <summary>Id of the regime.</summary>
    public required string Regime { get; init; }

    /// <summary>Official name.</summary>
    public required string Name { get; init; }

    /// <summary>Live, cached or stale.</summary>
    public required Freshness Freshness { get; init; }

    /// <summary>UTC instant at which the regime said it.</summary>
    public required DateTimeOffset ObtainedAt { get; init; }

    /// <summary>Age of the information when the answer was made, in seconds.</summary>
    public required long AgeSeconds { get; init; }

    /// <summary>UTC instant until which it may be relied upon; absent when stale: no proof.</summary>
    public DateTimeOffset? ReliableUntil { get; init; }
}

/// <summary>A conclusion about one right: its state, the period and the rule that decided, a sentence.</summary>
public sealed record Conclusion
{
    /// <summary>Open, closed or undetermined.</summary>
    public required RightState State { get; init; }

    /// <summary>What the clerk reads.</summary>
    public required string Sentence { get; init; }

    /// <summary>Rule of the hospital billing specification, or of this platform, that decided.</summary>
    public required string Rule { get; init; }

    /// <summary>The field's code, where the right has one (exemption, modulation, situation).</summary>
    public string? Code { get; init; }

    /// <summary>The code's label, or the managing body's.</summary>
    public string? Label { get; init; }

    /// <summary>First day of the period that decided.</summary>
    public DateOnly? Start { get; init; }

    /// <summary>Last day, inclusive; absent when the period has no end.</summary>
    public DateOnly? End { get; init; }

    /// <summary>True when C2S is with participation, false without; absent for other rights.</summary>
    public bool? WithParticipation { get; init; }

    /// <summary>8-digit number of the complementary body, where one is concerned. Never replaces the organism.</summary>
    public string? ComplementaryBody { get; init; }
}

/// <summary>The patient, as the regime knows them.</summary>
public sealed record Beneficiary
{
    /// <summary>13 characters; absent where the regime does not give it.</summary>
    public string? Nir { get; init; }

    /// <summary>2 digits; absent for numbers that have none.</summary>
    public string? NirKey { get; init; }

    /// <summary>Birth name.</summary>
    public required string FamilyName { get; init; }

    /// <summary>Name in use, where different.</summary>
    public string? NameInUse { get; init; }

    /// <summary>Given name.</summary>
    public required string GivenName { get; init; }

    /// <summary><c>yyyy-MM-dd</c>, lunar dates as they are.</summary>
    public required string BirthDate { get; init; }

    /// <summary>Birth rank.</summary>
    public required int BirthRank { get; init; }

    /// <summary>Id of the quality: <c>insured, partner, child…</c></summary>
    public required string Quality { get; init; }

    /// <summary>The same in words.</summary>
    public required string QualityLabel { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(Beneficiary);
}

/// <summary>The insured person. Their NIR is not the patient's, unless they are the patient.</summary>
public sealed record Insured
{
    /// <summary>13 characters.</summary>
    public required string Nir { get; init; }

    /// <summary>2 digits; absent for numbers that have none.</summary>
    public string? NirKey { get; init; }

    /// <summary>Birth name.</summary>
    public required string FamilyName { get; init; }

    /// <summary>Given name.</summary>
    public required string GivenName { get; init; }

    /// <summary>True when the patient is the insured person.</summary>
    public required bool IsPatient { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(Insured);
}

/// <summary>régime (2) – caisse (3) – centre (4).</summary>
public sealed record ManagingOrganism(string RegimeCode, string Caisse, string Centre, string Label, string? ManagementCode, string? ManagementCentre);

/// <summary>Declaration of the médecin traitant.</summary>
public sealed record AttendingPhysician(RightState State, string Sentence, string Rule, string? Name, string? Number, DateOnly? Start, DateOnly? End)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(AttendingPhysician);
}

/// <summary>A declared work accident or occupational disease: 9-digit number.</summary>
public sealed record WorkAccident(string Number, DateOnly? Date, DateOnly? Start, DateOnly? End)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(WorkAccident);
}
