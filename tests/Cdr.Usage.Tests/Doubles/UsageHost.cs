using System.Net.Http.Headers;
using Cdr.Testing;
using Cdr.Usage.Features.FreezeCampaigns;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>The real program, embedded where no setting says otherwise; months are frozen by the tests alone. A setting of null is taken away.</summary>
internal sealed class UsageHost(TimeProvider clock, params IEnumerable<KeyValuePair<string, string?>> settings) : WebApplicationFactory<UsageDb>
{
    private readonly TestFolder folder = new("usage");

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
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(clock);
            // A clock that a test advances would set it off, and the test's own freezing would find the turn taken.
            services.Remove(services.Single(service => service.ImplementationType == typeof(FreezeCampaigns)));
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }
}
