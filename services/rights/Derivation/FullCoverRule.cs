using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>
/// VF: what full cover rests on, where several could: AME, then the nature of insurance stated by the caller (maternity, AT/MP,
/// prevention), then the miners' regime, then the exempted beneficiary (military pension, invalidity), then the act.
/// </summary>
internal static class FullCoverRule
{
    private const string Miners = "07";
    private const string Right = "Prise en charge à 100 %";

    /// <param name="rights">As the regime knows them.</param>
    /// <param name="care">With the nature that the caller states.</param>
    /// <param name="derived">Everything else, decided.</param>
    /// <param name="rules">The set in force.</param>
    /// <returns>Null where nothing gives it, or where full third-party payment already says it in its own words.</returns>
    public static Conclusion? Decide(DatedRights rights, Care care, DerivedRights derived, RuleSet rules)
    {
        var (nature, of) = (care.Nature, new Named(rules.NamesTheOtherDate && care.Other is { } other ? care.Named(other) : null));
        if (derived.Ame.State == RightState.Open)
            return Because(derived.Ame, "Aide médicale de l'État");
        if (derived.BaseRights.State != RightState.Open)
            return null;
        if (nature == InsuranceNature.Maternity)
            return Maternity(derived, of);
        if (nature == InsuranceNature.WorkAccident || nature == InsuranceNature.Prevention)
            return Because(derived.BaseRights, nature.Label) with
            {
                Code = nature.Code,
                Sentence = $"{Right} à ce titre : nature d'assurance « {nature.Label} » indiquée par l'appelant, qui en répond.",
            };
        if (rights.Organism.Code.RegimeCode == Miners)
            return Because(derived.BaseRights, "Régime des mines");
        return derived.FullThirdPartyPayment is null ? OfBeneficiary(derived, of) ?? OfAct(derived, of) : null;
    }

    private static Conclusion Maternity(DerivedRights derived, Named of)
    {
        var nature = InsuranceNature.Maternity;
        var declared = Open(derived, ExemptionGround.Maternity) ?? (derived.Maternity.State == RightState.Open ? derived.Maternity : null);
        return declared is not null
            ? of.Date(Because(declared, nature.Label) with { Code = nature.Code }, declared)
            : new Conclusion
            {
                State = RightState.Undetermined,
                Rule = Rule.FullCover,
                Code = nature.Code,
                Label = nature.Label,
                Sentence = $"{Right} : nature d'assurance « {nature.Label} » indiquée par l'appelant, mais aucune maternité n'est retrouvée à cette date ; à vérifier auprès de l'organisme.",
            };
    }

    private static Conclusion? OfBeneficiary(DerivedRights derived, Named of) =>
        (Open(derived, ExemptionGround.MilitaryPension) ?? Open(derived, ExemptionGround.Invalidity)) is { } exempted
            ? of.Date(Because(exempted, exempted.Label!) with { Code = exempted.Code }, exempted)
            : null;

    // Exempted care, not an exempted person: whether this care is such is not in any right.
    private static Conclusion? OfAct(DerivedRights derived, Named of) =>
        (Open(derived, ExemptionGround.LongTermIllness) ?? Open(derived, ExemptionGround.Maternity) ?? Open(derived, ExemptionGround.SpecialCare)) is { } act
            ? of.Date(
                Because(act, act.Label!) with
                {
                    State = RightState.Undetermined,
                    Code = act.Code,
                    Sentence = $"{Right} selon l'acte : seuls les soins que couvre l'exonération « {act.Label} » le sont ; une personne décide.",
                },
                act)
            : null;

    private static Conclusion? Open(DerivedRights derived, ExemptionGround ground) =>
        derived.Exemptions
            .Where(one => one.State == RightState.Open && Exemption.Parse(one.Code).Value.Ground == ground)
            .MinBy(one => one.Code, StringComparer.Ordinal);

    private static Conclusion Because(Conclusion right, string label) => new()
    {
        State = RightState.Open,
        Rule = Rule.FullCover,
        Label = label,
        Start = right.Start,
        End = right.End,
        Sentence = $"{Right} : {label}.",
    };

    /// <summary>What rests on a right of the other date says so.</summary>
    /// <param name="When">The other date, named; null where there is none to name.</param>
    private readonly record struct Named(string? When)
    {
        public Conclusion Date(Conclusion cover, Conclusion why) =>
            When is { } when && why.Rule == Rule.MostFavourable ? cover with { Sentence = $"{cover.Sentence} {MostFavourable.Chosen(when)}" } : cover;
    }
}
