using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cdr.Admin;

/// <summary>What every command takes.</summary>
internal class OutputSettings : CommandSettings
{
    [CommandOption("--json")]
    [Description("For programs: one JSON value on the standard output.")]
    public bool Json { get; init; }
}

/// <summary>One answer, for a person or for a program.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static void Answer<T>(this IAnsiConsole console, OutputSettings settings, T value, Action<IAnsiConsole> say)
    {
        if (settings.Json)
            // As it is: a console would break its lines.
            console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(value, Wire));
        else
            say(console);
    }

    /// <summary>Cells are text, not markup.</summary>
    public static void Table(this IAnsiConsole console, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        // What is copied into the next command is in one piece.
        table.Columns[0].NoWrap();
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        console.Write(table);
    }

    public static void Line(this IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(text);
}
