using Cdr.Domain;

namespace Cdr.RegimeSimulator;

/// <summary>A person as a regime writes them. Every one is a test identity (OID 1.2.250.1.213.1.4.10).</summary>
/// <param name="FamilyName">Name at birth.</param>
/// <param name="Nir">Their own number, 13 characters, when the regime knows it.</param>
public sealed record SimulatedPerson(string FamilyName, string? NameInUse, string GivenName, BirthDate BirthDate, string? Nir)
{
    /// <summary>Masked: what is logged of simulated people would be logged of real ones.</summary>
    public override string ToString() => nameof(SimulatedPerson);
}

/// <summary>An insured person and what each regime that knows them would say.</summary>
/// <param name="Nir">13 characters, without key.</param>
/// <param name="Memberships">One per regime; empty for a person nobody knows.</param>
public sealed record SimulatedInsured(string Nir, SimulatedPerson Person, IReadOnlyList<SimulatedMembership> Memberships)
{
    public override string ToString() => nameof(SimulatedInsured);
}

/// <summary>What one regime holds on a family.</summary>
/// <param name="Regime">Id of the registry.</param>
/// <param name="Beneficiaries">The insured person first.</param>
/// <param name="MovedTo">Id of the regime that took over, where this one knows it.</param>
/// <param name="MovedSince">From this care date on, this regime answers that the person has moved.</param>
public sealed record SimulatedMembership(
    string Regime, IReadOnlyList<SimulatedBeneficiary> Beneficiaries, string? MovedTo = null, DateOnly? MovedSince = null)
{
    public bool HasMovedOn(DateOnly careDate) => MovedTo is not null && MovedSince <= careDate;
}

/// <param name="Rank">In Cnam 1, and 2 for the second of twins; elsewhere the rank in the family, the insured person being 1.</param>
public sealed record SimulatedBeneficiary(SimulatedPerson Person, int Rank, BeneficiaryQuality Quality, SimulatedRights Rights);
