using Cdr.Contracts.Rights;

namespace Cdr.Rights.Derivation;

/// <summary>What a regime's dated rights mean for a care date: every right with its state, its rule and its sentence.</summary>
internal sealed record DerivedRights
{
    public required Conclusion BaseRights { get; init; }

    public required Conclusion C2s { get; init; }

    public required Conclusion Ame { get; init; }

    /// <value>One an exemption known, those open at the care date first.</value>
    public required IReadOnlyList<Conclusion> Exemptions { get; init; }

    public required IReadOnlyList<Conclusion> Modulations { get; init; }

    /// <value>The label is the managing organism.</value>
    public required Conclusion Maternity { get; init; }

    public required AttendingPhysician Physician { get; init; }

    /// <value>Listed, never applied; null where the regime gives none.</value>
    public required IReadOnlyList<WorkAccident>? WorkAccidents { get; init; }

    /// <value>Null where it does not apply.</value>
    public required Conclusion? FullThirdPartyPayment { get; init; }

    /// <value>Null where nothing gives it.</value>
    public Conclusion? FullCover { get; init; }

    /// <value>Null where it does not apply.</value>
    public required Conclusion? PassingMigrant { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DerivedRights);
}
