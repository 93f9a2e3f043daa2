using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cdr.Bench.Running;

/// <summary>In Rights' place: notes who reads an answer at once, so that what is measured is Support.</summary>
internal static class ReadingsBeside
{
    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/internal/consultations/{id:guid}/readings", () => Results.NoContent());
        await app.StartAsync();
        return app;
    }
}
