using Cdr.Rights;
using Cdr.Support;
using Cdr.Usage;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cdr.Admin;

/// <summary>
/// What an operator does beside the running services, in one command: <c>cdr-admin --help</c>. It reads the settings and secret files that the
/// services read, does its work and ends.
/// </summary>
public static class AdminProgram
{
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> Main(string[] args)
    {
        // The services' own verbs, with their own options: one way to do each. Whoever asks for help gets nothing else.
        if (!args.Any(word => word is "--help" or "-h"))
        {
            try
            {
                switch (args)
                {
                    case ["journal", _, ..]:
                        return await RightsProgram.Main(args);
                    case ["usage", _, ..]:
                        return await UsageProgram.Main(args);
                    case ["tickets", _, ..]:
                        return await SupportProgram.Main(args);
                }
            }
            catch (Exception e)
            {
                return ExitCodes.Tell(e, Console.Error);
            }
        }
        else if (args is ["journal" or "usage" or "tickets", ..])
        {
            args = [args[0], "--help"];
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            // Once it is asked; the second time it is ended.
            pressed.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        // In a file or a pipe no line is folded.
        if (Console.IsOutputRedirected)
            AnsiConsole.Console.Profile.Width = 400;
        return await Commands(AnsiConsole.Console).RunAsync(args, stop.Token);
    }

    internal static CommandApp Commands(IAnsiConsole console)
    {
        var app = new CommandApp();
        app.Configure(config =>
        {
            config.ConfigureConsole(console);
            config.SetApplicationName("cdr-admin");
            config.UseStrictParsing();
            config.SetExceptionHandler((e, _) => ExitCodes.Tell(e, Console.Error));
            config.AddCommand<MigrateCommand>("migrate").WithDescription("Brings the stores' schemas up to date, as their owners.").WithExample("migrate", "--dry-run");
            config.AddBranch("keys", keys =>
            {
                keys.SetDescription("A service's key ring, changed in two steps: add, restart every replica, use, restart them again.");
                keys.AddCommand<ListKeys>("list").WithDescription("The ids of a ring's keys; never a key.");
                keys.AddCommand<AddKey>("add").WithDescription("A new key that is known and not used yet.").WithExample("keys", "add", "data/secrets/rights/rights.json", "data");
                keys.AddCommand<UseKey>("use").WithDescription("The key that was added becomes the active one.");
            });
            config.AddBranch("users", users =>
            {
                users.SetDescription("Who has which role beyond what their card says.");
                users.AddCommand<ListUsers>("list").WithDescription("Whoever has, had or will have a role; without an option everything beyond clerk.");
                users.AddCommand<AssignUser>("assign").WithDescription("Gives a role, or changes its days; the identifier is read from the keyboard or the standard input.").WithExample("users", "assign", "administrator");
                users.AddCommand<WithdrawUser>("withdraw").WithDescription("Ends a role, at once or after a last day.");
            });
            config.AddBranch("regimes", regimes =>
            {
                regimes.SetDescription("The registry of regimes.");
                regimes.AddCommand<ListRegimes>("list").WithDescription("What a registry says, and which regimes are closed now.");
                regimes.AddCommand<CheckRegimes>("check").WithDescription("Whether Rights would start with this file; how it differs from the one that was built in.");
            });
            // Never run: for the list of commands and their help alone.
            config.AddCommand<ServiceVerbs>("journal").WithDescription("verify, anchor, keys, prove, check, derive, purge: « journal » alone lists them.").WithExample("journal", "verify", "--json");
            config.AddCommand<ServiceVerbs>("usage").WithDescription("rebuild [[--dry-run]]: counts the journals again.").WithExample("usage", "rebuild");
            config.AddCommand<ServiceVerbs>("tickets").WithDescription("purge [[--dry-run]], export FILE [[--dry-run]]: what is past its time; all tickets as CSV.").WithExample("tickets", "export", "tickets.csv");
        });
        return app;
    }
}
