using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Inquiry;

/// <summary>The service's wire form.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ConsultationRequest))]
[JsonSerializable(typeof(ConsultationAnswer))]
[JsonSerializable(typeof(ConsultationStarted))]
[JsonSerializable(typeof(RegimeState))]
internal sealed partial class RightsJson : JsonSerializerContext
{
    /// <summary>Accents as they are: the bytes go out as application/json only, never into a page.</summary>
    public static RightsJson Wire => Relaxed.Context;

    // Apart, so that it is made after the generated default.
    private static class Relaxed
    {
        public static readonly RightsJson Context = new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
