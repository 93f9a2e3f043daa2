using System.ComponentModel;
using System.Text.Json;
using Cdr.Rights.Regimes;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cdr.Admin;

internal sealed class CheckedRegistrySettings : OutputSettings
{
    [CommandArgument(0, "<FILE>")]
    [Description("A registry: data/regimes.json.")]
    public required string File { get; init; }
}

internal sealed class RegistrySettings : OutputSettings
{
    /// <value>The one that the images were built with, beside this program.</value>
    public static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "regimes.json");

    [CommandArgument(0, "[FILE]")]
    [Description("A registry; the one that was built in where none is named.")]
    public string File { get; init; } = BuiltIn;
}

internal sealed class ListRegimes(IAnsiConsole console) : Command<RegistrySettings>
{
    public override int Execute(CommandContext context, RegistrySettings settings, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rows = RegimeRegistry.Load(settings.File).Rows.Select(row => new Row(
            row.Id.Value, row.ShortName, row.Codes, row.Protocol.ToString(), row.Address.ToString(), [.. row.ClosedDaily.Select(closed => $"{closed.From:HH:mm}–{closed.To:HH:mm}")],
            RegimeSchedule.IsInService(row, now), RegimeSchedule.ClosedSince(row, now) is null && RegimeSchedule.DownSince(row, now) is null)).ToList();
        console.Answer(settings, rows, to => to.Table(
            ["id", "name", "codes", "protocol", "address", "closed (Paris)", "now"],
            rows.Select(row => new[] { row.Id, row.Name, string.Join(", ", row.Codes), row.Protocol, row.Address, string.Join(", ", row.ClosedDaily), !row.IsInService ? "not in service" : row.IsOpen ? "open" : "closed" })));
        return ExitCodes.Done;
    }

    private sealed record Row(string Id, string Name, IReadOnlyList<string> Codes, string Protocol, string Address, IReadOnlyList<string> ClosedDaily, bool IsInService, bool IsOpen);
}

/// <summary>A copy of the registry does not follow the images: what differs is what somebody wanted, or what an upgrade brought and the copy lacks.</summary>
internal sealed class CheckRegimes(IAnsiConsole console) : Command<CheckedRegistrySettings>
{
    public override int Execute(CommandContext context, CheckedRegistrySettings settings, CancellationToken cancellationToken)
    {
        var (mine, builtIn) = (RegimeRegistry.Load(settings.File), RegimeRegistry.Load(RegistrySettings.BuiltIn));
        var (here, there) = (Texts(mine), Texts(builtIn));
        List<Difference> differences =
        [
            .. here.Keys.Except(there.Keys).Select(id => new Difference(id, "only in this file", [])),
            .. there.Keys.Except(here.Keys).Select(id => new Difference(id, "only in the one that was built in", [])),
            .. here.Keys.Intersect(there.Keys).Select(id => new Difference(id, "differs", [.. Members(here[id], there[id])])).Where(one => one.Members.Count > 0),
        ];
        console.Answer(settings, new { mine.Version, mine.Digest, Regimes = mine.Rows.Count, BuiltIn = builtIn.Version, Differences = differences }, to =>
        {
            to.Line($"Rights would start with it: version {mine.Version}, {mine.Rows.Count} regimes. The one that was built in: version {builtIn.Version}, {builtIn.Rows.Count}.");
            foreach (var one in differences)
                to.Line($"{one.Regime}: {one.What}{(one.Members.Count == 0 ? "" : " in " + string.Join(", ", one.Members))}");
            if (differences.Count == 0)
                to.Line("They say the same of each regime.");
        });
        return ExitCodes.Done;
    }

    private static Dictionary<string, JsonElement> Texts(RegimeRegistry registry) =>
        registry.Rows.ToDictionary(row => row.Id.Value, row => JsonSerializer.SerializeToElement(row, RegimeJson.Default.RegimeRow), StringComparer.Ordinal);

    private static IEnumerable<string> Members(JsonElement one, JsonElement other) =>
        one.EnumerateObject().Select(member => member.Name).Union(other.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal)
            .Where(name => !(one.TryGetProperty(name, out var a) & other.TryGetProperty(name, out var b)) || !JsonElement.DeepEquals(a, b));

    private sealed record Difference(string Regime, string What, IReadOnlyList<string> Members);
}
