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
        var code = ExitCodes.Done;
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
                to.Line($"{one.Store}: {(one.Migrations.Count == 0 ? "up to date" : (settings.DryRun ? "would apply " : "applied ") + string.Join(", ", one.Migrations))}");
        });
        return code;

        async Task MigrateAsync(Action done)
        {
            foreach (var service in settings.Chosen)
            {
                try
                {
                    await using var host = Hosts.Build(service);
                    var pending = await host.Services.PendingMigrationsAsync(cancellationToken);
                    if (!settings.DryRun)
                        await host.Services.MigrateStoresAsync(cancellationToken);
                    all.AddRange(pending.Select(one => new Migrated(one.Store.Name, one.Migrations)));
                    done();
                }
                catch (Exception e)
                {
                    // What came before it is done, and said.
                    await Console.Error.WriteAsync(service + ": ");
                    code = ExitCodes.Tell(e, Console.Error);
                    return;
                }
            }
        }
    }

    private sealed record Migrated(string Store, IReadOnlyList<string> Migrations);

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
