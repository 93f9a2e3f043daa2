using Cdr.Contracts.Rights;

namespace Cdr.Rights.Derivation;

/// <summary>CF600: which date rights are looked at, by the kind of care.</summary>
internal static class ReferenceRule
{
    /// <returns>Null when the caller chose the date, by giving no kind.</returns>
    public static ReferenceDate? Decide(Care care) => care.Kind is not { } kind ? null : new ReferenceDate(
        care.Reference,
        kind.Id,
        care.Prescription,
        Rule.Reference,
        $"{kind.Label} : les droits sont ceux du {CareDay.French(care.Reference)}, {care.LabelOf(care.Reference)}.");
}
