using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;
using Cdr.Domain;
using Cdr.RegimeSimulator.Protocols;

namespace Cdr.RegimeSimulator.BackEnds;

/// <summary>What a back end in trouble makes of its answers. Several kinds of one trouble come in turn.</summary>
internal static class Damage
{
    private const string Html = "text/html; charset=utf-8";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Rendered Failure { get; } = new(StatusCodes.Status503ServiceUnavailable, Html, Encoding.UTF8.GetBytes(
        "<!DOCTYPE html><html lang=\"fr\"><head><title>Erreur</title></head><body><h1>Service momentanément indisponible</h1></body></html>"));

    public static Rendered Garbage(IWireProtocol protocol, int turn) => (turn % 4) switch
    {
        0 => protocol.Truncated,
        1 => Failure with { Status = StatusCodes.Status200OK },
        2 => protocol.WrongSchema,
        _ => protocol.WrongSchema with { Body = default },
    };

    public static Reply Overlapping(Reply reply, int turn)
    {
        if (reply is not Reply.Found { Beneficiary: { Rights: { Base: { Count: > 0 } periods } rights } beneficiary } found)
            return reply;
        var last = periods[^1];
        // Within the last period, or from its first day to another end.
        var more = turn % 2 == 0
            ? CarePeriod.Create(last.End ?? last.Start.AddDays(1), last.End)
            : CarePeriod.Create(last.Start, last.End is null ? last.Start.AddYears(1) : null);
        return found with { Beneficiary = beneficiary with { Rights = rights with { Base = [.. periods, more.Value] } } };
    }

    public static Rendered Written(RegimeMode mode, int turn, Rendered answer) => mode switch
    {
        RegimeMode.Duplicated => answer with { Body = IsXml(answer) ? DuplicatedXml(answer.Body, turn) : DuplicatedJson(answer.Body, turn) },
        RegimeMode.Encoding => InAnotherEncoding(answer, turn),
        RegimeMode.WrongType => answer with { ContentType = (turn % 3) switch { 0 => Html, 1 => "application/octet-stream", _ => null } },
        _ => answer,
    };

    private static bool IsXml(Rendered answer) => answer.ContentType!.StartsWith("text/xml", StringComparison.Ordinal);

    private static byte[] DuplicatedJson(ReadOnlyMemory<byte> body, int turn)
    {
        using var document = JsonDocument.Parse(body);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            Twice(writer, document.RootElement, members: turn % 2 == 0);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Twice(Utf8JsonWriter writer, JsonElement element, bool members)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().SelectMany(one => members ? [one, one] : new[] { one }))
                {
                    writer.WritePropertyName(property.Name);
                    Twice(writer, property.Value, members: false);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray().SelectMany(one => members ? [one] : new[] { one, one }))
                    Twice(writer, item, members);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static byte[] DuplicatedXml(ReadOnlyMemory<byte> body, int turn)
    {
        // Latin-1 gives every byte back, whatever encoding they are really in.
        var document = XDocument.Parse(Encoding.Latin1.GetString(body.Span));
        var sections = turn % 2 == 0
            ? document.Root!.Elements().Single().Elements().Single().Elements().ToList()
            : [document.Descendants().Last(static one => one.HasElements && one.Name.Namespace == SoapProtocol.Namespace)];
        foreach (var section in sections)
            section.AddAfterSelf(new XElement(section));
        return Encoding.Latin1.GetBytes($"{document.Declaration}{document.ToString(SaveOptions.DisableFormatting)}");
    }

    private static Rendered InAnotherEncoding(Rendered answer, int turn)
    {
        var isLatin9 = answer.ContentType!.EndsWith("iso-8859-15", StringComparison.Ordinal);
        var latin9 = CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")!;
        Encoding own = isLatin9 ? latin9 : Encoding.UTF8, other = isLatin9 ? Encoding.UTF8 : latin9;
        var text = own.GetString(answer.Body.Span);
        return (turn % 4) switch
        {
            0 => answer with { Body = other.GetBytes(text) },
            1 => answer with { Body = other.GetBytes(text), ContentType = answer.ContentType[..answer.ContentType.IndexOf(';', StringComparison.Ordinal)] },
            2 => answer with { Body = (byte[])[.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)] },
            _ => answer with { Body = WithByteOfNoEncoding(answer.Body) },
        };
    }

    private static byte[] WithByteOfNoEncoding(ReadOnlyMemory<byte> body)
    {
        byte[] bytes = [.. body.Span];
        bytes[bytes.Length / 2] = 0x81;
        return bytes;
    }
}
