using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>What a request says and this door cannot read: left out, it would be another question than the one that was asked.</summary>
internal static class AmbiguousElements
{
    private static readonly string[] Regimes = [EligibilityNames.Regime];

    // A coverage of an earlier answer comes back with its organism.
    private static readonly string[] Payors = [EligibilityNames.Regime, EligibilityNames.Organism];

    /// <returns>Null when there is nothing of the kind.</returns>
    public static OperationOutcome? In(SentResources sent)
    {
        if (Modified(sent) is { } modified)
            return FhirBody.Outcome(OperationOutcome.IssueType.Extension, modified, "modifier-not-supported", "Un élément change le sens de la demande.", "Envoyez-la sans modifierExtension ni implicitRules.");
        if (Value(sent) is { } value)
            return FhirBody.Outcome(OperationOutcome.IssueType.Value, value, "value-type-unexpected", "Une valeur n'est pas du type attendu.", "Voyez les types des extensions dans la documentation.");
        if (Regime(sent) is { } regime)
            return FhirBody.Outcome(OperationOutcome.IssueType.Value, regime, "regime-identifier-unknown", "Cet élément ne désigne pas un régime que l'on puisse lire.", $"Donnez l'identifiant du régime dans le système {EligibilityNames.Regime}, ici ou dans une Organization envoyée avec la demande ; ou un nom seul (display), qui n'en choisit aucun.");
        if (Reference(sent) is { } reference)
            return FhirBody.Outcome(OperationOutcome.IssueType.Duplicate, reference, "reference-ambiguous", "Plusieurs ressources envoyées portent cette référence.", "Donnez à chacune son identifiant.");
        if (Nothing(sent) is { } nothing)
            return FhirBody.Outcome(OperationOutcome.IssueType.NotFound, nothing, "reference-unresolved", "Cette référence ne désigne aucune des ressources envoyées.", "Envoyez la ressource avec la demande : contenue (« #… »), ou entrée du même Bundle ; ou ne la citez pas.");
        return OfAnother(sent) is { } another
            ? FhirBody.Outcome(OperationOutcome.IssueType.BusinessRule, another, "coverage-of-another", "Cette couverture est celle d'un autre patient.", "Envoyez la couverture du patient de la demande.")
            : null;
    }

    private static string? Modified(SentResources sent)
    {
        foreach (var (resource, path) in sent.Around.Concat(sent.All()))
        {
            if (resource.ImplicitRules is not null)
                return path + ".implicitRules";
            if (resource is DomainResource { ModifierExtension.Count: > 0 })
                return path + ".modifierExtension";
        }

        return Modified(sent.Request.Insurance, sent.Path + ".insurance") ?? Modified(sent.Request.Item, sent.Path + ".item") ?? Modified(sent.Request.SupportingInfo, sent.Path + ".supportingInfo");
    }

    private static string? Modified(IEnumerable<BackboneElement> elements, string path)
    {
        foreach (var (place, element) in elements.Index())
        {
            if (element.ModifierExtension.Count > 0)
                return $"{path}[{place}].modifierExtension";
        }

        return null;
    }

    private static string? Value(SentResources sent)
    {
        foreach (var extension in sent.Request.Extension)
        {
            if (EligibilityNames.OfRequest.Contains(extension.Url) && FhirValues.Text(extension) is null)
                return $"{sent.Path}.extension('{extension.Url}')";
        }

        foreach (var (resource, path) in sent.All())
        {
            if (resource is Patient patient && patient.Extension.Exists(one => one.Url == EligibilityNames.BirthDate && one.Value is not FhirString { Value: not null }))
                return $"{path}.extension('{EligibilityNames.BirthDate}')";
        }

        return null;
    }

    private static string? Regime(SentResources sent)
    {
        if (Other(sent, sent.Request, sent.Request.Insurer, sent.Path + ".insurer", Regimes) is { } insurer)
            return insurer;
        foreach (var (resource, path) in sent.All())
        {
            if (resource is not Coverage coverage)
                continue;
            foreach (var (place, payor) in coverage.Payor.Index())
            {
                // Who pays may be a person.
                if (!sent.TryFind<Patient>(coverage, payor, out _, out _) && Other(sent, coverage, payor, $"{path}.payor[{place}]", Payors) is { } other)
                    return other;
            }
        }

        return null;
    }

    /// <summary>The element that names an organisation otherwise than in these systems, or names two regimes; a name alone chooses none.</summary>
    private static string? Other(SentResources sent, Resource from, ResourceReference? organisation, string path, string[] systems)
    {
        if (organisation?.Identifier is { } identifier)
            return identifier.Value is null || !systems.Contains(identifier.System) ? path + ".identifier" : null;
        if (organisation?.Reference is null)
            return null;
        if (!sent.TryFind<Organization>(from, organisation, out var found, out var place))
            return path + ".reference";
        var known = found.Identifier.FindAll(one => one.Value is not null && systems.Contains(one.System));
        return (found.Identifier.Count > 0 && known.Count == 0) || known.Count(one => one.System == EligibilityNames.Regime) > 1 ? place + ".identifier" : null;
    }

    private static string? Reference(SentResources sent)
    {
        if (sent.IsOfMany(sent.Request, sent.Request.Patient))
            return sent.Path + ".patient";
        if (sent.IsOfMany(sent.Request, sent.Request.Insurer))
            return sent.Path + ".insurer";
        foreach (var (place, insurance) in sent.Request.Insurance.Index())
        {
            if (sent.IsOfMany(sent.Request, insurance.Coverage))
                return $"{sent.Path}.insurance[{place}].coverage";
        }

        foreach (var (resource, path) in sent.All())
        {
            if (resource is not Coverage coverage)
                continue;
            if (sent.IsOfMany(coverage, coverage.Subscriber))
                return path + ".subscriber";
            if (coverage.Payor.FindIndex(one => sent.IsOfMany(coverage, one)) is >= 0 and var payor)
                return $"{path}.payor[{payor}]";
        }

        return null;
    }

    /// <summary>A coverage, or whose it is, that is named and did not come: its number would be left out of the question.</summary>
    private static string? Nothing(SentResources sent)
    {
        foreach (var (place, insurance) in sent.Request.Insurance.Index())
        {
            if (insurance.Coverage?.Reference is not null && !sent.TryFind<Coverage>(sent.Request, insurance.Coverage, out _, out _))
                return $"{sent.Path}.insurance[{place}].coverage.reference";
        }

        foreach (var (resource, path) in sent.All())
        {
            // With the number beside it, nothing is left to look for.
            if (resource is Coverage { SubscriberId: null, Subscriber: { Reference: not null, Identifier: null } subscriber } && !sent.IsOfAny(resource, subscriber))
                return path + ".subscriber.reference";
        }

        return null;
    }

    /// <summary>A coverage that says it is another's of the patients sent: its number and the patient's birth date make a person who is neither.</summary>
    private static string? OfAnother(SentResources sent)
    {
        if (!sent.TryFind<Patient>(sent.Request, sent.Request.Patient, out var patient, out _))
            return null;
        foreach (var insurance in sent.Request.Insurance)
        {
            if (sent.TryFind<Coverage>(sent.Request, insurance.Coverage, out var coverage, out var path)
                && sent.TryFind<Patient>(coverage, coverage.Beneficiary, out var beneficiary, out _) && !ReferenceEquals(beneficiary, patient))
                return path + ".beneficiary";
        }

        return null;
    }
}
