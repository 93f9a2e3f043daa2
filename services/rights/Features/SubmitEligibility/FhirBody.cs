using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>Resources in and out, as <c>application/fhir+json</c>.</summary>
internal static class FhirBody
{
    public const string ContentType = "application/fhir+json";

    private static readonly FhirJsonSerializer Serializer = new();

    /// <summary>The resource, or the elements that do not fit R4. A message never repeats a value: it may name a person.</summary>
    public static (Resource? Resource, OperationOutcome? Problem) Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var isWhole = FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out var resource, out var issues) && !reader.Read();
            return isWhole ? (resource, null) : (null, new OperationOutcome { Issue = [.. Issues([.. issues])] });
        }
        catch (JsonException)
        {
            return (null, Outcome(OperationOutcome.IssueType.Structure, null, "body-unreadable", "Le corps n'est pas du JSON.", "Envoyez une ressource FHIR R4 en JSON."));
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
    public static OperationOutcome Outcome(ProblemHttpResult problem, IReadOnlyDictionary<string, string> elements)
    {
        var details = problem.ProblemDetails;
        var field = details.Extensions.TryGetValue("field", out var named) ? named as string : null;
        var type = problem.StatusCode switch
        {
            StatusCodes.Status400BadRequest => OperationOutcome.IssueType.Invalid,
            StatusCodes.Status401Unauthorized => OperationOutcome.IssueType.Login,
            StatusCodes.Status403Forbidden => OperationOutcome.IssueType.Forbidden,
            StatusCodes.Status404NotFound => OperationOutcome.IssueType.NotFound,
            StatusCodes.Status409Conflict => OperationOutcome.IssueType.Conflict,
            StatusCodes.Status413PayloadTooLarge => OperationOutcome.IssueType.TooLong,
            StatusCodes.Status415UnsupportedMediaType => OperationOutcome.IssueType.NotSupported,
            _ => OperationOutcome.IssueType.Transient,
        };
        return Outcome(type, field is null ? null : elements.GetValueOrDefault(field), (string)details.Extensions["code"]!, details.Title!, details.Detail);
    }

    public static async System.Threading.Tasks.Task WriteAsync(HttpContext http, int status, Resource resource)
    {
        var body = Serializer.SerializeToBytes(resource);
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType + "; charset=utf-8";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static IEnumerable<OperationOutcome.IssueComponent> Issues(List<CodedException> issues)
    {
        if (issues.Count == 0)
            return Outcome(OperationOutcome.IssueType.Structure, null, "body-unreadable", "Le corps contient plus d'une ressource.").Issue;
        return issues.Take(20).Select(issue => new OperationOutcome.IssueComponent
        {
            Severity = OperationOutcome.IssueSeverity.Error,
            Code = OperationOutcome.IssueType.Structure,
            Details = new CodeableConcept(EligibilityNames.Problem, "element-unreadable", "Un élément n'est pas conforme à FHIR R4."),
            Diagnostics = $"Code {issue.ErrorCode} du lecteur FHIR ; vérifiez le nom, le type et la cardinalité de l'élément.",
            Expression = ElementOf(issue) is { } element ? [element] : [],
        });
    }

    // The path is of the model's names, but for a member that the model does not know: then it is the caller's, and may be anything.
    private static string? ElementOf(CodedException issue) =>
        (issue as ExtendedCodedException)?.InstancePath is { Length: > 0 } path ? KnownPath(path) : null;

    private static string KnownPath(string path)
    {
        var parts = path.Split('.');
        var mapping = ModelInfo.ModelInspector.FindClassMapping(parts[0]);
        var known = 1;
        while (known < parts.Length && mapping?.FindMappedElementByName(parts[known].Split('[')[0]) is { } element)
        {
            mapping = ModelInfo.ModelInspector.FindClassMapping(element.ImplementingType);
            known++;
        }

        return mapping is null && known == 1 ? "Resource" : string.Join('.', parts[..known]);
    }
}
