using System.ComponentModel;
using Cdr.ServiceDefaults.Stores;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cdr.Admin;

internal sealed class MigrateCommand(IAnsiConsole console) : AsyncCommand<MigrateCommand.Settings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        List<Migrated> all = [];
        // A bar where somebody looks, and never in the answer.
        if (Console.IsErrorRedirected)
            await MigrateAsync(() => { });
        else
        {
            await AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress().StartAsync(async progress =>
            {
                var bar = progress.AddTask("stores", maxValue: settings.Chosen.Count);
                await MigrateAsync(() => bar.Increment(1));
            });
        }

        console.Answer(settings, all, to =>
        {
            foreach (var one in all)
                to.Line($"{one.Store}: {(one.IsEmbedded ? "embedded, made by the service that uses it" : one.Migrations.Count == 0 ? "up to date" : (settings.DryRun ? "would apply " : "applied ") + string.Join(", ", one.Migrations))}");
        });
        return ExitCodes.Done;

        async Task MigrateAsync(Action done)
        {
            foreach (var service in settings.Chosen)
            {
                await using var host = Hosts.Build(service);
                var pending = await host.Services.PendingMigrationsAsync(cancellationToken);
                if (!settings.DryRun)
                    await host.Services.MigrateStoresAsync();
                all.AddRange(pending.Select(one => new Migrated(one.Store.Name, one.Store.IsEmbedded, one.Migrations)));
                done();
            }
        }
    }

    private sealed record Migrated(string Store, bool IsEmbedded, IReadOnlyList<string> Migrations);

    public sealed class Settings : OutputSettings
    {
        [CommandArgument(0, "[SERVICE]")]
        [Description("sessions, rights, usage, support, portal; all of them where none is named.")]
        public string[] Services { get; init; } = [];

        [CommandOption("--dry-run")]
        [Description("Says what would be applied.")]
        public bool DryRun { get; init; }

        public IReadOnlyList<string> Chosen => Services.Length == 0 ? Hosts.Names : Services;

        public override ValidationResult Validate() =>
            Services.Except(Hosts.Names).FirstOrDefault() is { } unknown ? ValidationResult.Error($"There is no service « {unknown} »: {string.Join(", ", Hosts.Names)}.") : ValidationResult.Success();
    }
}
