using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>Régime 01 with exemption 1 and contract specificity 0: third-party payment in full.</summary>
/// <remarks>
/// Why a patient has it is never displayed nor inferred: this sentence is all that is said, and exemption 1 is not listed
/// beside it, at any date.
/// </remarks>
internal static class FullThirdPartyPaymentRule
{
    public const string Sentence = "tiers payant intégral, prise en charge à 100 % par le régime général, sans dépassement";

    /// <returns>Null where it does not apply.</returns>
    public static Conclusion? Decide(DatedRights rights, CareDay day, Standing standing)
    {
        var period = day.Deciding(rights.Exemptions.Where(one => SaysItInstead(rights, one.Exemption)).Select(one => one.Period));
        if (day.IsBeyondHorizon || standing.Ame == RightState.Open || period?.Contains(day.Date) != true)
            return null;

        return standing.Apply(
            new Conclusion
            {
                State = RightState.Open,
                Rule = Rule.FullCover,
                Start = period.Start,
                End = day.KnownEnd(period),
                Sentence = Sentence,
            },
            "Prise en charge intégrale");
    }

    public static bool SaysItInstead(DatedRights rights, Exemption exemption) =>
        exemption == Exemption.MilitaryPension && rights.Organism.Code.RegimeCode == "01" && rights.ContractSpecificity == "0";
}
