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

    private const string Right = "Prise en charge intégrale";

    /// <returns>Null where it does not apply.</returns>
    public static Conclusion? Decide(DatedRights rights, Care care, Moment reference, Moment? other)
    {
        var own = Decide(rights, reference);
        if (own is not null || other is null || reference.Ame.State == RightState.Open || reference.Day.IsBeyondHorizon)
            return own;
        // CP01. The words of what is open stay the same, whichever date gave it.
        return Decide(rights, other) switch
        {
            { State: RightState.Open } rival => MostFavourable.OnTheReference(rival with { Rule = Rule.MostFavourable }, care, reference, other, Right),
            { } rival when reference.Day.Rules.NamesTheOtherDate => rival with { Sentence = $"{rival.Sentence} {MostFavourable.Compared(care.Named(other.Day.Date))}" },
            var rival => rival,
        };
    }

    private static Conclusion? Decide(DatedRights rights, Moment moment)
    {
        var (day, standing) = (moment.Day, moment.Standing);
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
            Right);
    }

    public static bool SaysItInstead(DatedRights rights, Exemption exemption) =>
        exemption == Exemption.MilitaryPension && rights.Organism.Code.RegimeCode == "01" && rights.ContractSpecificity == "0";
}
