using Cdr.Domain;

namespace Cdr.Rights.Derivation;

/// <summary>All that conclusions rest on beside the dated rights.</summary>
/// <param name="Care">What the caller says of the care.</param>
/// <param name="Reason">Why it is asked.</param>
/// <param name="Today">At the establishment.</param>
/// <param name="GivesWorkAccidents">Whether the regime gives work accidents at all.</param>
/// <param name="Departure">Where the regime says that the person left it.</param>
internal sealed record Circumstances(Care Care, ConsultationReason Reason, DateOnly Today, bool GivesWorkAccidents, Departure? Departure = null);

/// <param name="Since">First day elsewhere, when the regime says it.</param>
internal sealed record Departure(DateOnly? Since)
{
    public bool HasHappenedOn(DateOnly day) => Since is null || Since <= day;
}
