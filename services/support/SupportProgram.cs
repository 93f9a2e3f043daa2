using Cdr.ServiceDefaults;

namespace Cdr.Support;

/// <summary>Support as a process of its own.</summary>
public static class SupportProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--health", ..])
            return await HealthProbe.RunAsync(args);
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("support");
        builder.AddSupport();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapSupport();
        await app.RunAsync(args);
        return 0;
    }
}
