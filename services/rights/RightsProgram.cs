using Cdr.ServiceDefaults;

namespace Cdr.Rights;

/// <summary>The service in a process of its own.</summary>
public static class RightsProgram
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("rights").AddRights();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapRights();
        await app.RunAsync(args);
    }
}
