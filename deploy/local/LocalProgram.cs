using Cdr.Drawer;
using Cdr.Portal;
using Cdr.RegimeSimulator;
using Cdr.Rights;
using Cdr.ServiceDefaults;
using Cdr.Sessions;
using Cdr.Support;
using Cdr.Usage;

namespace Cdr.Local;

/// <summary>Every service in one process, with embedded stores: the platform on a machine that has nothing but .NET.</summary>
public sealed class LocalProgram
{
    private LocalProgram()
    {
    }

    /// <summary>Ends with 0; 2 when asked wrongly; 3 when the port or the data folder is taken.</summary>
    public static async Task<int> Main(string[] args)
    {
        if (LocalSettings.Read(args) is not { } settings)
            return 2;
        if (!settings.PortIsFree())
            return 3;
        using var folder = LocalFolder.Take(settings);
        if (folder is null)
            return 3;
        var builder = WebApplication.CreateBuilder([]);
        settings.Configure(builder);
        builder.AddServiceDefaults("local");
        builder.AddSessions();
        builder.AddRights();
        builder.AddUsage();
        builder.AddSupport();
        builder.AddPortal();
        builder.AddDrawer();
        builder.AddRegimeSimulator();
        builder.Services.AddHostedService<Welcome>();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapSessions();
        app.MapRights();
        app.MapUsage();
        app.MapSupport();
        app.MapPortal();
        app.MapDrawer();
        app.MapRegimeSimulator();
        await app.RunAsync([]);
        return 0;
    }
}
