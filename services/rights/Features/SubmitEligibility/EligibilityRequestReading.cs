using Cdr.Contracts.Rights;
using Hl7.Fhir.Model;
using Hl7.Fhir.Utility;
using Microsoft.Extensions.Options;
using Purpose = Hl7.Fhir.Model.CoverageEligibilityRequest.EligibilityRequestPurpose;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>From a resource to the question; what cannot be asked is named by its element.</summary>
internal sealed class EligibilityRequestReading(IOptions<FhirOptions> options)
{
    private const string Root = nameof(CoverageEligibilityRequest);

    /// <summary>The request itself, or the <c>resource</c> of <c>Parameters</c>, or the one request of a collection <c>Bundle</c>.</summary>
    public EligibilityQuestion? Read(Resource sent, out OperationOutcome? problem)
    {
        problem = null;
        var (asked, beside) = Opened(sent);
        if (asked is null)
            return Refused(OperationOutcome.IssueType.Structure, sent.TypeName, "eligibility-request-missing", "Il manque une CoverageEligibilityRequest.", "Envoyez-la seule, dans Parameters (paramètre « resource »), ou dans un Bundle « collection ».", out problem);
        if (asked.Status != FinancialResourceStatusCodes.Active)
            return Refused(OperationOutcome.IssueType.BusinessRule, Root + ".status", "status-not-active", "Seule une demande active est traitée.", "Envoyez le statut « active ».", out problem);
        if (asked.Purpose.Contains(Purpose.AuthRequirements))
            return Refused(OperationOutcome.IssueType.NotSupported, Root + ".purpose", "purpose-not-supported", "Les accords préalables ne se demandent pas ici.", "Utilisez validation, benefits ou discovery.", out problem);

        var people = new Looked([.. asked.Contained, .. beside]);
        if (people.Find<Patient>(asked.Patient, asked.Contained.Count) is not var (patient, patientAt))
            return Refused(OperationOutcome.IssueType.Required, Root + ".patient", "person-missing", "Il manque la personne.", "Désignez un Patient contenu (#…), une entrée du Bundle, ou un identifiant (NIR).", out problem);

        var coverage = asked.Insurance.Select(one => people.Find<Coverage>(one.Coverage, asked.Contained.Count)?.Found).FirstOrDefault(one => one is not null);
        Dictionary<string, string> elements = new(StringComparer.Ordinal)
        {
            ["id"] = Root + ".identifier",
            ["careDate"] = Root + (asked.Serviced is Period ? ".serviced.start" : ".serviced"),
            ["reason"] = Extension(EligibilityNames.Reason),
            ["careKind"] = Extension(EligibilityNames.CareKind),
            ["prescriptionDate"] = Extension(EligibilityNames.PrescriptionDate),
            ["insuranceNature"] = Extension(EligibilityNames.InsuranceNature),
            ["regime"] = Root + ".insurer",
            ["nir"] = patientAt + ".identifier",
            ["candidate"] = patientAt + ".identifier",
            ["names.familyName"] = patientAt + ".name.family",
            ["names.givenName"] = patientAt + ".name.given",
            ["birthDate"] = patientAt + ".birthDate",
            ["beneficiaryBirthDate"] = patientAt + ".birthDate",
            ["birthRank"] = patientAt + ".multipleBirth",
        };
        var request = new ConsultationRequest
        {
            Id = Identity(asked),
            CareDate = (asked.Serviced as Date)?.Value ?? (asked.Serviced as Period)?.Start,
            CareKind = Text(asked, EligibilityNames.CareKind),
            PrescriptionDate = Text(asked, EligibilityNames.PrescriptionDate),
            InsuranceNature = Text(asked, EligibilityNames.InsuranceNature),
            Reason = Text(asked, EligibilityNames.Reason) ?? options.Value.DefaultReason,
            Regime = Value(asked.Insurer?.Identifier, EligibilityNames.Regime) ?? coverage?.Payor.Select(payor => Value(payor.Identifier, EligibilityNames.Regime)).FirstOrDefault(id => id is not null),
            // Discovery is to find every cover there is.
            Exhaustive = asked.Purpose.Contains(Purpose.Discovery),
        };
        return new EligibilityQuestion(asked, patient, About(request, patient, coverage, people, asked.Contained.Count, elements), elements);
    }

