using System.Reflection;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>What this service does of FHIR, as FHIR says it.</summary>
internal static class Capability
{
    /// <summary>
    /// R4: when it last changed. It is written by the program, so that it changes with the program and with nothing else: its file's own date, which an
    /// image keeps, and which all processes of one delivery share. The day of the request would say each day that something is new; a date in the code
    /// would be forgotten.
    /// </summary>
    private static readonly DateTimeOffset Changed = File.GetLastWriteTimeUtc(typeof(Capability).Assembly.Location is { Length: > 0 } file ? file : Environment.ProcessPath!);

    public static CapabilityStatement Statement { get; } = new()
    {
        Status = PublicationStatus.Active,
        DateElement = new FhirDateTime(Changed),
        Kind = CapabilityStatementKind.Instance,
        Software = new CapabilityStatement.SoftwareComponent { Name = "CDR, Consultation des droits", Version = typeof(Capability).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion },
        Implementation = new CapabilityStatement.ImplementationComponent { Description = "Droits d'un patient à une date de soins, tous régimes obligatoires." },
        FhirVersion = FHIRVersion.N4_0_1,
        Format = ["json"],
        Rest =
        [
            new CapabilityStatement.RestComponent
            {
                Mode = CapabilityStatement.RestfulCapabilityMode.Server,
                Security = new CapabilityStatement.SecurityComponent { Description = "Jeton de session (carte CPx) ou du logiciel de l'établissement, en-tête Authorization: Bearer." },
                Resource =
                [
                    new CapabilityStatement.ResourceComponent
                    {
                        Type = nameof(CoverageEligibilityRequest),
                        Documentation = string.Concat(
                            "Une demande, seule ou dans un Bundle « collection » avec ce qu'elle cite ; l'une ou l'autre peut être le paramètre « resource ». Extensions de la demande : ",
                            string.Join(", ", EligibilityNames.OfRequest), ". Le numéro de venue (", EligibilityNames.WorkflowId, ", valueString) retrouve ses consultations ; jamais un NIR."),
                        Operation = [new CapabilityStatement.OperationComponent { Name = "submit", Definition = "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit" }],
                    },
                    new CapabilityStatement.ResourceComponent
                    {
                        Type = nameof(CoverageEligibilityResponse),
                        Interaction = [new CapabilityStatement.ResourceInteractionComponent { Code = CapabilityStatement.TypeRestfulInteraction.Read }],
                    },
                ],
            },
        ],
    };
}
