using System.Globalization;
using Cdr.Contracts.Rights;

namespace Cdr.Usage.Counting;

/// <summary>What batches add to the counts. Pure.</summary>
internal sealed record Tally(IReadOnlyList<object[]> Daily, IReadOnlyList<object[]> Regimes)
{
    /// <summary>
    /// Rows are sorted, alike in every process: two transactions that raise the same counts in two orders would wait for each other for ever.
    /// </summary>
    public static Tally Of(IEnumerable<ConsultationsAnswered> batches)
    {
        var facts = batches.SelectMany(batch => batch.Facts).ToList();
        var daily = facts.GroupBy(DailyKey).Select(alike => new object[]
        {
            alike.Key.Day, alike.Key.Department, alike.Key.Group, alike.Key.Establishment, alike.Key.Unit, alike.Key.Function,
            alike.Key.Regime, alike.Key.Reason, alike.Key.Outcome, alike.Key.Source, alike.LongCount(),
        });
        var regimes = facts.SelectMany(fact => fact.Regimes, (fact, regime) => (Day: Days.Of(fact.At), Regime: regime))
            .GroupBy(part => (part.Day, part.Regime.Regime, Outcome: part.Regime.Outcome.ToString()))
            .Select(alike => new object[]
            {
                alike.Key.Day, alike.Key.Regime, alike.Key.Outcome,
                alike.LongCount(),
                // Milliseconds is 0 where this question called nobody, or what was kept stood in for a silent regime.
                alike.LongCount(part => part.Regime.Milliseconds > 0),
                alike.Sum(part => (long)part.Regime.Milliseconds),
            });
        return new Tally([.. daily.OrderBy(Order(10), StringComparer.Ordinal)], [.. regimes.OrderBy(Order(3), StringComparer.Ordinal)]);
    }

    private static (DateOnly Day, string Department, string Group, string Establishment, string Unit, string Function, string Regime, string Reason, string Outcome, string Source)
        DailyKey(ConsultationFact fact) =>
        (Days.Of(fact.At), fact.Department, fact.Group, fact.Establishment, fact.Unit, fact.Function, fact.Regime, fact.Reason,
            fact.Outcome.ToString(), fact.Source.ToString());

    private static Func<object[], string> Order(int keys) =>
        row => string.Join('\u001f', row.Take(keys).Select(value => value is DateOnly day ? day.ToString("O", CultureInfo.InvariantCulture) : (string)value));
}
