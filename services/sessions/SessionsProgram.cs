using Cdr.ServiceDefaults;

namespace Cdr.Sessions;

/// <summary>Sessions as a service of its own.</summary>
public sealed class SessionsProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--health", ..])
            return await HealthProbe.RunAsync(args);
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("sessions");
        builder.AddSessions();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapSessions();
        await app.RunAsync(args);
        return 0;
    }
}
