using Cdr.Domain;

namespace Cdr.Rights.Derivation;

/// <summary>What the caller says of the care.</summary>
/// <param name="Date">Done; of a stay its first day, of dental prosthetics the last of the work.</param>
/// <param name="Kind">Null when the caller chose the reference date.</param>
/// <param name="Prescription">Never after <paramref name="Date"/>; there for every kind that is looked at on it.</param>
/// <param name="Nature">Insurance it is charged to, where the caller states one.</param>
internal sealed record Care(DateOnly Date, CareKind? Kind = null, DateOnly? Prescription = null, InsuranceNature? Nature = null)
{
    /// <value>Where rights are looked at (CF600).</value>
    public DateOnly Reference => Kind is { IsByPrescription: true } ? Prescription ?? Date : Date;

    /// <value>The one of prescription and execution that is not the reference; null when there is none, or it is the same day.</value>
    public DateOnly? Other => Prescription is not { } prescribed || prescribed == Date ? null : Reference == Date ? prescribed : Date;

    /// <summary>« date de la prescription », « date d'entrée ».</summary>
    public string LabelOf(DateOnly day) => day == Date ? Kind?.DateLabel ?? "date des soins" : "date de la prescription";

    /// <summary>« 10/03/2026, date de la prescription ».</summary>
    public string Named(DateOnly day) => $"{CareDay.French(day)}, {LabelOf(day)}";
}
