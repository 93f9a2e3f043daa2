using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Cache;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.TellChanges;

/// <summary>POST /api/regimes/{id}/changes: a regime has what is kept of its persons forgotten. Nothing is shown to anybody, so nothing is journaled.</summary>
internal static partial class TellChanges
{
    private const int Most = 1000;

    public static RouteHandlerBuilder MapTellChanges(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/regimes/{id}/changes", HandleAsync)
            .RequireAuthorization(RightsPolicies.RegimeItself)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("TellChanges")
            .WithSummary("Un régime signale que des dossiers ont changé : ce qui en est conservé est oublié.");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id, RegimeChanges changes, RegimeRegistry registry, ReplyCache cache, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (!RegimeId.Parse(id).TryGet(out var name, out _) || registry.Find(name) is not { } regime)
            return Problems.Problem(StatusCodes.Status404NotFound, "regime-unknown", "Ce régime n'existe pas.");
        if (changes.Persons is not { Count: > 0 and <= Most })
            return Problems.Invalid("persons", "persons-out-of-range", $"De 1 à {Most} personnes.");
        List<Nir> nirs = [];
        foreach (var (index, person) in changes.Persons.Index())
        {
            if (!Nir.Parse(person?.Nir).TryGet(out var nir, out var error))
                return Problems.Invalid($"persons[{index}].nir", error);
            nirs.Add(nir);
        }

        try
        {
            var forgotten = await cache.ForgetAsync(regime, nirs, cancellationToken);
            Log.Forgotten(logs.CreateLogger(typeof(TellChanges).FullName!), regime.Id.Value, nirs.Count, forgotten);
            return TypedResults.NoContent();
        }
        catch (SharedStateUnavailableException)
        {
            return Problems.Problem(StatusCodes.Status503ServiceUnavailable, "shared-state-silent", "Ce qui est conservé n'a pas pu être oublié.", "Redites-le dans quelques instants.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Regime {Regime} told of {Persons} changed persons: {Replies} kept replies forgotten.")]
        public static partial void Forgotten(ILogger logger, string regime, int persons, int replies);
    }
}
