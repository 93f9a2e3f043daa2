using Cdr.Rights.Journal.Tool;
using Cdr.ServiceDefaults;

namespace Cdr.Rights;

/// <summary>The service in a process of its own; or one of its journal's verbs (<c>journal verify</c>…).</summary>
public static class RightsProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--health", ..])
            return await HealthProbe.RunAsync(args);
        if (args is ["journal", .. var words])
            return await JournalProgram.RunAsync(words);
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("rights").AddRights();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapRights();
        await app.RunAsync(args);
        return 0;
    }
}
