using Cdr.Rights.Journal.Tool;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.Configuration;

namespace Cdr.Rights.Tests.Journal;

/// <summary>The journal's verbs, on a world's store, without the service.</summary>
internal sealed record ToolRun(int Code, string Output, string Errors)
{
    public static Task<ToolRun> RunAsync(RightsWorld world, params string[] words) => RunAsync(world, TimeProvider.System, words);

    public static async Task<ToolRun> RunAsync(RightsWorld world, TimeProvider clock, params string[] words)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(world.Settings());
        await using var store = new JournalToolStore(JournalProgram.Settings(configuration, new ToolOptions(words)));
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await new JournalTool(store, clock, output, errors).RunAsync(words, TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), errors.ToString());
    }
}
