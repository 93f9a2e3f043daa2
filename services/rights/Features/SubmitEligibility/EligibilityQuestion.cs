using Cdr.Contracts.Rights;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>A <c>CoverageEligibilityRequest</c> as a question of this service.</summary>
/// <param name="Asked">The resource.</param>
/// <param name="Person">Whom it is about.</param>
/// <param name="Request">The question.</param>
/// <param name="Elements">Where each of the question's fields stands in the resource, to name it in a problem.</param>
internal sealed record EligibilityQuestion(CoverageEligibilityRequest Asked, EligibilityPerson Person, ConsultationRequest Request, IReadOnlyDictionary<string, string> Elements)
{
    /// <summary>Masked: it names a person.</summary>
    public override string ToString() => nameof(EligibilityQuestion);
}
