using System.Collections.Frozen;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>Resources in and out, as <c>application/fhir+json</c>.</summary>
internal static class FhirBody
{
    public const string ContentType = "application/fhir+json";

    private static readonly FhirJsonSerializer Serializer = new();

    // Older programs put a mark of byte order before their JSON.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static readonly FrozenSet<string> KnownElements =
        ModelInfo.ModelInspector.ClassMappings.SelectMany(type => type.PropertyMappings).Select(element => element.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The resource, or the elements that do not fit R4. A message never repeats a value: it may name a person.</summary>
    public static (Resource? Resource, OperationOutcome? Problem) Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body);
            if (!FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out var resource, out var issues))
                return (null, new OperationOutcome { Issue = [.. issues.Take(20).Select(issue => Issue(issue, resource?.TypeName))] });
            return reader.Read() ? (null, Unreadable()) : (resource, null);
        }
        // The reader tells most of what does not fit, and throws a little of it.
        catch (CodedException issue)
        {
            return (null, new OperationOutcome { Issue = [Issue(issue, null)] });
        }
        // No JSON; JSON that is no object; an abstract type; a member without a name: whatever the reader throws, it is about what was sent.
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or ArgumentException or FormatException or OverflowException
            or IndexOutOfRangeException)
        {
            return (null, Unreadable());
        }
    }

    public static OperationOutcome Outcome(OperationOutcome.IssueType type, string? element, string code, string title, string? next = null) => new()
    {
        Issue =
        [
            new OperationOutcome.IssueComponent
            {
                Severity = OperationOutcome.IssueSeverity.Error,
                Code = type,
                Details = new CodeableConcept(EligibilityNames.Problem, code, title),
                Diagnostics = next,
                Expression = element is null ? [] : [element],
            },
        ],
    };

    /// <summary>The same problem, in FHIR's words.</summary>
    /// <param name="problem">Problem details of this service.</param>
    /// <param name="elements">Our fields → the element that said it.</param>
    public static OperationOutcome Outcome(ProblemHttpResult problem, IReadOnlyDictionary<string, string> elements) => Outcome(problem.ProblemDetails, problem.StatusCode, elements);

    public static OperationOutcome Outcome(ProblemDetails details, int status, IReadOnlyDictionary<string, string> elements)
    {
        var field = details.Extensions.TryGetValue("field", out var named) ? named as string : null;
        var type = status switch
        {
            StatusCodes.Status400BadRequest => OperationOutcome.IssueType.Invalid,
            StatusCodes.Status401Unauthorized => OperationOutcome.IssueType.Login,
            StatusCodes.Status403Forbidden => OperationOutcome.IssueType.Forbidden,
            StatusCodes.Status404NotFound => OperationOutcome.IssueType.NotFound,
            StatusCodes.Status405MethodNotAllowed => OperationOutcome.IssueType.NotSupported,
            StatusCodes.Status409Conflict => OperationOutcome.IssueType.Conflict,
            StatusCodes.Status413PayloadTooLarge => OperationOutcome.IssueType.TooLong,
            StatusCodes.Status415UnsupportedMediaType => OperationOutcome.IssueType.NotSupported,
            StatusCodes.Status429TooManyRequests => OperationOutcome.IssueType.Throttled,
            // Whoever sends the same again: what is silent may answer then; what failed, or is damaged, will not.
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => OperationOutcome.IssueType.Transient,
            _ => OperationOutcome.IssueType.Exception,
        };
        // What the hotline asks for, where nobody said more of it.
        var trace = type == OperationOutcome.IssueType.Exception && details.Extensions.TryGetValue("traceId", out var id) ? $" Identifiant de trace : {id}." : "";
        return Outcome(type, field is null ? null : elements.GetValueOrDefault(field), (string)details.Extensions["code"]!, details.Title!, trace.Length == 0 ? details.Detail : details.Detail + trace);
    }

    public static ValueTask WriteAsync(HttpContext http, int status, Resource resource) => WriteAsync(http, status, Serializer.SerializeToBytes(resource));

    /// <summary>What the caller sent, written back as it is: with whatever FHIR allows in it.</summary>
    public static void Write(Utf8JsonWriter json, Base sent) => Serializer.Serialize(sent, json);

    public static async ValueTask WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType + "; charset=utf-8";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        await http.Response.BodyWriter.WriteAsync(body);
    }

    private static OperationOutcome Unreadable() =>
        Outcome(OperationOutcome.IssueType.Structure, null, "body-unreadable", "Le corps n'est pas une ressource FHIR en JSON.", "Envoyez une ressource FHIR R4, et rien d'autre, en JSON.");

    private static OperationOutcome.IssueComponent Issue(CodedException issue, string? type)
    {
        var isMissing = issue.ErrorCode is CodedValidationException.MANDATORY_ELEMENT_MUST_BE_PRESENT_CODE or CodedValidationException.INCORRECT_CARDINALITY_MIN_CODE;
        return new()
        {
            Severity = OperationOutcome.IssueSeverity.Error,
            Code = isMissing ? OperationOutcome.IssueType.Required : OperationOutcome.IssueType.Structure,
            Details = isMissing
                ? new CodeableConcept(EligibilityNames.Problem, "element-missing", "Il manque un élément que FHIR R4 exige.")
                : new CodeableConcept(EligibilityNames.Problem, "element-unreadable", "Un élément n'est pas conforme à FHIR R4."),
            Diagnostics = $"Code {issue.ErrorCode} du lecteur FHIR ; vérifiez le nom, le type et la cardinalité de l'élément.",
            Expression = (issue as ExtendedCodedException)?.InstancePath is { Length: > 0 } path ? [Known(path, type)] : [],
        };
    }

    /// <summary>
    /// As far as the specification has such elements: from there the name is the caller's, and may be anything. The reader writes
    /// « $this » for the root.
    /// </summary>
    private static string Known(string path, string? type)
    {
        var parts = path.Split('.');
        if (parts[0] == "$this")
            parts[0] = type ?? "";
        if (!ModelInfo.IsKnownResource(parts[0]))
            return "Resource";
        var known = 1;
        while (known < parts.Length && KnownElements.Contains(parts[known].Split('[')[0]))
            known++;
        return string.Join('.', parts[..known].Select(Place));
    }

    // « name[0] » is ours; in brackets the caller may have written anything. A body of 64 KiB has no place of six digits.
    private static string Place(string part)
    {
        var name = part.Split('[')[0];
        return part.AsSpan(name.Length) is ['[', .. { Length: > 0 and < 6 } digits, ']'] && !digits.ContainsAnyExceptInRange('0', '9') ? part : name;
    }
}
