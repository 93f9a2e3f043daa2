using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Escalation;

/// <summary>The table of destination organisms that holds on a day: the latest whose first day has come, whole.</summary>
internal sealed class Organisms(TimeProvider clock)
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Paris).DateTime);

    public static Task<string?> TableAsync(SupportDb db, DateOnly on, CancellationToken cancellationToken) =>
        db.OrganismTables.Where(table => table.From <= on).OrderByDescending(table => table.From).ThenByDescending(table => table.ImportedAt).Select(table => (string?)table.Version).FirstOrDefaultAsync(cancellationToken);

    /// <summary>How the table of today calls them; without those that it has not.</summary>
    public async Task<IReadOnlyDictionary<string, string>> LabelsAsync(SupportDb db, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0 || await TableAsync(db, Today, cancellationToken) is not { } table)
            return new Dictionary<string, string>();
        return await db.Organisms.Where(row => row.Table == table && keys.Contains(row.Key)).ToDictionaryAsync(row => row.Key, row => row.Label, cancellationToken);
    }

    /// <summary>Null where the table of today has none such.</summary>
    public async Task<DestinationOrganism?> FindAsync(SupportDb db, string? key, CancellationToken cancellationToken)
    {
        if (key is null || await TableAsync(db, Today, cancellationToken) is not { } table)
            return null;
        return await db.Organisms.Where(row => row.Table == table && row.Key == key).Select(row => new DestinationOrganism(row.Key, row.Regime, row.Label, row.Department, row.Hours)).FirstOrDefaultAsync(cancellationToken);
    }
}
