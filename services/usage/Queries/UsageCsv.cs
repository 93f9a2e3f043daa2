using System.Globalization;
using System.Text;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Queries;

/// <summary>Counts as a file for a spreadsheet: semicolons, as French ones expect, and no cell that one would calculate.</summary>
internal static class UsageCsv
{
    private const string Header = "periode;departement;groupe;etablissement;unite;fonction;regime;motif;issue;source;consultations;en_jour_ouvre;millisecondes";

    /// <summary>The counts that tell all apart, with their ranges of duration.</summary>
    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<RollupRow> rows, Grain grain, CancellationToken cancellationToken)
    {
        // With its mark: spreadsheets otherwise guess another encoding.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(Header + string.Concat(Latency.Names.Select(name => ";" + name)) + "\r\n");
        var line = new StringBuilder();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            line.Clear().Append(Periods.Text(grain, row.Period));
            foreach (var key in row.Keys)
                line.Append(';').Append(Cell(key));
            line.Append(CultureInfo.InvariantCulture, $";{row.Consultations};{row.Working};{row.Milliseconds}");
            foreach (var count in row.Histogram ?? [])
                line.Append(CultureInfo.InvariantCulture, $";{count}");
            await writer.WriteAsync(line.Append("\r\n"), cancellationToken);
        }
    }

    internal static string Cell(string? text)
    {
        text ??= "";
        // A unit's code that begins like a formula would be calculated.
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
