using System.Text;

namespace Cdr.Usage.Campaigns;

/// <summary>Rows of a CSV file (RFC 4180) with semicolons, or commas where its header has more of them. Blank rows are left out.</summary>
internal static class CsvRows
{
    /// <returns>Each row with the line it begins at, from 1; null where a quote is never closed.</returns>
    public static List<(int Line, IReadOnlyList<string> Cells)>? Read(string text)
    {
        var header = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? end : text.Length);
        var separator = header.Count(',') > header.Count(';') ? ',' : ';';
        List<(int, IReadOnlyList<string>)> rows = [];
        List<string> cells = [];
        var cell = new StringBuilder();
        var (line, start, isQuoted) = (1, 1, false);
        for (var at = 0; at <= text.Length; at++)
        {
            var one = at < text.Length ? text[at] : '\n';
            if (isQuoted)
            {
                if (at == text.Length)
                    return null;
                if (one == '"' && at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[++at]);
                else if (one == '"')
                    isQuoted = false;
                else
                    cell.Append(one);
                line += one == '\n' ? 1 : 0;
                continue;
            }

            if (one == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (one == separator || one == '\n')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(one);
            }

            if (one != '\n')
                continue;
            if (cells.Exists(value => value.Length > 0))
                rows.Add((start, cells));
            cells = [];
            start = ++line;
        }

        return rows;
    }
}
