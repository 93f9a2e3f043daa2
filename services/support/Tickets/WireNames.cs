using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Cdr.Support.Tickets;

/// <summary>
/// Names of an enumeration in an address: those that answers have. The host's own binding knows the program's spelling alone, refuses
/// « new » and takes any number.
/// </summary>
internal static class WireNames
{
    /// <summary>False: there is none of that name. Nothing is no name and no fault.</summary>
    public static bool TryRead<T>(string? text, out T? value)
        where T : struct, Enum
    {
        value = text is null ? null : Enum.GetValues<T>().Where(one => string.Equals(one.ToString(), text, StringComparison.OrdinalIgnoreCase)).Select(one => (T?)one).FirstOrDefault();
        return text is null || value is not null;
    }

    public static ProblemHttpResult Refuse<T>(string field)
        where T : struct, Enum => ServiceDefaults.Problems.Invalid(field, field + "-unknown", "Cette valeur n'est pas de celles du filtre.", $"Donnez l'une de celles-ci : {string.Join(", ", Of<T>())}.");

    /// <summary>Says in the description what a parameter may be.</summary>
    public static RouteHandlerBuilder WithNames<T>(this RouteHandlerBuilder endpoint, string field)
        where T : struct, Enum => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Parameters?.FirstOrDefault(one => one.Name == field)?.Schema is OpenApiSchema schema)
                schema.Enum = [.. Of<T>().Select(name => (System.Text.Json.Nodes.JsonNode)name)];
            return Task.CompletedTask;
        });

    private static IEnumerable<string> Of<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName);
}
