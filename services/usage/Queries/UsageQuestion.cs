using System.Security.Claims;
using Cdr.ServiceDefaults;
using Cdr.Usage.Counting;
using Cdr.Usage.Rollups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Queries;

/// <summary>What is asked of the counts, within what the caller sees.</summary>
/// <param name="Viewer">Who asks.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="By">What is told apart; <see cref="Dimensions.None"/> for one sum.</param>
/// <param name="ByRegion">Départements are summed by region.</param>
/// <param name="Asked">The filters of the question.</param>
/// <param name="IsBeyond">Others' counts are in it, for somebody who does not see them all.</param>
/// <param name="Previous">The period before, too.</param>
/// <param name="Year">The year before, too.</param>
/// <param name="WithLatency">Percentiles, too.</param>
internal sealed record UsageQuestion(
    Viewer Viewer, DateOnly From, DateOnly To, Dimensions By, bool ByRegion, IReadOnlyList<(Dimensions Dimension, string Value)> Asked, bool IsBeyond, bool Previous, bool Year, bool WithLatency)
{
    private const int DefaultDays = 30;

    // A century would be read month by month.
    private const int MostDays = 3660;

    /// <summary>The whole of what is asked; own counts alone where they are taken out of others'.</summary>
    public IReadOnlyList<(Dimensions Dimension, string Value)> Filters(bool own) => IsBeyond && !own ? Asked : Viewer.Narrow(Asked);

    public string KeyOf(RollupRow row) => row.Keys.Length == 0 ? "" : ByRegion ? DimensionNames.RegionOf(row.Keys[0]) : row.Keys[0];

    /// <summary>
    /// The days that are given of it: months are whole, whatever days they are asked by, and the one that runs ends today. What is given is named
    /// by these.
    /// </summary>
    public UsageQuestion InWhole(Grain grain, DateOnly today)
    {
        if (grain != Grain.Month)
            return this;
        var (first, last) = (Periods.FirstDay(Periods.Of(Grain.Month, From)), Periods.FirstDay(Periods.Of(Grain.Month, To) + 1).AddDays(-1));
        return this with { From = first, To = last > today && first <= today ? today : last };
    }

    /// <summary>Reads the question, or says what is wrong with it.</summary>
    public static ProblemHttpResult? Read(UsageParameters parameters, string? by, ClaimsPrincipal user, DateTimeOffset now, out UsageQuestion question)
    {
        question = null!;
        if (ReadDays(parameters, now, out var from, out var to) is { } wrongDays)
            return wrongDays;
        List<(Dimensions Dimension, string Value)> filters = [];
        if (ReadFilters(parameters, filters) is { } wrongFilter)
            return wrongFilter;
        var told = Dimensions.None;
        if (!string.IsNullOrEmpty(by) && !DimensionNames.TryRead(by, out told))
            return Problems.Invalid("by", "dimension-unknown", "Ce critère n'existe pas.", $"Attendu\u00a0: {DimensionNames.All}.");
        if (Viewer.Of(user) is not { } viewer)
            return Viewer.NoScope();
        if (ReadScope(parameters.Scope, viewer, filters.Aggregate(told, (all, filter) => all | filter.Dimension), out var isBeyond) is { } wrongScope)
            return wrongScope;
        string[] compared = parameters.Compare is { Length: > 0 } compare ? compare.Split(',') : [];
        if (!compared.All(one => one is "previous" or "year"))
            return Problems.Invalid("compare", "comparison-unknown", "Cette comparaison n'existe pas.", "Attendu\u00a0: previous, year, ou les deux séparés d'une virgule.");
        question = new UsageQuestion(
            viewer, from, to, told, by == DimensionNames.Region, filters, isBeyond, compared.Contains("previous"), compared.Contains("year"), parameters.WithLatency == true);
        return null;
    }

    /// <summary>What is not kept so finely any more is no zero.</summary>
    public static ProblemHttpResult TooOld(Grain grain, DateOnly first, string field = "from") => Problems.Invalid(
        field, "period-too-old", FormattableString.Invariant($"À ce pas, rien n'est gardé avant le {first:dd/MM/yyyy}."), grain == Grain.Day ? "Demandez des mois." : "Demandez un pas plus long.");

    private static ProblemHttpResult? ReadDays(UsageParameters parameters, DateTimeOffset now, out DateOnly from, out DateOnly to)
    {
        from = default;
        if (!AskedDays.TryRead(parameters.To, Days.Of(now), out to))
            return AskedDays.NotADay("to");
        if (!AskedDays.TryRead(parameters.From, to > DateOnly.MinValue.AddDays(DefaultDays) ? to.AddDays(1 - DefaultDays) : to, out from))
            return AskedDays.NotADay("from");
        if (from > to)
            return Problems.Invalid("from", "period-reversed", "Le premier jour est après le dernier.");
        // The year before is asked for too.
        if (from.Year < 2000 || to.Year > 9000)
            return Problems.Invalid(from.Year < 2000 ? "from" : "to", "period-out-of-range", "La période est hors du calendrier du service.", "Donnez des jours à partir de l'an 2000.");
        return to.DayNumber - from.DayNumber < MostDays ? null : Problems.Invalid("from", "period-too-long", "La période dépasse dix ans.", "Demandez-la en plusieurs fois.");
    }

    private static ProblemHttpResult? ReadFilters(UsageParameters parameters, List<(Dimensions, string)> filters)
    {
        ReadOnlySpan<(Dimensions Dimension, string? Text)> given =
        [
            (Dimensions.Department, parameters.Department), (Dimensions.Group, parameters.Group), (Dimensions.Establishment, parameters.Establishment), (Dimensions.Unit, parameters.Unit),
            (Dimensions.Function, parameters.Function), (Dimensions.Regime, parameters.Regime), (Dimensions.Reason, parameters.Reason), (Dimensions.Outcome, parameters.Outcome), (Dimensions.Source, parameters.Source),
        ];
        foreach (var (dimension, text) in given)
        {
            if (string.IsNullOrEmpty(text))
                continue;
            if (DimensionNames.Value(dimension, text) is not { } value)
                return Problems.Invalid(DimensionNames.Of(dimension), "filter-unknown", "Cette valeur n'existe pas.", "Vérifiez le filtre, ou retirez-le.");
            filters.Add((dimension, value));
        }

        return null;
    }

    private static ProblemHttpResult? ReadScope(string? scope, Viewer viewer, Dimensions told, out bool isBeyond)
    {
        isBeyond = scope == "country" && !viewer.SeesAll;
        if (scope is not (null or "" or "own" or "country"))
            return Problems.Invalid("scope", "scope-unknown", "Cette étendue n'existe pas.", "Attendu\u00a0: own ou country.");
        if (!isBeyond)
            return null;
        if (!viewer.MayCompare)
            return Problems.Problem(StatusCodes.Status403Forbidden, "scope-not-allowed", "Votre rôle ne voit que les consultations de son établissement.");
        return (told & ~DimensionNames.OfTheCountry) == 0 ? null
            : Problems.Invalid("scope", "scope-too-fine", "Au-delà de votre groupe, aucun établissement n'est distingué.", "Retirez le groupe, l'établissement et l'unité, ou demandez scope=own.");
    }
}
