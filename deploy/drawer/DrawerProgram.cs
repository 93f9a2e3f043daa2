namespace Cdr.Drawer;

/// <summary>The drawer as a service of its own, beside a distributed development installation.</summary>
public sealed class DrawerProgram
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddDrawer();
        builder.Services.AddHealthChecks();
        var app = builder.Build();
        app.MapDrawer();
        app.MapHealthChecks("/health/live");
        app.MapHealthChecks("/health/ready");
        await app.RunAsync();
    }
}
