using System.Globalization;
using System.Text;

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

    /// <summary>The smallest UUIDv7 of a day, UTC.</summary>
    private static Guid LowestId(DateOnly day) => UuidV7.Lowest(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
}
