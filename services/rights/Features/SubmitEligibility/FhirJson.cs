using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>
/// Elements of an answer, as FHIR's JSON has them: what is empty is absent. Written straight from the plain answer: made into Firely's objects
/// first, and written by what those know of themselves, an answer costs several times as much. Firely reads it back in the tests.
/// </summary>
internal static class FhirJson
{
    // Accents as they are: the bytes go out as application/fhir+json only, never into a page.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A found file with all its rights.
    private const int Usual = 12 * 1024;

    public static ReadOnlyMemory<byte> Write<T>(T what, Action<Utf8JsonWriter, T> write)
    {
        var bytes = new ArrayBufferWriter<byte>(Usual);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
            write(json, what);
        return bytes.WrittenMemory;
    }

    public static void Text(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is { Length: > 0 })
            json.WriteString(name, text);
    }

    /// <summary>The same word as in the plain answer.</summary>
    public static void Word<T>(this Utf8JsonWriter json, ReadOnlySpan<byte> name, T value)
        where T : struct, Enum => json.WriteString(name, Words<T>.All[value]);

    public static void Day(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateOnly? day)
    {
        if (day is not { } given)
            return;
        Span<byte> text = stackalloc byte[10];
        given.TryFormat(text, out var length, "O", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    public static void Moment(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[40];
        at.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    public static void Period(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateOnly? start, DateOnly? end)
    {
        if (start is null && end is null)
            return;
        json.WriteStartObject(name);
        json.Day("start"u8, start);
        json.Day("end"u8, end);
        json.WriteEndObject();
    }

    /// <summary>An extension up to its value; the caller ends the object.</summary>
    public static void BeginExtension(this Utf8JsonWriter json, string url)
    {
        json.WriteStartObject();
        json.WriteString("url"u8, url);
    }

    public static void TextExtension(this Utf8JsonWriter json, string url, string text)
    {
        json.BeginExtension(url);
        json.WriteString("valueString"u8, text);
        json.WriteEndObject();
    }

    public static void WordExtension<T>(this Utf8JsonWriter json, string url, T value)
        where T : struct, Enum
    {
        json.BeginExtension(url);
        json.Word("valueCode"u8, value);
        json.WriteEndObject();
    }

    public static void MomentExtension(this Utf8JsonWriter json, string url, DateTimeOffset at)
    {
        json.BeginExtension(url);
        json.Moment("valueInstant"u8, at);
        json.WriteEndObject();
    }

    /// <summary>None where there is no period.</summary>
    public static void PeriodExtension(this Utf8JsonWriter json, DateOnly? start, DateOnly? end)
    {
        if (start is null && end is null)
            return;
        json.BeginExtension(EligibilityNames.Period);
        json.Period("valuePeriod"u8, start, end);
        json.WriteEndObject();
    }

    public static void Coding(this Utf8JsonWriter json, string system, string? code, string? display = null)
    {
        json.WriteStartObject();
        json.WriteString("system"u8, system);
        json.Text("code"u8, code);
        json.Text("display"u8, display);
        json.WriteEndObject();
    }

    public static void Identifier(this Utf8JsonWriter json, string system, string value)
    {
        json.WriteStartObject();
        json.WriteString("system"u8, system);
        json.WriteString("value"u8, value);
        json.WriteEndObject();
    }

    /// <summary>A reference to something that is contained.</summary>
    public static void Contained(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string id)
    {
        json.WriteStartObject(name);
        json.WriteString("reference"u8, "#" + id);
        json.WriteEndObject();
    }

    /// <summary>An organisation by its identifier.</summary>
    public static void Organisation(this Utf8JsonWriter json, string system, string value, string display)
    {
        json.WriteStartObject();
        json.WritePropertyName("identifier"u8);
        json.Identifier(system, value);
        json.Text("display"u8, display);
        json.WriteEndObject();
    }

    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, JsonEncodedText> All = Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(value.ToString())));
    }
}
