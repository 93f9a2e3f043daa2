using System.Text.Json;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>Rights as FHIR says them: base rights are coverages, every other right is an item of the insurance.</summary>
internal sealed class FhirRights(Utf8JsonWriter writer, FhirElements elements, Vocabulary vocabulary)
{
    public void WriteCoverage(int index, SimulatedRights rights)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType", "Coverage");
        writer.WriteString("id", $"coverage-{index + 1}");
        elements.Extensions(() =>
        {
            elements.TextExtension("urn:cdr:regime:management-code", rights.ManagementCode);
            elements.TextExtension("urn:cdr:regime:management-centre", rights.ManagementCentre);
            elements.TextExtension("urn:cdr:regime:contract-specificity", rights.ContractSpecificity);
        });
        writer.WriteString("status", "active");
        elements.Reference("subscriber", "#insured");
        elements.Reference("beneficiary", "#beneficiary");
        if (index < rights.Base.Count)
            elements.WritePeriod("period", rights.Base[index]);
        writer.WriteStartArray("payor");
        writer.WriteStartObject();
        elements.WriteIdentifier("urn:cdr:regime:organism", rights.Organism.Value);
        writer.WriteString("display", rights.OrganismLabel);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public void WriteInsurance(SimulatedRights rights)
    {
        writer.WriteStartArray("insurance");
        writer.WriteStartObject();
        elements.Reference("coverage", "#coverage-1");
        WriteItems(rights);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void WriteItems(SimulatedRights rights)
    {
        if (rights is { Exemptions: [], Modulations: [], Situations: [], Maternities: [], WorkAccidents: [], AttendingPhysician: null })
            return;
        writer.WriteStartArray("item");
        foreach (var right in rights.Exemptions)
            WriteItem("exonerations", vocabulary.Code(Member.Exonerations, right.Code), () => elements.PeriodExtension(right.Period));
        foreach (var right in rights.Modulations)
            WriteItem("modulations", vocabulary.Code(Member.Modulations, right.Code), () => elements.PeriodExtension(right.Period));
        foreach (var situation in rights.Situations)
            WriteItem("situations", vocabulary.Code(Member.Situations, situation.Code), () =>
            {
                elements.PeriodExtension(situation.Period);
                elements.TextExtension("urn:cdr:regime:complementary-body", situation.Body?.Value);
                if (situation.WithParticipation is { } participation)
                    elements.Extension("urn:cdr:regime:participation", () => writer.WriteBoolean("valueBoolean", participation));
            });
        foreach (var maternity in rights.Maternities)
            WriteItem("maternites", null, () =>
            {
                elements.PeriodExtension(maternity.Period);
                elements.TextExtension("urn:cdr:regime:organism", maternity.Organism?.Value);
            });
        foreach (var accident in rights.WorkAccidents)
            WriteItem("accidentsTravail", accident.Number, () =>
            {
                if (accident.Date is { } date)
                    elements.DayExtension("urn:cdr:regime:date", date);
                if (accident.Period is not null)
                    elements.PeriodExtension(accident.Period);
            });
        if (rights.AttendingPhysician is { } physician)
            WritePhysician(physician);
        writer.WriteEndArray();
    }

    private void WritePhysician(SimulatedAttendingPhysician physician) =>
        WriteItem("medecinTraitant", physician.IsDeclared ? "declare" : "non-declare", () =>
        {
            if (physician.Start is { } start)
                elements.Extension("urn:cdr:regime:period", () => elements.WritePeriod("valuePeriod", start, physician.End));
        }, physician.Rpps, physician.Name);

    private void WriteItem(string section, string? code, Action extensions, string? display = null, string? name = null)
    {
        writer.WriteStartObject();
        elements.Extensions(extensions);
        elements.WriteConcept("category", "urn:cdr:regime:section", section, null);
        if (code is not null)
            elements.WriteConcept("productOrService", null, code, display);
        if (name is not null)
            writer.WriteString("name", name);
        writer.WriteEndObject();
    }
}
