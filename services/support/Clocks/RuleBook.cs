using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Clocks;

/// <summary>All versions of the clocks' rules. What the settings say now is the last one: where it differs, it is added.</summary>
internal sealed class RuleBook(IDbContextFactory<SupportDb> contexts, IOptions<SupportOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);
    private volatile Known? known;

    /// <summary>In the order of their versions. Another replica's newer version is seen within seconds.</summary>
    public async Task<IReadOnlyList<ClockRules>> ReadAsync(CancellationToken cancellationToken)
    {
        if (known is { } recent && (clock.GetUtcNow() - recent.At).Duration() < Kept)
            return recent.Rules;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Rules.AsNoTracking().OrderBy(row => row.Version).ToListAsync(cancellationToken);
        if (known is null && (rows.Count == 0 || rows[^1].Json != Json(Said())))
            rows.Add(await AddAsync(db, rows.Count + 1, cancellationToken));
        List<ClockRules> read = [.. rows.Select(Read)];
        known = new Known(clock.GetUtcNow(), read);
        return read;
    }

    public BusinessHours Hotline => BusinessHours.Of(options.Value.HotlinePlace, options.Value.HotlineHours);

    private async Task<RulesRow> AddAsync(SupportDb db, int version, CancellationToken cancellationToken)
    {
        var row = new RulesRow { Version = version, From = clock.GetUtcNow(), Json = Json(Said()) };
        db.Rules.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return row;
        }
        catch (DbUpdateException)
        {
            // Another replica started at the same time, with the same settings.
            db.ChangeTracker.Clear();
            return await db.Rules.AsNoTracking().FirstAsync(one => one.Version == version, cancellationToken);
        }
    }

    private RulesJson Said()
    {
        var said = options.Value;
        ClockTargets Times(double factor) => new(said.FirstAnswer * factor, said.Resolution * factor, said.OrganismAnswer * factor);
        return new RulesJson(Hotline.Text, said.WarnPercent, Times(0.25), Times(0.5), Times(1), Times(2));
    }

    private static string Json(RulesJson rules) => JsonSerializer.Serialize(rules, JsonSerializerOptions.Web);

    private static ClockRules Read(RulesRow row)
    {
        var rules = JsonSerializer.Deserialize<RulesJson>(row.Json, JsonSerializerOptions.Web)!;
        return new ClockRules(row.Version, row.From, BusinessHours.Parse(rules.Hotline), new Dictionary<TicketPriority, ClockTargets>
        {
            [TicketPriority.Critical] = rules.Critical,
            [TicketPriority.High] = rules.High,
            [TicketPriority.Normal] = rules.Normal,
            [TicketPriority.Low] = rules.Low,
        }, rules.WarnPercent);
    }

    private sealed record Known(DateTimeOffset At, IReadOnlyList<ClockRules> Rules);

    private sealed record RulesJson(string Hotline, int WarnPercent, ClockTargets Critical, ClockTargets High, ClockTargets Normal, ClockTargets Low);
}
