using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Data;
using Cdr.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Refit;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>The real program on stores of its own, with the demo cards and a clock that the test moves; the drawer beside it.</summary>
public sealed class SessionsHost : WebApplicationFactory<SessionsProgram>
{
    public const string Origin = "https://cdr.test";

    private readonly TestFolder data = new("sessions");
    private readonly Dictionary<string, string> settings;
    private readonly Action<IServiceCollection> services;
    private WebApplicationFactory<DrawerProgram>? drawer;

    public SessionsHost(PrintedCards cards, IEnumerable<KeyValuePair<string, string>>? more = null, Action<IServiceCollection>? services = null)
    {
        ArgumentNullException.ThrowIfNull(cards);
        cards.CopyTo(data.Path);
        this.services = services ?? (_ => { });
        settings = new()
        {
            ["environment"] = "Development",
            ["Data:Folder"] = data.Path,
            ["Services:Sessions"] = "http://localhost/",
            ["Sessions:Origin"] = Origin,
            ["Sessions:DirectoryFile"] = data.File("drawer/directory.json"),
            ["Sessions:Trust:KindExtension"] = DrawerOptions.KindExtension,
            ["Logging:LogLevel:Default"] = "Warning",
            // A class signs in more often in a minute than a hospital, the quicker the machine the more. Tests of the limit set their own.
            ["Sessions:AnonymousRequestsPerMinute"] = "1000000",
        };
        foreach (var (name, value) in more ?? [])
            settings[name] = value;
    }

    /// <summary>Starts at the machine's instant: certificates carry real dates.</summary>
    public FakeTimeProvider Clock { get; init; } = new(TimeProvider.System.GetUtcNow());

    public string Folder => data.Path;

    internal DemoFolder Cards => new(data.File("drawer"), data.File("trust"), Clock);

    /// <summary>The sign-in as an agent and a browser see it.</summary>
    public ISessionsApi Api => RestService.ForGenerated<ISessionsApi>(CreateClient(), new RefitSettings());

    /// <summary>The drawer's own program, its calls going to this host.</summary>
    public HttpClient Drawer => (drawer ??= NewDrawer("Development")).CreateClient();

    internal WebApplicationFactory<DrawerProgram> NewDrawer(string environment, params (string Name, string Value)[] more)
    {
        var handler = Server.CreateHandler();
        return new WebApplicationFactory<DrawerProgram>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("Data:Folder", data.Path);
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            builder.UseSetting("Services:Sessions", "http://localhost/");
            foreach (var (name, value) in more)
                builder.UseSetting(name, value);
            builder.ConfigureTestServices(services =>
            {
                services.AddSingleton<TimeProvider>(Clock);
                services.AddHttpClient(DrawerModule.Client).ConfigurePrimaryHttpMessageHandler(() => handler);
            });
        });
    }

    internal async Task<TResult> InStoreAsync<TResult>(Func<SessionsDb, Task<TResult>> ask)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<SessionsDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await ask(db);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
        builder.ConfigureTestServices(collection =>
        {
            collection.AddSingleton<TimeProvider>(Clock);
            services(collection);
        });
    }

    protected override void Dispose(bool disposing)
    {
        drawer?.Dispose();
        base.Dispose(disposing);
        if (disposing)
            data.Dispose();
    }
}
