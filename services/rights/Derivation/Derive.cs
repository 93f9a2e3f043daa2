using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>From dated rights to conclusions, by the rules of the hospital billing specification (SFG). Pure.</summary>
internal static class Derive
{
    /// <summary>Goes into every answer; changes with any rule or sentence.</summary>
    public const string RulesVersion = "2026.1";

    /// <param name="rights">As the regime knows them.</param>
    /// <param name="regime">Tells whether it gives work accidents at all.</param>
    /// <param name="careDate">The reference date (CF600), chosen by the caller.</param>
    /// <param name="reason">Why it is asked.</param>
    /// <param name="today">At the establishment: an end further than one year ahead is not known.</param>
    public static DerivedRights At(
        DatedRights rights, RegimeRow regime, DateOnly careDate, ConsultationReason reason, DateOnly today)
    {
        var day = new CareDay(careDate, today);
        var baseRights = BaseRightsRule.Decide(rights, day);
        var ame = AmeRule.Decide(rights, day, reason);
        var standing = new Standing(baseRights.State, ame.State);
        return new DerivedRights
        {
            BaseRights = baseRights,
            C2s = C2sRule.Decide(rights, day, standing),
            Ame = ame,
            Exemptions = CodedRightsRule.Exemptions(rights, day, standing),
            Modulations = CodedRightsRule.Modulations(rights, day, standing),
            Maternity = MaternityRule.Decide(rights, day, standing),
            Physician = PhysicianRule.Decide(rights.Physician, day),
            WorkAccidents = WorkAccidents(rights, regime),
            FullThirdPartyPayment = FullThirdPartyPaymentRule.Decide(rights, day, standing),
        };
    }

    // Listed whatever their dates: that the care is due to one of them is for the caller to state.
    private static List<WorkAccident>? WorkAccidents(DatedRights rights, RegimeRow regime) =>
        regime.Capabilities.WorkAccidents || rights.WorkAccidents.Count > 0
            ? [.. rights.WorkAccidents.Select(one => new WorkAccident(one.Number.Value, one.Date, one.Start, one.End))]
            : null;
}
