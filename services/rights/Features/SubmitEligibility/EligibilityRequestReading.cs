using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using Purpose = Hl7.Fhir.Model.CoverageEligibilityRequest.EligibilityRequestPurpose;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>From a resource to the question; what cannot be asked is named by its element.</summary>
internal sealed class EligibilityRequestReading(IOptions<FhirOptions> options)
{
    /// <summary>The request itself, or the one request of a collection <c>Bundle</c>; either may be the one <c>resource</c> of <c>Parameters</c>.</summary>
    public EligibilityQuestion? Read(Resource resource, Caller caller, out OperationOutcome? problem)
    {
        problem = null;
        if (SentResources.Open(resource) is not { } sent)
        {
            problem = FhirBody.Outcome(OperationOutcome.IssueType.Structure, resource.TypeName, "eligibility-request-missing", "Il manque une CoverageEligibilityRequest.", "Envoyez-la seule, ou dans un Bundle « collection » qui n'en contient qu'une ; l'une ou l'autre peut être l'unique paramètre « resource » de Parameters.");
            return null;
        }

        var asked = sent.Request;
        if (asked.Status != FinancialResourceStatusCodes.Active)
        {
            problem = FhirBody.Outcome(OperationOutcome.IssueType.BusinessRule, sent.Path + ".status", "status-not-active", "Seule une demande active est traitée.", "Envoyez le statut « active ».");
            return null;
        }

        if (asked.Purpose.Contains(Purpose.AuthRequirements))
        {
            problem = FhirBody.Outcome(OperationOutcome.IssueType.NotSupported, sent.Path + ".purpose", "purpose-not-supported", "Les accords préalables ne se demandent pas ici.", "Utilisez validation, benefits ou discovery.");
            return null;
        }

        problem = AmbiguousElements.In(sent);
        if (problem is not null)
            return null;

        var elements = Elements(asked, sent.Path);
        var careDate = (asked.Serviced as Date)?.Value ?? Day((asked.Serviced as Period)?.Start, caller);
        if (asked.Serviced is not null && careDate is null)
        {
            problem = FhirBody.Outcome(OperationOutcome.IssueType.Required, elements["careDate"], "care-date-missing", "Il manque le jour des soins.", "Donnez servicedDate ou servicedPeriod.start, ou ni l'un ni l'autre pour aujourd'hui.");
            return null;
        }

        if (EligibilityPerson.Of(sent, elements) is not { } person)
        {
            problem = FhirBody.Outcome(OperationOutcome.IssueType.Required, sent.Path + ".patient", "person-missing", "Il manque la personne.", "Désignez un Patient contenu (« #… ») ou une entrée du Bundle, avec un NIR ou des nom, prénom et date de naissance ; ou donnez le NIR comme identifiant.");
            return null;
        }

        if (person.Missing is { } missing)
        {
            problem = FhirBody.Outcome(OperationOutcome.IssueType.Required, missing, "birth-date-missing", "Le numéro est celui de l'assuré, et rien ne dit lequel des siens est le patient.", "Donnez la date de naissance du patient ou son propre NIR ; ou, si le patient est l'assuré, « self » dans Coverage.relationship.");
            return null;
        }

        // Discovery is to find every cover there is: whoever is named beside it is known of already.
        var isDiscovery = asked.Purpose.Contains(Purpose.Discovery);
        return new EligibilityQuestion(asked, person, person.Named(new ConsultationRequest
        {
            Id = Identity(asked),
            CareDate = careDate,
            CareKind = Text(asked, EligibilityNames.CareKind),
            PrescriptionDate = Text(asked, EligibilityNames.PrescriptionDate),
            InsuranceNature = Text(asked, EligibilityNames.InsuranceNature),
            Reason = Text(asked, EligibilityNames.Reason) ?? options.Value.DefaultReason,
            WorkflowId = Text(asked, EligibilityNames.WorkflowId),
            Regime = isDiscovery ? null : sent.Regime(asked, asked.Insurer) ?? (person.Coverage is { } coverage ? coverage.Payor.Select(one => sent.Regime(coverage, one)).FirstOrDefault(id => id is not null) : null),
            Exhaustive = isDiscovery,
        }), elements);
    }

    private static Dictionary<string, string> Elements(CoverageEligibilityRequest asked, string path) => new(StringComparer.Ordinal)
    {
        ["id"] = path + ".identifier",
        ["careDate"] = path + (asked.Serviced is Period ? ".serviced.start" : ".serviced"),
        ["reason"] = Extension(path, EligibilityNames.Reason),
        ["careKind"] = Extension(path, EligibilityNames.CareKind),
        ["prescriptionDate"] = Extension(path, EligibilityNames.PrescriptionDate),
        ["insuranceNature"] = Extension(path, EligibilityNames.InsuranceNature),
        ["workflowId"] = Extension(path, EligibilityNames.WorkflowId),
        ["regime"] = path + ".insurer",
    };

    private static string Extension(string path, string url) => $"{path}.extension('{url}')";

    /// <summary>The request's own UUIDv7 is the consultation's id: sent again, it is the same consultation. Another identifier is the caller's affair.</summary>
    private static Guid? Identity(CoverageEligibilityRequest asked)
    {
        foreach (var identifier in asked.Identifier)
        {
            if (identifier is { System: EligibilityNames.Uri, Value: { } urn } && urn.StartsWith("urn:uuid:", StringComparison.Ordinal)
                && Guid.TryParse(urn.AsSpan(9), out var id) && UuidV7.InstantOf(id) is not null)
                return id;
        }

        return null;
    }

    // A period's ends may hold an hour, in any offset: the day is the one of the establishment.
    private static string? Day(string? instant, Caller caller) =>
        instant is { Length: > 10 } && DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? FhirValues.Iso(caller.Today(at)) : instant;

    private static string? Text(CoverageEligibilityRequest asked, string url) => FhirValues.Text(asked.GetExtension(url));
}
