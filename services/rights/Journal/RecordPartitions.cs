using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal;

/// <summary>Monthly partitions of the journal by the instant inside the UUIDv7. Made by the owner's role: the application cannot.</summary>
internal static class RecordPartitions
{
    /// <summary>SQL that makes the partitions of these months where they are missing.</summary>
    public static string Sql(DateOnly first, int months)
    {
        var sql = new StringBuilder();
        for (var month = new DateOnly(first.Year, first.Month, 1); months > 0; month = month.AddMonths(1), months--)
        {
            sql.AppendLine(CultureInfo.InvariantCulture, $"""
                CREATE TABLE IF NOT EXISTS records_{month:yyyyMM} PARTITION OF records FOR VALUES FROM ('{LowestId(month)}') TO ('{LowestId(month.AddMonths(1))}');
                """);
        }

        return sql.ToString();
    }

    /// <summary>Drops the months that ended before an instant and hold nothing any more. One that is in use waits for the next time.</summary>
    public static async Task DropEmptyAsync(RightsDb db, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var ended = await db.Database.SqlQueryRaw<string>("""
            SELECT c.relname::text AS "Value" FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'records'::regclass AND c.relname ~ '^records_[0-9]+$'
            """).ToListAsync(cancellationToken);
        foreach (var name in ended.Where(name => DateOnly.ParseExact(name[8..], "yyyyMM", CultureInfo.InvariantCulture).AddMonths(1) <= DateOnly.FromDateTime(before.UtcDateTime)))
        {
            // Two seconds: writers wait behind whoever waits for the table.
            var drop = $"""
                DO $$ BEGIN
                    SET LOCAL lock_timeout = '2s';
                    LOCK TABLE {name};
                    IF NOT EXISTS (SELECT FROM {name}) THEN DROP TABLE {name}; END IF;
                EXCEPTION WHEN lock_not_available OR deadlock_detected THEN NULL;
                END $$
                """;
            await db.Database.ExecuteSqlRawAsync(drop, cancellationToken);
        }
    }

    /// <summary>The smallest UUIDv7 of a day, UTC.</summary>
    private static Guid LowestId(DateOnly day) => UuidV7.Lowest(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
}
