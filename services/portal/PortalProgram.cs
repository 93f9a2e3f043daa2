using Cdr.ServiceDefaults;

namespace Cdr.Portal;

/// <summary>The portal as a process of its own: pages, and the one public door to the services.</summary>
public static class PortalProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--health", ..])
            return await HealthProbe.RunAsync(args);
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults(PortalModule.Name);
        builder.AddPortal();
        builder.AddDoor();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapPortal();
        app.MapDoor();
        await app.RunAsync(args);
        return 0;
    }
}
