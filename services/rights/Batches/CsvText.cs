using System.Text;

namespace Cdr.Rights.Batches;

/// <summary>Reads CSV (RFC 4180): quotes, doubled quotes, line ends inside quotes.</summary>
internal static class CsvText
{
    /// <param name="FileLine">The line of the file it begins at, from 1.</param>
    /// <param name="Cells">Its cells.</param>
    public sealed record Row(int FileLine, IReadOnlyList<string> Cells)
    {
        /// <summary>Masked.</summary>
        public override string ToString() => $"{nameof(Row)} {FileLine}";
    }

    /// <summary>The separator that the header has most of, outside quotes: French spreadsheets write semicolons.</summary>
    public static char SeparatorOf(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var header = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        var (best, most) = (';', 0);
        foreach (var one in (ReadOnlySpan<char>)[';', ',', '\t'])
        {
            if (header.Count(one) is var count && count > most)
                (best, most) = (one, count);
        }

        return best;
    }

    /// <returns>The rows that are not blank, or the line of a quote that is never closed or stands inside a cell.</returns>
    public static (List<Row> Rows, int? BadQuoteAt) Read(string text, char separator)
    {
        List<Row> rows = [];
        List<string> cells = [];
        var cell = new StringBuilder();
        var (line, start, quotedAt, wasQuoted) = (1, 1, 0, false);
        for (var at = 0; at < text.Length; at++)
        {
            var one = text[at];
            if (quotedAt > 0)
            {
                if (one == '"' && at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[++at]);
                else if (one == '"')
                    (quotedAt, wasQuoted) = (0, true);
                else
                    cell.Append(one);
                line += one == '\n' ? 1 : 0;
            }
            else if (one == separator)
            {
                EndCell();
            }
            else if (one is '\r' or '\n')
            {
                if (one == '\r' && at + 1 < text.Length && text[at + 1] == '\n')
                    at++;
                EndRow();
                start = ++line;
            }
            else if (one == '"')
            {
                if (cell.Length > 0 || wasQuoted)
                    return (rows, line);
                quotedAt = line;
            }
            else if (wasQuoted && one != ' ')
            {
                return (rows, line);
            }
            else
            {
                cell.Append(one);
            }
        }

        if (quotedAt > 0)
            return (rows, quotedAt);
        EndRow();
        return (rows, null);

        void EndCell()
        {
            cells.Add(cell.ToString().Trim());
            cell.Clear();
            wasQuoted = false;
        }

        void EndRow()
        {
            EndCell();
            if (cells.Exists(text => text.Length > 0))
                rows.Add(new Row(start, cells));
            cells = [];
        }
    }
}
