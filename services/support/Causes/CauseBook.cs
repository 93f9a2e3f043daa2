using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Causes;

/// <summary>What tickets come of: what came with the service (<c>causes.json</c>), and over it what the hotline made of it since.</summary>
internal static class CauseBook
{
    private static readonly StringComparer French = StringComparer.Create(CultureInfo.GetCultureInfo("fr-FR"), ignoreCase: true);
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public static IReadOnlyList<TicketCause> Shipped { get; } = Read();

    public static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Paris).DateTime);

    /// <summary>By their label.</summary>
    public static async Task<IReadOnlyList<TicketCause>> ReadAsync(SupportDb db, CancellationToken cancellationToken)
    {
        var last = db.Causes.AsNoTracking().Where(row => !db.Causes.Any(later => later.Code == row.Code && later.Number > row.Number));
        var kept = (await last.ToListAsync(cancellationToken)).Select(Show).ToDictionary(one => one.Code, StringComparer.Ordinal);
        return [.. Shipped.Where(one => !kept.ContainsKey(one.Code)).Concat(kept.Values).OrderBy(one => one.Label, French)];
    }

    public static TicketCause Show(CauseRow row) => new(row.Code, row.Label, row.Kind, row.From, row.To, row.OfIncident, row.Number);

    private static List<TicketCause> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("causes.json")!;
        return JsonSerializer.Deserialize<List<TicketCause>>(stream, JsonSerializerOptions.Web)!;
    }
}
