using Cdr.Domain;

namespace Cdr.RegimeSimulator;

/// <summary>The truth a regime holds on one beneficiary: every dated right, whatever the care date.</summary>
public sealed record SimulatedRights
{
    public required Organism Organism { get; init; }

    public required string OrganismLabel { get; init; }

    public string? ManagementCode { get; init; }

    public string? ManagementCentre { get; init; }

    public IReadOnlyList<CarePeriod> Base { get; init; } = [];

    public IReadOnlyList<SimulatedRight> Exemptions { get; init; } = [];

    public IReadOnlyList<SimulatedRight> Modulations { get; init; } = [];

    public IReadOnlyList<SimulatedSituation> Situations { get; init; } = [];

    public IReadOnlyList<SimulatedMaternity> Maternities { get; init; } = [];

    public IReadOnlyList<SimulatedWorkAccident> WorkAccidents { get; init; } = [];

    /// <value>Null: the regime says nothing of it (children).</value>
    public SimulatedAttendingPhysician? AttendingPhysician { get; init; }

    public string? ContractSpecificity { get; init; }
}

/// <param name="Code">SFG code, without leading zero.</param>
public sealed record SimulatedRight(string Code, CarePeriod Period);

/// <param name="Code">SFG code: 1, 2, 3 C2S; 10 AME.</param>
/// <param name="WithParticipation">Of C2S only.</param>
public sealed record SimulatedSituation(string Code, CarePeriod Period, ComplementaryBody? Body, bool? WithParticipation);

/// <param name="Organism">The one that manages during the maternity, when it is another.</param>
public sealed record SimulatedMaternity(CarePeriod Period, Organism? Organism);

/// <param name="Number">9 digits.</param>
public sealed record SimulatedWorkAccident(string Number, DateOnly? Date, CarePeriod? Period);

/// <param name="Rpps">11 digits.</param>
/// <param name="Start">Null: declared without a period.</param>
public sealed record SimulatedAttendingPhysician(bool IsDeclared, string? Name, string? Rpps, DateOnly? Start, DateOnly? End)
{
    public static SimulatedAttendingPhysician None { get; } = new(false, null, null, null, null);
}
