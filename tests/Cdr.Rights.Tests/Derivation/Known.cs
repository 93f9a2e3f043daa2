using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Regimes;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>A person with base rights since 2020 and nothing else, to add to.</summary>
internal static class Known
{
    public static readonly DateOnly Today = RegimeHarness.Today;

    public static DatedRights Rights { get; } = Recorded.Rights("cnam") with
    {
        BasePeriods = [Period("2020-01-01/..")],
        Exemptions = [],
        Modulations = [],
        Situations = [],
        Maternities = [],
        WorkAccidents = [],
        Physician = null,
        ContractSpecificity = null,
    };

    public static DatedSituation Ame { get; } = new(SpecialSituation.Ame, Period("2026-01-01/2026-12-31"), ComplementaryBody.Ame, null);

    public static DatedSituation C2s { get; } = new(SpecialSituation.C2sManagedByCaisse1, Period("2026-01-01/2026-12-31"), null, false);

    public static CarePeriod Period(string text) => CarePeriod.Parse(text).Value;

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public static DerivedRights On(this DatedRights rights, string day, ConsultationReason? reason = null, string regime = "cnam") =>
        rights.On(new Care(Day(day)), reason, regime);

    public static DerivedRights On(
        this DatedRights rights, Care care, ConsultationReason? reason = null, string regime = "cnam", Departure? departure = null, RuleSet? rules = null) =>
        Derive.At(
            rules ?? RuleSet.Current, rights,
            new Circumstances(care, reason ?? ConsultationReason.Emergency, Today, Recorded.Row(regime).Capabilities.WorkAccidents, departure));

    public static (RightState State, string Rule, string Sentence) Said(this Conclusion conclusion) =>
        (conclusion.State, conclusion.Rule, conclusion.Sentence);
}
