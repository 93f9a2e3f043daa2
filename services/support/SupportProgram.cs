using Cdr.ServiceDefaults;
using Cdr.Support.Retention;

namespace Cdr.Support;

/// <summary>Support as a process of its own; or its verb <c>tickets purge</c>.</summary>
public static class SupportProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--health", ..])
            return await HealthProbe.RunAsync(args);
        if (args is ["tickets", .. var said] && !TicketTool.Knows(said))
        {
            await Console.Error.WriteLineAsync(TicketTool.Usage);
            return 2;
        }

        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("support");
        builder.AddSupport();
        var app = builder.Build();
        if (args is ["tickets", .. var words])
        {
            await using (app)
                return await TicketTool.RunAsync(words, app.Services, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
        }

        app.UseServiceDefaults();
        app.MapSupport();
        await app.RunAsync(args);
        return 0;
    }
}
