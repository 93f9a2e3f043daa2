using Cdr.ServiceDefaults;

namespace Cdr.Sessions;

/// <summary>Sessions as a service of its own.</summary>
public sealed class SessionsProgram
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("sessions");
        builder.AddSessions();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapSessions();
        await app.RunAsync(args);
    }
}
