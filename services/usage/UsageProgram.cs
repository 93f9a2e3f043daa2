using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Usage.Features.RebuildUsage;

namespace Cdr.Usage;

/// <summary>Usage as a process of its own; or its verb <c>usage rebuild [--dry-run]</c>.</summary>
public static class UsageProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--health", ..])
            return await HealthProbe.RunAsync(args);
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("usage");
        builder.AddUsage();
        var app = builder.Build();
        if (args is ["usage", "rebuild", ..])
        {
            await using (app)
            {
                await app.Services.PrepareEmbeddedStoresAsync();
                return await RebuildUsage.RunAsync(app.Services, Console.Out, Console.Error, CancellationToken.None, args.Contains("--dry-run"));
            }
        }

        app.UseServiceDefaults();
        app.MapUsage();
        await app.RunAsync(args);
        return 0;
    }
}
