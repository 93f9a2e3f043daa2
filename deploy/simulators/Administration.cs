using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.RegimeSimulator;

/// <summary>The switches over HTTP, for demonstrations and for tests of another process.</summary>
internal static class Administration
{
    public static void MapAdministration(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/simulator").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        group.MapGet("/regimes", List);
        group.MapPost("/regimes/{id}/mode", SetMode);
        group.MapPost("/reset", Reset);
    }

    private static Ok<RegimeState[]> List(RegimeSwitches switches) =>
        TypedResults.Ok(switches.Regimes.Select(id => RegimeState.Of(switches.Activity(id))).ToArray());

    private static Results<NoContent, ProblemHttpResult> SetMode(string id, ModeRequest request, RegimeSwitches switches)
    {
        if (!switches.Has(id))
            return TypedResults.Problem("No such regime is simulated: GET /simulator/regimes lists them.", statusCode: StatusCodes.Status404NotFound);
        if (request.Mode is null || !RegimeModes.ByWord.TryGetValue(request.Mode, out var mode))
            return TypedResults.Problem($"mode is one of {string.Join(", ", RegimeModes.ByWord.Keys)}.", statusCode: StatusCodes.Status400BadRequest);
        switches[id] = mode;
        return TypedResults.NoContent();
    }

    private static NoContent Reset(RegimeSwitches switches)
    {
        switches.Reset();
        return TypedResults.NoContent();
    }

    internal sealed record ModeRequest(string? Mode);

    internal sealed record RegimeState(
        string Id, string Mode, long Calls, int InFlight, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Capacity)
    {
        public static RegimeState Of(RegimeActivity activity) =>
            new(activity.Id, activity.Mode.Word(), activity.Calls, activity.InFlight, activity.Capacity);
    }
}
