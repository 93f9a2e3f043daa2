using System.Net;
using System.Text.RegularExpressions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>The portal's module in a host of another assembly, on a port of its own.</summary>
public sealed partial class PortalHost : IAsyncDisposable
{
    private readonly DirectoryInfo data;
    private readonly WebApplication app;

    private PortalHost(WebApplication app, DirectoryInfo data) => (this.app, this.data) = (app, data);

    public string Address => app.Urls.First();

    public IServiceProvider Services => app.Services;

    public static async Task<PortalHost> StartAsync(FakePlatform platform, bool door = false, bool drawer = true, TimeProvider? clock = null, string environment = "Production", bool? secureCookie = false, Action<WebApplicationBuilder>? configure = null)
    {
        var data = Directory.CreateTempSubdirectory("cdr-portal-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Folder"] = data.FullName,
            ["Services:Sessions"] = platform.Address,
            ["Services:Rights"] = platform.Address,
            ["Services:Usage"] = platform.Address,
            ["Services:Support"] = platform.Address,
            ["Services:Drawer"] = drawer ? platform.Address : null,
            ["Portal:SessionCheck"] = "00:00:00.200",
        });
        // No TLS here: a browser would not send a secure cookie back.
        if (secureCookie is { } secure)
            builder.Configuration["Portal:SecureCookie"] = secure.ToString();
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.AddServiceDefaults("portal");
        builder.AddPortal();
        if (door)
            builder.AddDoor();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapPortal();
        if (door)
            app.MapDoor();
        await app.Services.PrepareEmbeddedStoresAsync();
        await app.StartAsync();
        return new PortalHost(app, data);
    }

    /// <summary>A browser: cookies, no redirection followed.</summary>
    public HttpClient Browser(string language = "fr")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(Address) };
        client.DefaultRequestHeaders.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        return client;
    }

    /// <summary>Posts one of the sign-in page's forms, as the page would.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string form, params (string Name, string Value)[] fields)
    {
        var page = await browser.GetStringAsync("/connexion");
        return await PostFromAsync(browser, page, form, fields);
    }

    public static Task<HttpResponseMessage> PostFromAsync(HttpClient browser, string page, string form, params (string Name, string Value)[] fields) =>
        PostFromAsync(browser, page, form, "/connexion", fields);

    public static Task<HttpResponseMessage> PostFromAsync(HttpClient browser, string page, string form, string path, (string Name, string Value)[] fields) =>
        browser.PostAsync(path, new FormUrlEncodedContent([
            new("__RequestVerificationToken", Antiforgery().Match(page).Groups[1].Value),
            new("_handler", form),
            .. fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))]));

    /// <summary>Signs in with a card of the drawer.</summary>
    public async Task<HttpClient> SignedInAsync(string card = "cpe-admissions-nord")
    {
        var browser = Browser();
        var response = await PostAsync(browser, "card", ("card", card), ("pin", "1234"));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        data.Delete(recursive: true);
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
