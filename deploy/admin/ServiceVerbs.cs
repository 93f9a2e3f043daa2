using Cdr.Rights;
using Cdr.Support;
using Cdr.Usage;
using Spectre.Console.Cli;

namespace Cdr.Admin;

/// <summary>Stands in the help for what a service's own verbs do: <see cref="AdminProgram.Main"/> gives them to the service. Alone, the service says what it can do.</summary>
internal sealed class ServiceVerbs : AsyncCommand
{
    public override Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken) => context.Name switch
    {
        "journal" => RightsProgram.Main([context.Name]),
        "usage" => UsageProgram.Main([context.Name]),
        _ => SupportProgram.Main([context.Name]),
    };
}
