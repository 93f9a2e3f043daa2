using System.Globalization;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>Values of a request.</summary>
internal static class FhirValues
{
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Of an extension of ours: a code, a text or a day; null for any other type.</summary>
    public static string? Text(Extension? extension) => extension?.Value switch
    {
        Code code => code.Value,
        FhirString text => text.Value,
        Date day => day.Value,
        _ => null,
    };
}