    private static ConsultationRequest About(
        ConsultationRequest request, Patient patient, Coverage? coverage, Looked people, int contained, Dictionary<string, string> elements)
    {
        var birthDate = (patient.GetExtension(EligibilityNames.BirthDate)?.Value as FhirString)?.Value ?? patient.BirthDate;
        if (patient.Identifier.Select(one => Value(one, EligibilityNames.Candidate)).FirstOrDefault(one => one is not null) is { } picked)
            return request with { Candidate = picked };
        if (Number(patient.Identifier) is { } own)
            return request with { Nir = own };
        var subscriber = coverage is null ? null : people.Find<Patient>(coverage.Subscriber, contained)?.Found;
        if ((coverage?.SubscriberId ?? Number(subscriber?.Identifier)) is { } insured)
        {
            elements["nir"] = "Coverage.subscriberId";
            return request with { Nir = insured, BeneficiaryBirthDate = birthDate, BirthRank = (patient.MultipleBirth as Integer)?.Value };
        }

        var name = patient.Name.Find(one => one.Use == HumanName.NameUse.Official) ?? patient.Name.FirstOrDefault();
        return name is null && birthDate is null
            ? request
            : request with { Names = new PersonNames(name?.Family, name?.Given.FirstOrDefault()), BirthDate = birthDate };
    }

    private static (CoverageEligibilityRequest? Asked, IReadOnlyList<Resource> Beside) Opened(Resource sent) => sent switch
    {
        CoverageEligibilityRequest asked => (asked, []),
        Parameters parameters when parameters.Parameter.Find(one => one.Name == "resource")?.Resource is { } inside and not Parameters => Opened(inside),
        Bundle { Type: Bundle.BundleType.Collection } bundle when bundle.Entry.Select(entry => entry.Resource).OfType<CoverageEligibilityRequest>().ToList() is [var only] =>
            (only, [.. bundle.Entry.Select(Addressed).OfType<Resource>()]),
        _ => (null, []),
    };

    // Entries are found by their address, which may be a urn or end with the resource's own « Type/id ».
    private static Resource? Addressed(Bundle.EntryComponent entry)
    {
        if (entry.Resource is { } resource && entry.FullUrl is { } address)
            resource.AddAnnotation(new FullUrl(address));
        return entry.Resource;
    }

    private static Guid? Identity(CoverageEligibilityRequest asked) =>
        asked.Identifier.Select(one => Value(one, EligibilityNames.Uri)).FirstOrDefault(one => one is not null) is { } urn
        && urn.StartsWith("urn:uuid:", StringComparison.Ordinal) && Guid.TryParse(urn.AsSpan(9), out var id)
            ? id
            : null;

    private static string? Number(IEnumerable<Identifier>? identifiers) =>
        identifiers?.FirstOrDefault(one => EligibilityNames.NirSystems.Contains(one.System) && one.Value is not null)?.Value;

    private static string? Value(Identifier? identifier, string system) => identifier?.System == system ? identifier.Value : null;

    private static string? Text(CoverageEligibilityRequest asked, string url) => asked.GetExtension(url)?.Value switch
    {
        Code code => code.Value,
        FhirString text => text.Value,
        Date day => day.Value,
        _ => null,
    };

    private static string Extension(string url) => $"{Root}.extension('{url}')";

    private static EligibilityQuestion? Refused(OperationOutcome.IssueType type, string element, string code, string title, string next, out OperationOutcome? problem)
    {
        problem = FhirBody.Outcome(type, element, code, title, next);
        return null;
    }

    private sealed record FullUrl(string Value);

    /// <summary>The resources that came with the request.</summary>
    private sealed class Looked(List<Resource> resources)
    {
        /// <returns>The resource and where it stands; null when the reference names none of those sent.</returns>
        public (T Found, string At)? Find<T>(ResourceReference? reference, int contained)
            where T : DomainResource, new()
        {
            if (reference?.Reference is { } text)
            {
                var at = resources.FindIndex(one => one is T && Is(one, text));
                return at < 0 ? null : ((T)resources[at], at < contained ? $"{Root}.contained[{at}]" : typeof(T).Name);
            }

            // A logical reference is the number alone.
            return reference?.Identifier is { } identifier && new T() is Patient patient
                ? ((T)(DomainResource)With(patient, identifier), $"{Root}.patient")
                : null;
        }

        private static Patient With(Patient patient, Identifier identifier)
        {
            patient.Identifier = [identifier];
            return patient;
        }

        private static bool Is(Resource one, string text) => text.StartsWith('#')
            ? one.Id == text[1..] && one.Annotation<FullUrl>() is null
            : one.Annotation<FullUrl>() is { } address && (address.Value == text || (one.Id is { } id && text == $"{one.TypeName}/{id}"));
    }
}
