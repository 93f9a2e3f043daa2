using Cdr.Contracts.Usage;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Campaigns;

/// <summary>Who is equipped: whoever has had an answer, or was so by the imported file.</summary>
internal static class Equipment
{
    /// <summary>A target, and since when it is equipped.</summary>
    public sealed record State(TargetRow Target, DateOnly? Since);

    public static async Task<List<State>> OfAsync(UsageDb db, Guid campaign, string? function, CancellationToken cancellationToken)
    {
        var targets = await db.Targets.AsNoTracking().Where(target => target.Campaign == campaign).OrderBy(target => target.Phase).ThenBy(target => target.Finess).ToListAsync(cancellationToken);
        var firsts = await db.Sites.Where(site => site.Campaign == campaign)
            .Join(db.Presences.Where(presence => function == null || presence.Function == function), site => site.Establishment, presence => presence.Establishment, (site, presence) => new { site.Phase, site.Finess, presence.First })
            .GroupBy(one => new { one.Phase, one.Finess }).Select(same => new { same.Key.Phase, same.Key.Finess, First = same.Min(one => one.First) })
            .ToDictionaryAsync(one => (one.Phase, one.Finess), one => one.First, cancellationToken);
        return
        [
            .. targets.Select(target =>
            {
                DateOnly? first = firsts.TryGetValue((target.Phase, target.Finess), out var day) ? day : null;
                // The file does not say for which function.
                var imported = function is null ? target.EquippedOn : null;
                return new State(target, first is null || imported < first ? imported ?? first : first);
            }),
        ];
    }

    /// <summary>A phase in each département, on a day.</summary>
    public static IEnumerable<SnapshotRow> Count(IEnumerable<State> states, DateOnly on) =>
        states.GroupBy(state => (state.Target.Campaign, state.Target.Phase, state.Target.Department)).Select(same => new SnapshotRow
        {
            Campaign = same.Key.Campaign, Phase = same.Key.Phase, Department = same.Key.Department, Month = Periods.Of(Grain.Month, on),
            Targets = same.Count(), Equipped = same.Count(state => state.Since <= on),
        });

    /// <summary>How many targets of each phase have no site: no answer can equip them.</summary>
    public static Task<Dictionary<int, int>> WithoutSitesAsync(UsageDb db, Guid campaign, CancellationToken cancellationToken) =>
        db.Targets.Where(target => target.Campaign == campaign && !db.Sites.Any(site => site.Campaign == target.Campaign && site.Phase == target.Phase && site.Finess == target.Finess))
            .GroupBy(target => target.Phase).Select(same => new { same.Key, Count = same.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancellationToken);

    public static PhaseRates Rates(PhaseRow phase, IReadOnlyList<SnapshotRow> departments, int withoutSites) => new(
        phase.Number, phase.Name, phase.Targets, Rate(null, departments),
        [.. departments.OrderBy(one => one.Department, StringComparer.Ordinal).Select(one => Rate(one.Department, [one]))],
        [.. departments.GroupBy(one => DimensionNames.RegionOf(one.Department)).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => Rate(same.Key, same))],
        withoutSites);

    private static EquipmentRate Rate(string? code, IEnumerable<SnapshotRow> rows)
    {
        var (targets, equipped) = rows.Aggregate((Targets: 0, Equipped: 0), (sum, row) => (sum.Targets + row.Targets, sum.Equipped + row.Equipped));
        return new EquipmentRate(code, targets, equipped, targets == 0 ? null : Math.Round(100.0 * equipped / targets, 1, MidpointRounding.AwayFromZero));
    }
}
