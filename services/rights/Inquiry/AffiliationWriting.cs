using Cdr.Contracts.Rights;
using Cdr.Rights.Cache;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>From one regime's finding to its part of the answer.</summary>
internal static class AffiliationWriting
{
    public static Affiliation Write(RuleSet rules, RegimeFinding finding, DatedRights rights, Question question, DateTimeOffset now)
    {
        var derived = Derive.At(rules, rights, question.CircumstancesAt(finding));
        var (insured, patient) = (rights.Insured, rights.Beneficiary);
        return new Affiliation
        {
            Source = Source(finding, now),
            Beneficiary = new Beneficiary
            {
                Nir = patient.Nir?.Value,
                NirKey = patient.Nir?.Key,
                FamilyName = patient.FamilyName,
                NameInUse = patient.NameInUse,
                GivenName = patient.GivenName,
                BirthDate = patient.BirthDate.Iso,
                BirthRank = patient.BirthRank.Value,
                Quality = patient.Quality.Code,
                QualityLabel = patient.Quality.Label,
            },
            Insured = new Insured
            {
                Nir = insured.Nir.Value,
                NirKey = insured.Nir.Key,
                FamilyName = insured.FamilyName,
                GivenName = insured.GivenName,
                IsPatient = patient.Quality.Code == "insured",
            },
            Organism = new ManagingOrganism(
                rights.Organism.Code.RegimeCode, rights.Organism.Code.Caisse, rights.Organism.Code.Centre, rights.Organism.Label, rights.Organism.ManagementCode, rights.Organism.ManagementCentre),
            BaseRights = derived.BaseRights,
            C2s = derived.C2s,
            Ame = derived.Ame,
            Exemptions = derived.Exemptions,
            Modulations = derived.Modulations,
            Maternity = derived.Maternity,
            AttendingPhysician = derived.Physician,
            WorkAccidents = derived.WorkAccidents,
            FullThirdPartyPayment = derived.FullThirdPartyPayment,
            FullCover = derived.FullCover,
            PassingMigrant = derived.PassingMigrant,
        };
    }

    /// <summary>Whether what a regime said makes a right open at the reference date.</summary>
    public static bool IsOpen(RuleSet rules, RegimeFinding finding, Question question) =>
        finding.Rights is { } rights && Derive.At(rules, rights, question.CircumstancesAt(finding)) is { } derived
        && (derived.BaseRights.State == RightState.Open || derived.Ame.State == RightState.Open);

    /// <summary>The same affiliation with its conclusions drawn.</summary>
    public static Affiliation With(this Affiliation affiliation, DerivedRights derived) => affiliation with
    {
        BaseRights = derived.BaseRights,
        C2s = derived.C2s,
        Ame = derived.Ame,
        Exemptions = derived.Exemptions,
        Modulations = derived.Modulations,
        Maternity = derived.Maternity,
        AttendingPhysician = derived.Physician,
        WorkAccidents = derived.WorkAccidents,
        FullThirdPartyPayment = derived.FullThirdPartyPayment,
        FullCover = derived.FullCover,
        PassingMigrant = derived.PassingMigrant,
    };

    private static AffiliationSource Source(RegimeFinding finding, DateTimeOffset now) => new()
    {
        Regime = finding.Regime.Id.Value,
        Name = finding.Regime.Name,
        Freshness = finding.Freshness,
        ObtainedAt = finding.At,
        AgeSeconds = Math.Max(0, (long)(now - finding.At).TotalSeconds),
        // A stale answer is no proof.
        ReliableUntil = finding.Freshness == Freshness.Stale ? null : KeptTimes.EndOf(finding.Regime, finding.Answer, finding.At),
    };
}
