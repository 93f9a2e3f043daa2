using System.Text.Json;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>Reads a CoverageEligibilityRequest.</summary>
internal static class FhirRequest
{
    public const string NirSystem = "urn:oid:1.2.250.1.213.1.4.10";
    public const string BirthDateExtension = "urn:cdr:regime:birth-date";
    public const string BirthRankExtension = "urn:cdr:regime:birth-rank";

    /// <exception cref="InvalidOperationException">A member is not of its type.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    public static Reading Read(JsonElement request)
    {
        if (!IsRequest(request))
            return NotRead("La ressource n'est pas une CoverageEligibilityRequest active sur les droits (benefits).");
        if (!DatePattern.Iso.TryReadDay(Text(request, "servicedDate") ?? "", out var care))
            return Reading.Refused("DATE", "servicedDate manque ou n'est pas un jour.");
        if (Contained(request, "beneficiary") is not { } beneficiary)
            return NotRead("Le Patient contenu #beneficiary manque.");
        if (!TryReadBirth(beneficiary, out var birthDate) || !TryReadRank(beneficiary, out var rank))
            return Reading.Refused("DATE", "La date ou le rang de naissance de #beneficiary ne se lit pas.");

        var name = Names(beneficiary);
        return (Contained(request, "insured"), name) switch
        {
            ({ } insured, null) => AskedFields.ReadNir(NirOf(insured) ?? "", birthDate, rank, care),
            (null, { } names) when rank is null => AskedFields.ReadNames(Text(names, "family"), GivenName(names), birthDate, care),
            _ => NotRead("Demander soit le NIR de #insured, soit le nom, le prénom et la date de naissance de #beneficiary."),
        };
    }

    private static bool IsRequest(JsonElement request) =>
        Text(request, "resourceType") == "CoverageEligibilityRequest"
        && Text(request, "status") == "active"
        && request.GetProperty("purpose").EnumerateArray().Any(static purpose => purpose.ValueEquals("benefits"))
        && Text(request, "created") is not null
        && Text(request.GetProperty("insurer"), "display") is not null
        && Text(request.GetProperty("patient"), "reference") == "#beneficiary";

    private static JsonElement? Contained(JsonElement request, string id)
    {
        foreach (var resource in request.GetProperty("contained").EnumerateArray())
            if (Text(resource, "resourceType") == "Patient" && Text(resource, "id") == id)
                return resource;
        return null;
    }

    private static string? NirOf(JsonElement patient)
    {
        foreach (var identifier in patient.GetProperty("identifier").EnumerateArray())
            if (Text(identifier, "system") == NirSystem)
                return Text(identifier, "value");
        return null;
    }

    private static bool TryReadBirth(JsonElement patient, out BirthDate? birthDate)
    {
        var written = Text(patient, "birthDate") ?? Extension(patient, BirthDateExtension)?.GetProperty("valueString").GetString();
        birthDate = written is null ? null : DatePattern.Iso.ReadBirthDate(written);
        return written is null || birthDate is not null;
    }

    private static bool TryReadRank(JsonElement patient, out int? rank)
    {
        rank = Extension(patient, BirthRankExtension)?.GetProperty("valueInteger").GetInt32();
        return rank is null || BirthRank.Create(rank.Value).IsValid;
    }

    private static JsonElement? Extension(JsonElement element, string url)
    {
        if (!element.TryGetProperty("extension", out var extensions))
            return null;
        foreach (var extension in extensions.EnumerateArray())
            if (Text(extension, "url") == url)
                return extension;
        return null;
    }

    private static JsonElement? Names(JsonElement patient) =>
        patient.TryGetProperty("name", out var names) && names.GetArrayLength() > 0 ? names[0] : null;

    private static string? GivenName(JsonElement name) =>
        name.TryGetProperty("given", out var given) && given.GetArrayLength() > 0 ? given[0].GetString() : null;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Reading NotRead(string label) => Reading.Refused("REQUETE", label);
}
