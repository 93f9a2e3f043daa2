using System.Text.Json;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>The elements that FHIR resources are made of.</summary>
internal sealed class FhirElements(Utf8JsonWriter writer, Vocabulary vocabulary)
{
    private static readonly DateOnly LastDay = new(9999, 12, 31);

    // FHIR has no empty arrays: the array is opened by the first extension.
    private bool hasExtensions;

    public void WriteConcept(string element, string? system, string code, string? display)
    {
        writer.WriteStartObject(element);
        writer.WriteStartArray("coding");
        writer.WriteStartObject();
        if (system is not null)
            writer.WriteString("system", system);
        writer.WriteString("code", code);
        if (display is not null)
            writer.WriteString("display", display);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public void Extensions(Action write)
    {
        hasExtensions = false;
        write();
        if (hasExtensions)
            writer.WriteEndArray();
    }

    public void Extension(string url, Action value)
    {
        if (!hasExtensions)
            writer.WriteStartArray("extension");
        hasExtensions = true;
        writer.WriteStartObject();
        writer.WriteString("url", url);
        value();
        writer.WriteEndObject();
    }

    public void TextExtension(string url, string? value)
    {
        if (value is not null)
            Extension(url, () => writer.WriteString("valueString", value));
    }

    public void DayExtension(string url, DateOnly day) => Extension(url, () => writer.WriteString("valueDate", DatePattern.Iso.Write(day)));

    public void PeriodExtension(CarePeriod period) => Extension("urn:cdr:regime:period", () => WritePeriod("valuePeriod", period));

    public void WritePeriod(string element, CarePeriod period) => WritePeriod(element, period.Start, period.End);

    public void WritePeriod(string element, DateOnly start, DateOnly? end)
    {
        writer.WriteStartObject(element);
        writer.WriteString("start", DatePattern.Iso.Write(start));
        if (end is not null || vocabulary.OpenEnd == "max")
            writer.WriteString("end", DatePattern.Iso.Write(end ?? LastDay));
        writer.WriteEndObject();
    }

    public void WriteIdentifier(string system, string value)
    {
        writer.WriteStartObject("identifier");
        writer.WriteString("system", system);
        writer.WriteString("value", value);
        writer.WriteEndObject();
    }

    public void Reference(string element, string reference)
    {
        writer.WriteStartObject(element);
        writer.WriteString("reference", reference);
        writer.WriteEndObject();
    }

    public void Strings(string element, string value)
    {
        writer.WriteStartArray(element);
        writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
