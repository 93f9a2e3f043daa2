using System.Text.Json;
using Cdr.Domain;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>A <c>Patient</c> that is contained: begun, then its numbers and names, then ended.</summary>
internal static class PersonWriting
{
    public static void Begin(Utf8JsonWriter json, string id, string? birthDate)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Patient"u8);
        json.WriteString("id"u8, id);
        // FHIR has no month 20.
        if (birthDate is null || !IsLunar(birthDate))
            return;
        json.WriteStartArray("extension"u8);
        json.TextExtension(EligibilityNames.BirthDate, birthDate);
        json.WriteEndArray();
    }

    public static void Names(Utf8JsonWriter json, string family, string given, string? inUse)
    {
        json.WriteStartArray("name"u8);
        Name(json, "official"u8, family, given);
        if (inUse is not null)
            Name(json, "usual"u8, inUse, given);
        json.WriteEndArray();
    }

    public static void End(Utf8JsonWriter json, string? birthDate, int? birthRank)
    {
        if (birthDate is not null && !IsLunar(birthDate))
            json.WriteString("birthDate"u8, birthDate);
        if (birthRank is { } rank)
            json.WriteNumber("multipleBirthInteger"u8, rank);
        json.WriteEndObject();
    }

    private static void Name(Utf8JsonWriter json, ReadOnlySpan<byte> use, string family, string given)
    {
        json.WriteStartObject();
        json.WriteString("use"u8, use);
        json.Text("family"u8, family);
        if (given.Length > 0)
        {
            json.WriteStartArray("given"u8);
            json.WriteStringValue(given);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static bool IsLunar(string birthDate) => BirthDate.Parse(birthDate).TryGet(out var read, out _) && read.IsLunar;
}
