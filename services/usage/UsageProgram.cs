using Cdr.ServiceDefaults;

namespace Cdr.Usage;

/// <summary>Usage as a process of its own.</summary>
public static class UsageProgram
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("usage");
        builder.AddUsage();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapUsage();
        await app.RunAsync(args);
    }
}
