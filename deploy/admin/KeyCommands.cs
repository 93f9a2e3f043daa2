using System.ComponentModel;
using Cdr.ServiceDefaults.Secrets;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cdr.Admin;

internal class RingSettings : OutputSettings
{
    [CommandArgument(0, "<FILE>")]
    [Description("The ring: data/secrets/rights/rights.json.")]
    public required string File { get; init; }
}

internal sealed class ChangedRingSettings : RingSettings
{
    [CommandArgument(1, "<KIND>")]
    [Description("data, pseudonym or signing.")]
    public required KeyKind Kind { get; init; }

    [CommandOption("--dry-run")]
    [Description("Writes nothing.")]
    public bool DryRun { get; init; }
}

internal sealed class ListKeys(IAnsiConsole console) : Command<RingSettings>
{
    public override int Execute(CommandContext context, RingSettings settings, CancellationToken cancellationToken)
    {
        var ring = KeyRotation.Ids(settings.File).Select(one => new Keys(one.Key, one.Value[^1], one.Value)).ToList();
        console.Answer(settings, ring, to => to.Table(
            ["kind", "active", "known"], ring.Select(one => new[] { Name(one.Kind), $"{one.Active}", string.Join(", ", one.Known) + (one.Active == one.Known.Max() ? "" : $"   ({one.Known.Max()} waits to be used)") })));
        return ExitCodes.Done;
    }

    internal static string Name(KeyKind kind) => kind.ToString().ToLowerInvariant();

    private sealed record Keys(KeyKind Kind, ushort Active, IReadOnlyList<ushort> Known);
}

internal sealed class AddKey(IAnsiConsole console) : Command<ChangedRingSettings>
{
    public override int Execute(CommandContext context, ChangedRingSettings settings, CancellationToken cancellationToken)
    {
        var id = KeyRotation.Add(settings.File, settings.Kind, settings.DryRun);
        console.Answer(settings, new { settings.Kind, Id = id, settings.DryRun }, to => to.Line(settings.DryRun
            ? $"Would add {ListKeys.Name(settings.Kind)} key {id}."
            : $"{ListKeys.Name(settings.Kind)} key {id} is in the ring and not used yet. Bring the ring to every replica, restart them, keep a copy of it elsewhere; then: cdr-admin keys use {settings.File} {ListKeys.Name(settings.Kind)}"));
        return ExitCodes.Done;
    }
}

internal sealed class UseKey(IAnsiConsole console) : Command<ChangedRingSettings>
{
    public override int Execute(CommandContext context, ChangedRingSettings settings, CancellationToken cancellationToken)
    {
        var id = KeyRotation.Use(settings.File, settings.Kind, settings.DryRun);
        var name = ListKeys.Name(settings.Kind);
        console.Answer(settings, new { settings.Kind, Id = id, settings.DryRun }, to => to.Line(
            id is null ? $"Nothing to do: the newest {name} key is the active one. « keys add » makes another."
            : settings.DryRun ? $"{name} key {id} would become the active one."
            : $"{name} key {id} is the active one. Bring the ring to every replica and restart them. The older keys stay: they open what was made with them."));
        return ExitCodes.Done;
    }
}
