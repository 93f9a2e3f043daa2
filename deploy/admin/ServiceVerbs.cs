using Spectre.Console.Cli;

namespace Cdr.Admin;

/// <summary>Stands in the help for what a service's own verbs do: <see cref="AdminProgram.Main"/> gives them to the service.</summary>
internal sealed class ServiceVerbs : AsyncCommand
{
    public override async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        // Nothing follows it: the service says what it can do.
        if (context.Name == "usage")
        {
            await Console.Error.WriteLineAsync("usage rebuild [--dry-run]   forgets what the journals still hold and counts it again");
            return ExitCodes.NotUnderstood;
        }

        return context.Name == "journal" ? await Rights.RightsProgram.Main([context.Name]) : await Support.SupportProgram.Main([context.Name]);
    }
}
