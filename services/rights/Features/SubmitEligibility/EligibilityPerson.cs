using Cdr.Contracts.Rights;
using Cdr.Domain;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>Whom a request is about: a patient sent with it, or a number alone; and the insured person of its coverage.</summary>
internal sealed class EligibilityPerson
{
    private Func<ConsultationRequest, ConsultationRequest> name = request => request;

    private EligibilityPerson()
    {
    }

    /// <summary>As sent; null for a number alone.</summary>
    public Patient? Patient { get; private init; }

    /// <summary>The first coverage of the request that came with it.</summary>
    public Coverage? Coverage { get; private set; }

    /// <summary>The element without which the insured person would be asked about in the patient's place; null when it is known who is meant.</summary>
    public string? Missing { get; private set; }

    /// <summary>The question, with whom it is about.</summary>
    public ConsultationRequest Named(ConsultationRequest request) => name(request);

    /// <param name="sent">The request.</param>
    /// <param name="elements">Receives where each field of the person stands.</param>
    /// <returns>Null when nobody is named.</returns>
    public static EligibilityPerson? Of(SentResources sent, Dictionary<string, string> elements)
    {
        EligibilityPerson person;
        if (sent.TryFind<Patient>(sent.Request, sent.Request.Patient, out var patient, out var path))
            person = new EligibilityPerson { Patient = patient };
        else if (sent.Request.Patient is { Reference: null, Identifier: not null })
            (person, path) = (new EligibilityPerson(), sent.Path + ".patient");
        else
            return null;

        var coveragePath = "";
        foreach (var insurance in sent.Request.Insurance.OrderByDescending(one => one.Focal == true))
        {
            if (!sent.TryFind<Coverage>(sent.Request, insurance.Coverage, out var coverage, out coveragePath))
                continue;
            person.Coverage = coverage;
            break;
        }

        person.name = person.Who(sent, path, coveragePath, elements);
        return person;
    }

    private Func<ConsultationRequest, ConsultationRequest> Who(SentResources sent, string path, string coveragePath, Dictionary<string, string> elements)
    {
        List<Identifier> identifiers = Patient?.Identifier ?? [sent.Request.Patient!.Identifier!];
        var birthDate = (Patient?.GetExtension(EligibilityNames.BirthDate)?.Value as FhirString)?.Value ?? Patient?.BirthDate;
        elements["birthDate"] = elements["beneficiaryBirthDate"] = path + ".birthDate";
        elements["birthRank"] = path + ".multipleBirth";
        elements["nir"] = elements["candidate"] = path + ".identifier";
        elements["names.familyName"] = path + ".name.family";
        elements["names.givenName"] = path + ".name.given";
        if (identifiers.Find(one => one.System == EligibilityNames.Candidate)?.Value is { } picked)
            return request => request with { Candidate = picked };
        var own = Number(identifiers);
        var (insured, at) = Insured(sent, coveragePath);
        // A regime knows a child by its parent's number. Without a birth date that number would ask about the parent.
        if (own is not null && (insured is null || birthDate is null || IsSame(own, insured)))
            return request => request with { Nir = own };
        if (insured is not null)
        {
            elements["nir"] = at;
            if (birthDate is null && !IsInsured(sent))
                Missing = Patient is null ? path : path + ".birthDate";
            return request => request with { Nir = insured, BeneficiaryBirthDate = birthDate, BirthRank = (Patient?.MultipleBirth as Integer)?.Value };
        }

        var names = Patient?.Name.Find(one => one.Use == HumanName.NameUse.Official) ?? Patient?.Name.FirstOrDefault();
        return names is null && birthDate is null
            ? request => request
            : request => request with { Names = new PersonNames(names?.Family, names?.Given.FirstOrDefault()), BirthDate = birthDate };
    }

    private bool IsInsured(SentResources sent) =>
        Coverage!.Relationship?.Coding.Exists(one => one is { System: EligibilityNames.Relationship, Code: "self" }) == true
        || (Patient is not null && sent.TryFind<Patient>(Coverage, Coverage.Subscriber, out var subscriber, out _) && ReferenceEquals(subscriber, Patient));

    /// <summary>The insured person's number: of the coverage, or of the subscriber that came with it.</summary>
    private (string? Number, string Path) Insured(SentResources sent, string coveragePath) => Coverage switch
    {
        null => (null, ""),
        { SubscriberId: { } written } => (written, coveragePath + ".subscriberId"),
        _ when sent.TryFind<Patient>(Coverage, Coverage.Subscriber, out var subscriber, out var at) => (Number(subscriber.Identifier), at + ".identifier"),
        _ when sent.TryFind<RelatedPerson>(Coverage, Coverage.Subscriber, out var related, out var at) => (Number(related.Identifier), at + ".identifier"),
        { Subscriber.Identifier: { } alone } => (Number([alone]), coveragePath + ".subscriber.identifier"),
        _ => (null, ""),
    };

    // With its key or without.
    private static bool IsSame(string one, string other) =>
        Nir.Parse(one).TryGet(out var first, out _) && Nir.Parse(other).TryGet(out var second, out _) ? first == second : one == other;

    private static string? Number(List<Identifier> identifiers) =>
        identifiers.Find(one => EligibilityNames.NirSystems.Contains(one.System) && one.Value is not null)?.Value;
}
