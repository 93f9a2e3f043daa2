using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>Settings of the FHIR door.</summary>
internal sealed class FhirOptions
{
    public const string Section = "Fhir";

    /// <value>Reason of a request that states none by the extension: the software asks where nobody stands at a desk.</value>
    [Required]
    public string DefaultReason { get; set; } = Cdr.Domain.ConsultationReason.PatientAbsent.Id;
}
