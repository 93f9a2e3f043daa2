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
            return FhirBody.Outcome(OperationOutcome.IssueType.Value, regime, "regime-identifier-unknown", "Cet identifiant ne désigne pas un régime.", $"Donnez l'identifiant du régime dans le système {EligibilityNames.Regime}, ou aucun identifiant.");
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
        if (IsOther(sent.Request.Insurer, Regimes))
            return sent.Path + ".insurer.identifier";
        foreach (var (resource, path) in sent.All())
        {
            if (resource is Coverage coverage && coverage.Payor.FindIndex(payor => IsOther(payor, Payors)) is >= 0 and var place)
                return $"{path}.payor[{place}].identifier";
        }

        return null;
    }

    private static bool IsOther(ResourceReference? organisation, string[] systems) =>
        organisation?.Identifier is { } identifier && (identifier.Value is null || !systems.Contains(identifier.System));

    private static string? Reference(SentResources sent)
    {
        if (sent.IsOfMany(sent.Request.Patient))
            return sent.Path + ".patient";
        foreach (var (place, insurance) in sent.Request.Insurance.Index())
        {
            if (sent.IsOfMany(insurance.Coverage))
                return $"{sent.Path}.insurance[{place}].coverage";
        }

        foreach (var (resource, path) in sent.All())
        {
            if (resource is Coverage coverage && sent.IsOfMany(coverage.Subscriber))
                return path + ".subscriber";
        }

        return null;
    }
}
