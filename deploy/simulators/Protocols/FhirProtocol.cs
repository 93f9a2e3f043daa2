using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>
/// FHIR R4: docs/regime-protocols.md, "fhir". Written by hand, so that the connectors' FHIR library is tried against
/// something that is not itself.
/// </summary>
internal sealed class FhirProtocol(Vocabulary vocabulary, string insurer) : IWireProtocol
{
    private const string ContentType = "application/fhir+json; charset=utf-8";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public string Path => "CoverageEligibilityRequest/$submit";

    public Rendered Truncated => Fixed("""{"resourceType":"CoverageEligibilityResponse","status":"active","disposition":"INCONNU","purpose":["ben""");

    public Rendered WrongSchema => Fixed("""{"resourceType":"Bundle","type":"searchset","total":0}""");

    public Reading Read(HttpRequest request, byte[] body)
    {
        if (!ContentTypes.Is(request, "application/fhir+json", "utf-8"))
            return Reading.Refused("TYPE_CONTENU", "Le corps attendu est application/fhir+json en UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body);
            return FhirRequest.Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // The last two: a member is missing, or not of its type.
            return Reading.Refused("REQUETE", "Le corps n'est pas la CoverageEligibilityRequest attendue.");
        }
    }

    public Rendered Write(Reply reply, Exchange exchange)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        var isOutcome = reply is Reply.Closed or Reply.Refused || (reply is Reply.Unknown && vocabulary.Unknown == "operation-outcome");
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            if (isOutcome)
                WriteOutcome(writer, reply);
            else
                new FhirResponse(writer, vocabulary, insurer).Write(reply, exchange);
        }

        return new Rendered(StatusOf(reply, isOutcome), ContentType, buffer.WrittenMemory);
    }

    private static int StatusOf(Reply reply, bool isOutcome) => reply switch
    {
        Reply.Closed => StatusCodes.Status503ServiceUnavailable,
        Reply.Refused => StatusCodes.Status400BadRequest,
        _ => isOutcome ? StatusCodes.Status404NotFound : StatusCodes.Status200OK,
    };

    private static Rendered Fixed(string text) => new(StatusCodes.Status200OK, ContentType, Encoding.UTF8.GetBytes(text));

    private void WriteOutcome(Utf8JsonWriter writer, Reply reply)
    {
        var (severity, code) = reply switch
        {
            Reply.Closed => ("error", "transient"),
            Reply.Refused => ("error", "invalid"),
            _ => ("information", "not-found"),
        };
        writer.WriteStartObject();
        writer.WriteString("resourceType", "OperationOutcome");
        writer.WriteStartArray("issue");
        writer.WriteStartObject();
        writer.WriteString("severity", severity);
        writer.WriteString("code", code);
        writer.WriteStartObject("details");
        writer.WriteStartArray("coding");
        WriteCode(writer, vocabulary.Status(reply));
        if (reply is Reply.Refused refused)
            WriteCode(writer, refused.Code);
        writer.WriteEndArray();
        if (reply is Reply.Refused { Label: var label })
            writer.WriteString("text", label);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCode(Utf8JsonWriter writer, string code)
    {
        writer.WriteStartObject();
        writer.WriteString("code", code);
        writer.WriteEndObject();
    }
}
