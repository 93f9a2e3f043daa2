using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ExportTickets;

/// <summary>Tickets as a file for a spreadsheet: semicolons, as French ones expect, and no cell that one would calculate. A code has its words too: the one is for programs, the other for people. Without their subjects: a clerk's words may name a person, and a file leaves the house.</summary>
internal static class TicketCsv
{
    /// <summary>Read at a time: whoever takes the file slowly holds no query open.</summary>
    internal const int Together = 1_000;

    private const string Header = "numero;nature;etat;priorite;attend;etablissement;departement;organisme;ouvert_utc;modifie_utc;echeance_utc;en_retard;cause";
    private const string HotlineHeader = ";agent;equipe";

    // Last: who reads by place finds what was there before them.
    private const string LabelHeader = ";nature_libelle;etat_libelle;priorite_libelle;attend_libelle;cause_libelle";

    /// <param name="stream">Where to.</param>
    /// <param name="tickets">Of those that the reader sees.</param>
    /// <param name="byDue">What is due first is first; the newest otherwise.</param>
    /// <param name="isHotline">Who has a ticket is the hotline's own affair.</param>
    /// <param name="causes">Labels of their codes.</param>
    /// <param name="now">What is late.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    public static async Task<int> WriteAsync(Stream stream, IQueryable<TicketRow> tickets, bool byDue, bool isHotline, IReadOnlyDictionary<string, string> causes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // With its mark: spreadsheets otherwise guess another encoding.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(Header + (isHotline ? HotlineHeader : "") + LabelHeader + "\r\n");
        var (line, written) = (new StringBuilder(), 0);
        await foreach (var one in ReadAsync(tickets, byDue, cancellationToken))
        {
            line.Clear().AppendJoin(';', new[]
            {
                one.Number, Name(one.Kind), Name(one.State), Name(one.Priority), Name(one.WaitsFor), one.Establishment, one.Department, one.Organism, Instant(one.CreatedAt), Instant(one.UpdatedAt), Instant(one.DueAt),
                one.DueAt is null ? "" : one.DueAt < now ? "oui" : "non", one.Cause,
            }.Select(Cell));
            if (isHotline)
                line.Append(';').Append(Cell(one.Assignee)).Append(';').Append(Cell(one.Team));
            line.Append(';').AppendJoin(';', new[]
            {
                TicketLabels.Of(one.Kind), TicketLabels.Of(one.State), TicketLabels.Of(one.Priority), TicketLabels.Of(one.WaitsFor), one.Cause is { } cause ? causes.GetValueOrDefault(cause) : null,
            }.Select(Cell));
            await writer.WriteAsync(line.Append("\r\n"), cancellationToken);
            written++;
        }

        return written;
    }

    internal static string Cell(string? text)
    {
        text ??= "";
        // A team's code that begins like a formula would be calculated.
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static async IAsyncEnumerable<Line> ReadAsync(IQueryable<TicketRow> tickets, bool byDue, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!byDue)
        {
            for (Guid? last = null; ;)
            {
                var part = await LinesAsync((last is null ? tickets : tickets.Where(row => row.Id < last)).OrderByDescending(row => row.Id).Take(Together), cancellationToken);
                foreach (var one in part)
                    yield return one;
                if (part.Count < Together)
                    yield break;
                last = part[^1].Id;
            }
        }

        // What is due moves while the file is taken: which ones it may have, and in what order, is asked once. Those of which a clock runs are few.
        // As in the other order, one that is not what was asked for any more, when its part is read, is left out: a file of what is new has nothing that was taken.
        var order = await tickets.Where(row => row.DueAt != null).OrderBy(row => row.DueAt).ThenBy(row => row.Id).Select(row => row.Id).ToListAsync(cancellationToken);
        foreach (var ids in order.Chunk(Together))
        {
            var lines = (await LinesAsync(tickets.Where(row => row.DueAt != null && ids.Contains(row.Id)), cancellationToken)).ToDictionary(one => one.Id);
            foreach (var id in ids)
            {
                if (lines.TryGetValue(id, out var one))
                    yield return one;
            }
        }
    }

    private static Task<List<Line>> LinesAsync(IQueryable<TicketRow> tickets, CancellationToken cancellationToken) => tickets.Select(row => new Line(
        row.Id, row.Number, row.Kind, row.State, row.Priority, row.WaitsFor, row.Establishment, row.Department, row.Organism, row.CreatedAt, row.UpdatedAt, row.DueAt, row.Cause, row.Assignee, row.Team)).ToListAsync(cancellationToken);

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    private sealed record Line(
        Guid Id, string Number, TicketKind Kind, TicketState State, TicketPriority Priority, WaitsFor WaitsFor, string Establishment, string Department, string? Organism, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
        DateTimeOffset? DueAt, string? Cause, string? Assignee, string? Team);
}
