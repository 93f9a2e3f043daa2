using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Microsoft.OpenApi;

namespace Cdr.Rights.Statements;

/// <summary>Examples of the API's description. The person and the codes are nobody's.</summary>
internal static class StatementExamples
{
    private const string Code = "7K2QM-0X4TB-9FRWC-H5N8V-E3JD6";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 8, 5, 7, TimeSpan.Zero);

    private static readonly Statement Example = new()
    {
        Consultation = Guid.Parse("019aa000-0000-7000-8000-000000000001"),
        Code = Code,
        VerifyAt = new Uri("https://cdr.example.fr/verify/" + Code),
        AnsweredAt = At,
        MadeAt = At.AddMinutes(2),
        TimeZone = "Europe/Paris",
        Title = StatementWords.Text("Statement"),
        Worth = StatementWords.Text("StatementWorth"),
        Warnings = [],
        Reference = [new(StatementWords.Text("StatementAnsweredAt"), StatementWords.Instant(At, "Europe/Paris")), new(StatementWords.Text("StatementCode"), Code)],
        Sections =
        [
            new()
            {
                Source = "Assurance maladie",
                Title = StatementWords.Text("BaseRights"),
                Freshness = Freshness.Live,
                FreshnessText = $"{StatementWords.Text("Freshness-live")} {StatementWords.Text("ObtainedAt", StatementWords.Instant(At, "Europe/Paris"))}",
                Lines = [new(StatementWords.Text("State-open"), "Droits de base ouverts à cette date.")],
            },
        ],
    };

    public static RouteHandlerBuilder WithStatementExamples(this RouteHandlerBuilder endpoint) => endpoint.WithExample(Example);

    public static RouteHandlerBuilder WithVerificationExamples(this RouteHandlerBuilder endpoint) => endpoint.WithExample(new StatementVerification(true, At, false));

    private static RouteHandlerBuilder WithExample<T>(this RouteHandlerBuilder endpoint, T example) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (!status.StartsWith('2') || response.Content is not { } contents)
                continue;
            if (contents.TryGetValue("application/pdf", out var pdf))
                pdf.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            if (contents.TryGetValue("application/json", out var content))
                content.Example = JsonNode.Parse(JsonSerializer.Serialize(example, JsonSerializerOptions.Web));
        }

        return Task.CompletedTask;
    });
}
