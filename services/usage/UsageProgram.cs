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
        // Exactly that: a mistyped « --dry-run » would forget and count again.
        if (args is ["usage", ..] and not (["usage", "rebuild"] or ["usage", "rebuild", "--dry-run"]))
        {
            await Console.Error.WriteLineAsync("usage rebuild [--dry-run]   forgets what the journals still hold and counts it again; --dry-run says what that would be");
            return 2;
        }

        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("usage");
        builder.AddUsage();
        var app = builder.Build();
        if (args is ["usage", "rebuild", ..])
        {
            await using (app)
            {
                var isDry = args.Contains("--dry-run");
                if (!isDry)
                    await app.Services.PrepareEmbeddedStoresAsync();
                return await RebuildUsage.RunAsync(app.Services, Console.Out, Console.Error, CancellationToken.None, isDry);
            }
        }

        app.UseServiceDefaults();
        app.MapUsage();
        await app.RunAsync(args);
        return 0;
    }
}
