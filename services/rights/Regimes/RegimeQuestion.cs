using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>The question one regime is asked. Nothing of it but its headers may be logged.</summary>
/// <param name="Subject">Who.</param>
/// <param name="CareDate">The date the rights are wanted for.</param>
/// <param name="Consultation">UUIDv7 of the question, the same for all regimes.</param>
/// <param name="Establishment">FINESS géographique of the caller.</param>
/// <param name="Reason">Passed on to the regime.</param>
internal sealed record RegimeQuestion(
    RegimeSubject Subject, DateOnly CareDate, Guid Consultation, Finess Establishment, ConsultationReason Reason)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(RegimeQuestion)} {Consultation}";
}

/// <summary>How the person is named: by the insured person's NIR, or by names and birth date.</summary>
internal abstract record RegimeSubject
{
    private RegimeSubject()
    {
    }

    /// <param name="Nir">The insured person's, or the patient's own.</param>
    /// <param name="BeneficiaryBirthDate">Tells the beneficiary apart, when given.</param>
    /// <param name="BeneficiaryBirthRank">Tells twins apart (Cnam), or is the rank in the family.</param>
    public sealed record ByNir(Nir Nir, BirthDate? BeneficiaryBirthDate = null, BirthRank? BeneficiaryBirthRank = null) : RegimeSubject
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(ByNir);
    }

    /// <summary>Only for a regime that can search by name.</summary>
    public sealed record ByName(string FamilyName, string GivenName, BirthDate BirthDate) : RegimeSubject
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(ByName);
    }
}
