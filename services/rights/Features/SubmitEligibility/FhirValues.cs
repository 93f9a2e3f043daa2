using System.Globalization;
using System.Text.Json;
using Cdr.Domain;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>Values of an answer as FHIR writes them.</summary>
internal static class FhirValues
{
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The same word as in the plain answer.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static ResourceReference Regime(string id, string name) => new() { Identifier = new Identifier(EligibilityNames.Regime, id), Display = name };

    /// <summary>Of an extension of ours: a code, a text or a day; null for any other type.</summary>
    public static string? Text(Extension? extension) => extension?.Value switch
    {
        Code code => code.Value,
        FhirString text => text.Value,
        Date day => day.Value,
        _ => null,
    };

    public static Period? Period(DateOnly? start, DateOnly? end) => start is null && end is null
        ? null
        : new Period { Start = start is { } from ? Iso(from) : null, End = end is { } to ? Iso(to) : null };

    public static List<HumanName> Names(string family, string given, string? inUse)
    {
        List<HumanName> names = [new HumanName { Use = HumanName.NameUse.Official, Family = family, Given = [given] }];
        if (inUse is not null)
            names.Add(new HumanName { Use = HumanName.NameUse.Usual, Family = inUse, Given = [given] });
        return names;
    }

    /// <summary>Lunar dates in an extension: FHIR has no month 20.</summary>
    public static void SetBirthDate(Patient person, string birthDate)
    {
        if (BirthDate.Parse(birthDate).TryGet(out var read, out _) && read.IsLunar)
            person.Extension.Add(new Extension(EligibilityNames.BirthDate, new FhirString(birthDate)));
        else
            person.BirthDate = birthDate;
    }
}
