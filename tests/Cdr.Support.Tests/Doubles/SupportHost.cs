using System.Net.Http.Headers;
using Cdr.Support.Store;
using Cdr.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.Support.Tests.Doubles;

/// <summary>The real program, embedded where no setting says otherwise. A setting of null is taken away.</summary>
internal sealed class SupportHost(TimeProvider clock, params IEnumerable<KeyValuePair<string, string?>> settings) : WebApplicationFactory<SupportDb>
{
    private readonly TestFolder folder = new("support");

    public HttpClient ClientOf(string? token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        var all = new Dictionary<string, string?> { ["Data:Folder"] = folder.Path };
        foreach (var (name, value) in settings)
            all[name] = value;
        foreach (var (name, value) in all)
        {
            if (value is not null)
                builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services => services.AddSingleton(clock));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        // Its own alone: those of other tests are in use.
        using var own = new SqliteConnection($"Data Source={folder.File("support.db")};Default Timeout=30");
        SqliteConnection.ClearPool(own);
        folder.Dispose();
    }
}
