using System.Globalization;
using System.Text;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Store;

/// <summary>
/// The two long tables of PostgreSQL in parts: days by month, months by year. A batch touches the newest part only, whose index stays in
/// memory; a question about some months reads theirs; what a sweep empties is a part. Made by the owner's role: the application cannot.
/// </summary>
internal static class CountPartitions
{
    private static readonly string Columns =
        "cell integer NOT NULL, period integer NOT NULL, consultations bigint NOT NULL, working bigint NOT NULL, milliseconds bigint NOT NULL, "
        + string.Join(", ", RollupTable.Histogram.Select(column => column + " integer NOT NULL"));

    /// <summary>SQL that makes both tables, and their parts from a day on for so many months; what falls outside is kept in a part of its own.</summary>
    public static string Sql(DateOnly first, int months)
    {
        var sql = new StringBuilder();
        foreach (var table in (string[])["usage_day", "usage_month"])
        {
            sql.AppendLine(CultureInfo.InvariantCulture, $"""
                CREATE TABLE {table} ({Columns}, CONSTRAINT "PK_{table}" PRIMARY KEY (cell, period)) PARTITION BY RANGE (period);
                CREATE TABLE {table}_other PARTITION OF {table} DEFAULT;
                """);
        }

        // Room in the pages: a row that counts on is written beside itself, and no index is touched.
        for (var month = Periods.Of(Grain.Month, first); months > 0; month++, months--)
        {
            var (day, next) = (Periods.FirstDay(month), Periods.FirstDay(month + 1));
            sql.AppendLine(CultureInfo.InvariantCulture, $"CREATE TABLE usage_day_{day:yyyyMM} PARTITION OF usage_day FOR VALUES FROM ({day.DayNumber}) TO ({next.DayNumber}) WITH (fillfactor = 80);");
            if (day.Month == 1 || day == first)
                sql.AppendLine(CultureInfo.InvariantCulture, $"CREATE TABLE usage_month_{day:yyyy} PARTITION OF usage_month FOR VALUES FROM ({day.Year * 12}) TO ({(day.Year + 1) * 12}) WITH (fillfactor = 80);");
        }

        return sql.ToString();
    }
}
