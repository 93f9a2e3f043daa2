using System.Text.Json.Nodes;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cdr.Rights.Description;

/// <summary>What the OpenAPI description says beyond shapes: who may call, examples, and the types of the problems.</summary>
internal static class RightsDescription
{
    private const string Json = "application/json";
    private const string Problem = "application/problem+json";
    private const string Bearer = "bearer";

    public static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = endpoint => endpoint.GroupName == "rights";
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "CDR — consultation des droits",
                Version = "1",
                Description = "Les personnes des exemples sont fictives. Une erreur est un « problem details » (RFC 9457) : `type` est stable, `title` dit ce qui ne va pas, `detail` quoi faire, `field` où ; aucun ne répète ce qui a été saisi.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT",
                Description = "Un jeton de cinq minutes : celui d'une session de carte, ou celui d'un logiciel (POST /api/sessions/software-tokens).",
            };
            foreach (var schema in document.Components.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
                RequireNoNulls(schema);
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var open = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
            if (open)
                operation.Security = [];
            Describe(operation, open);
            return Task.CompletedTask;
        });
    }

    // A member without a value is left out: whoever reads strictly must not be told to wait for it.
    private static void RequireNoNulls(OpenApiSchema schema)
    {
        foreach (var name in schema.Required?.Where(name => MayBeNull(schema.Properties![name])).ToList() ?? [])
            schema.Required!.Remove(name);
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(MayBeNull) == true;

    private static void Describe(OpenApiOperation operation, bool open)
    {
        var id = operation.OperationId!;
        if (operation.RequestBody?.Content?.TryGetValue(Json, out var body) == true)
            DescriptionExamples.AddTo(body, DescriptionExamples.Of(id, "request"));
        operation.Responses ??= [];
        foreach (var (status, response) in operation.Responses)
        {
            if (response.Content?.TryGetValue(Json, out var answer) == true)
                DescriptionExamples.AddTo(answer, DescriptionExamples.Of(id, status));
            // A table and a page hold the same as the JSON, and not in its shape.
            foreach (var text in response.Content?.Where(one => one.Key is "text/csv" or "text/html").Select(one => one.Value) ?? [])
                text.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
        }

        foreach (var problems in DescriptionExamples.Problems(id, open).GroupBy(one => one.Status, one => one.Problem))
            AddProblems(operation.Responses, problems.Key, [.. problems]);
    }

    private static void AddProblems(OpenApiResponses responses, string status, IReadOnlyList<JsonObject> problems)
    {
        if (!responses.TryGetValue(status, out var response))
            responses[status] = response = new OpenApiResponse { Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) };
        response.Description = string.Join("\n", problems.Select(problem => $"- `{Problems.TypeOf(Code(problem))}` : {problem["title"]}"));
        if (response.Content is not { } content)
            return;
        if (!content.TryGetValue(Problem, out var body))
            content[Problem] = body = new OpenApiMediaType();
        DescriptionExamples.AddTo(body, problems.Select(problem => (Code(problem), (JsonNode)Whole(status, problem))));
    }

    private static JsonObject Whole(string status, JsonObject problem)
    {
        var whole = new JsonObject { ["type"] = Problems.TypeOf(Code(problem)), ["title"] = problem["title"]!.DeepClone(), ["status"] = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) };
        foreach (var (name, value) in problem.Where(member => member.Key is not "title"))
            whole[name] = value?.DeepClone();
        return whole;
    }

    private static string Code(JsonObject problem) => problem["code"]!.GetValue<string>();
}
