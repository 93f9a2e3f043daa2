using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>What a request says and this door cannot read: left out, it would be another question than the one that was asked.</summary>
internal static class AmbiguousElements
{
    private static readonly string[] OfRequest = [EligibilityNames.Reason, EligibilityNames.CareKind, EligibilityNames.PrescriptionDate, EligibilityNames.InsuranceNature];
    private static readonly string[] Regimes = [EligibilityNames.Regime];

    // A coverage of an earlier answer comes back with its organism.
    private static readonly string[] Payors = [EligibilityNames.Regime, EligibilityNames.Organism];

    /// <returns>Null when there is nothing of the kind.</returns>
    public static OperationOutcome? In(Resource whole, SentResources sent)
    {
        if (Modified(whole, sent) is { } modified)
            return FhirBody.Outcome(OperationOutcome.IssueType.Extension, modified, "modifier-not-supported", "Un élément change le sens de la demande.", "Envoyez-la sans modifierExtension ni implicitRules.");
        if (Value(sent) is { } value)
            return FhirBody.Outcome(OperationOutcome.IssueType.Value, value, "value-type-unexpected", "Une valeur n'est pas du type attendu.", "Voyez les types des extensions dans la documentation.");
        if (Regime(sent) is { } regime)
            return FhirBody.Outcome(OperationOutcome.IssueType.Value, regime, "regime-identifier-unknown", "Cet élément ne désigne pas un régime que l'on puisse lire.", $"Donnez l'identifiant du régime dans le système {EligibilityNames.Regime}, ici ou dans une Organization envoyée avec la demande ; ou un nom seul (display), qui n'en choisit aucun.");
        return Reference(sent) is { } reference
            ? FhirBody.Outcome(OperationOutcome.IssueType.Duplicate, reference, "reference-ambiguous", "Plusieurs ressources envoyées portent cette référence.", "Donnez à chacune son identifiant.")
            : null;
    }

    private static string? Modified(Resource whole, SentResources sent)
    {
        if (whole.ImplicitRules is not null)
            return whole.TypeName + ".implicitRules";
        foreach (var (resource, path) in sent.All())
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
            if (OfRequest.Contains(extension.Url) && FhirValues.Text(extension) is null)
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
        if (Other(sent, sent.Request.Insurer, sent.Path + ".insurer", Regimes) is { } insurer)
            return insurer;
        foreach (var (resource, path) in sent.All())
        {
            if (resource is not Coverage coverage)
                continue;
            foreach (var (place, payor) in coverage.Payor.Index())
            {
                // Who pays may be a person.
                if (!sent.TryFind<Patient>(payor, out _, out _) && Other(sent, payor, $"{path}.payor[{place}]", Payors) is { } other)
                    return other;
            }
        }

        return null;
    }

    /// <summary>The element that names an organisation otherwise than in these systems, or names two regimes; a name alone chooses none.</summary>
    private static string? Other(SentResources sent, ResourceReference? organisation, string path, string[] systems)
    {
        if (organisation?.Identifier is { } identifier)
            return identifier.Value is null || !systems.Contains(identifier.System) ? path + ".identifier" : null;
        if (organisation?.Reference is null)
            return null;
        if (!sent.TryFind<Organization>(organisation, out var found, out var place))
            return path + ".reference";
        var known = found.Identifier.FindAll(one => one.Value is not null && systems.Contains(one.System));
        return (found.Identifier.Count > 0 && known.Count == 0) || known.Count(one => one.System == EligibilityNames.Regime) > 1 ? place + ".identifier" : null;
    }

    private static string? Reference(SentResources sent)
    {
        if (sent.IsOfMany(sent.Request.Patient))
            return sent.Path + ".patient";
        if (sent.IsOfMany(sent.Request.Insurer))
            return sent.Path + ".insurer";
        foreach (var (place, insurance) in sent.Request.Insurance.Index())
        {
            if (sent.IsOfMany(insurance.Coverage))
                return $"{sent.Path}.insurance[{place}].coverage";
        }

        foreach (var (resource, path) in sent.All())
        {
            if (resource is not Coverage coverage)
                continue;
            if (sent.IsOfMany(coverage.Subscriber))
                return path + ".subscriber";
            if (coverage.Payor.FindIndex(sent.IsOfMany) is >= 0 and var payor)
                return $"{path}.payor[{payor}]";
        }

        return null;
    }
}
