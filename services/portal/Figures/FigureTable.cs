using System.Globalization;
using System.Text;
using Cdr.Portal.Resources;
using Microsoft.Extensions.Localization;

namespace Cdr.Portal.Figures;

/// <summary>What a drawing is made of: the table beneath it and its file are the same cells.</summary>
public sealed record FigureTable
{
    internal FigureTable(IReadOnlyList<string> columns, IReadOnlyList<FigureRow> rows) => (Columns, Rows) = (columns, rows);

    internal IReadOnlyList<string> Columns { get; }

    /// <value>In the order they are read.</value>
    internal IReadOnlyList<FigureRow> Rows { get; }

    /// <summary>As a file for a spreadsheet: semicolons and the language's decimals, as it expects them, and no cell that it would calculate.</summary>
    internal string Csv(IStringLocalizer<Texts> texts)
    {
        var csv = new StringBuilder();
        foreach (var cells in (IEnumerable<IEnumerable<string>>)[Columns, .. Rows.Select(row => row.Cells.Select(cell => Raw(cell, texts)))])
            csv.AppendJoin(';', cells.Select(Cell)).Append("\r\n");
        return csv.ToString();
    }

    /// <summary>A cell as a page shows it.</summary>
    internal static string Shown(object? cell, IStringLocalizer<Texts> texts) => cell switch
    {
        null => "–",
        Masked => texts["FigureMasked"],
        long or int => string.Format(CultureInfo.CurrentCulture, "{0:N0}", cell),
        double number => number.ToString("N1", CultureInfo.CurrentCulture),
        DateOnly day => Answers.Words.Day(day),
        _ => cell.ToString() ?? "",
    };

    private static string Raw(object? cell, IStringLocalizer<Texts> texts) => cell switch
    {
        null => "",
        Masked => texts["FigureMasked"],
        double number => number.ToString("0.##", CultureInfo.CurrentCulture),
        DateOnly day => FigureQuery.Text(day),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Cell(string text)
    {
        // A unit's code that begins like a formula would be calculated; a number below nought is a number.
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.CurrentCulture, out _))
            text = "'" + text;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}

/// <summary>A row: its first cell names it.</summary>
/// <param name="Cells">Text, whole numbers, numbers, days; null where there is none; <see cref="Masked"/>.</param>
/// <param name="Link">What the row is made of, in turn.</param>
internal sealed record FigureRow(IReadOnlyList<object?> Cells, string? Link = null);

/// <summary>A number below five, of others.</summary>
internal sealed record Masked
{
    public static Masked One { get; } = new();
}
