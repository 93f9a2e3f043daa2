using Hl7.Fhir.Model;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>What a <c>Coverage</c> says beside its period.</summary>
internal sealed record FhirCoverage(FileOrganism Organism, string? ContractSpecificity)
{
    public static FhirCoverage Read(Coverage coverage)
    {
        var extensions = new FhirExtensions(
            coverage.Extension, FhirNames.ManagementCode, FhirNames.ManagementCentre, FhirNames.ContractSpecificity);
        // A cancelled or modified coverage is not described by the protocol: it must not pass for an active one.
        if (coverage is not
            {
                Status: FinancialResourceStatusCodes.Active,
                ModifierExtension.Count: 0,
                Beneficiary.Reference: "#beneficiary",
                Payor: [{ Identifier.Value: { } code, Display: { Length: > 0 } label }],
            })
            throw new UnreadableAnswerException("droitsBase");

        return new FhirCoverage(
            new FileOrganism(
                WireValues.Organism(code), label,
                extensions.Text(FhirNames.ManagementCode), extensions.Text(FhirNames.ManagementCentre)),
            extensions.Text(FhirNames.ContractSpecificity));
    }
}
