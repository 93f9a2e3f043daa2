using System.Globalization;
using Cdr.Contracts.Drawer;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Contracts.Usage;
using Cdr.Portal.Administration;
using Cdr.Portal.Answers;
using Cdr.Portal.Batches;
using Cdr.Portal.Boards;
using Cdr.Portal.Figures;
using Cdr.Portal.Identity;
using Cdr.Portal.Knowledge;
using Cdr.Portal.Layout;
using Cdr.Portal.Questions;
using Cdr.Portal.SignIn;
using Cdr.Portal.Store;
using Cdr.Portal.Tickets;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Localization;
using MudBlazor.Services;

namespace Cdr.Portal;

/// <summary>The pages: sign-in, the question, its answer, what was asked, the regimes' board, help.</summary>
public static class PortalModule
{
    internal const string Name = "portal";

    /// <summary>Registers the module; the host has called its service defaults.</summary>
    public static WebApplicationBuilder AddPortal(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateDataAnnotations()
            .Validate<ServiceAddresses>((_, addresses) => addresses.Knows("Sessions"), "Services:Sessions is not set: nobody can sign in.")
            .Validate<ServiceAddresses>((_, addresses) => addresses.Knows("Rights"), "Services:Rights is not set: nothing can be asked.")
            .Validate<ServiceAddresses>((_, addresses) => addresses.Knows("Usage"), "Services:Usage is not set: usage cannot be shown.")
            .ValidateOnStart();

        // Unpublished and outside Development, a referenced project's files are otherwise served empty, with status 200.
        builder.WebHost.UseStaticWebAssets();
        builder.AddStore<PortalDb>("Portal");
        builder.AddKeys("Portal");
        builder.Services.AddDataProtection().SetApplicationName("cdr-portal").PersistKeysToDbContext<PortalDb>();
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((keys, services) => keys.XmlEncryptor = new SealedKeys(services));

        builder.AddServiceClient<ISessionsApi>(Name, "Sessions", ClientIdentity.None)
            .AddHttpMessageHandler(services => new ForwardedClient(services.GetRequiredService<IHttpContextAccessor>()));
        builder.AddServiceClient<IProvidersApi>(Name, "Sessions", ClientIdentity.None)
            .AddHttpMessageHandler(services => new ForwardedClient(services.GetRequiredService<IHttpContextAccessor>()));
        builder.AddServiceClient<IPackageApi>(Name, "Sessions", ClientIdentity.None)
            .AddHttpMessageHandler(services => new ForwardedClient(services.GetRequiredService<IHttpContextAccessor>()));
        builder.AddServiceClient<ISessionLivenessApi>(Name, "Sessions", ClientIdentity.Service, TimeSpan.FromSeconds(3));
        builder.AddServiceClient<IDrawerApi>(Name, "Drawer", ClientIdentity.None);
        // The caller of these is the person of a circuit, not of a request: the token is put in by Caller.
        builder.AddServiceClient<IRightsApi>(Name, "Rights", ClientIdentity.None, TimeSpan.FromSeconds(30));
        builder.AddServiceClient<IStatementsApi>(Name, "Rights", ClientIdentity.None);
        builder.AddServiceClient<IUsageApi>(Name, "Usage", ClientIdentity.None);
        builder.AddServiceClient<ICampaignsApi>(Name, "Usage", ClientIdentity.None);
        builder.AddServiceClient<ISupportApi>(Name, "Support", ClientIdentity.None);
        builder.AddServiceClient<ITicketDeskApi>(Name, "Support", ClientIdentity.None);
        builder.AddServiceClient<IMailApi>(Name, "Support", ClientIdentity.None);
        builder.AddServiceClient<IWebhooksApi>(Name, "Support", ClientIdentity.None);
        builder.AddServiceClient<ITicketSearchApi>(Name, "Support", ClientIdentity.None);
        builder.AddServiceClient<IKnowledgeApi>(Name, "Support", ClientIdentity.None);
        // Read by whoever may not have a card that works: the page does not wait for it longer than this.
        builder.AddServiceClient<IPublicKnowledgeApi>(Name, "Support", ClientIdentity.None, TimeSpan.FromSeconds(3));
        builder.AddServiceClient<IInformationApi>(Name, "Support", ClientIdentity.None);
        builder.AddServiceClient<IIncidentsApi>(Name, "Support", ClientIdentity.None);
        builder.AddServiceClient<IRolesApi>(Name, "Sessions", ClientIdentity.None);
        builder.AddServiceClient<IExpiriesApi>(Name, "Sessions", ClientIdentity.None);
        builder.AddServiceClient<IPostsApi>(Name, "Sessions", ClientIdentity.None);
        builder.AddServiceClient<IHabilitationsApi>(Name, "Sessions", ClientIdentity.None);

        builder.Services.AddPortalCookie();
        builder.Services.AddSingleton<TokenKeeper>();
        builder.Services.AddSingleton<SessionEndings>();
        builder.Services.AddSingleton<Drafts>();
        builder.Services.AddSingleton<ReadWarnings>();
        builder.Services.AddScoped<CardSignIn>();
        builder.Services.AddSingleton<BrowserKey>().AddSingleton<ProviderDoor>().AddSingleton<WayBack>();
        builder.Services.AddSingleton<FrequentQuestion>();
        builder.Services.AddScoped<Presence>();
        builder.Services.AddScoped<Caller>();
        builder.Services.AddScoped<Desk>();
        builder.Services.AddScoped<RegimeWatch>();

        builder.Services.AddLocalization();
        builder.Services.AddMudServices();
        builder.Services.AddCascadingAuthenticationState();
        // A field of 20,000 characters comes twice in a message, each of up to three bytes: at 32 kB the connection was cut, and the page said that nothing had been written.
        builder.Services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(options => options.MaximumReceiveMessageSize = 192 * 1024);
        return builder;
    }

    /// <summary>Maps the pages and their files. The host has called <c>UseServiceDefaults</c>.</summary>
    public static WebApplication MapPortal(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseRequestLocalization(Cultures);
        app.UseAntiforgery();
        app.UseMissingPage();
        app.MapStaticAssets().AllowAnonymous();
        app.MapLanguage();
        app.MapPostsFile();
        app.MapStatementFile();
        app.MapBatchResultsFile();
        app.MapFigureFiles();
        app.MapFigureRaw();
        app.MapProofFile();
        app.MapTicketFiguresFile();
        app.MapTicketListFile();
        app.MapRazorComponents<App>()
            // The page's own policy says it, for every page at once.
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
            .RequireAuthorization(PortalCookie.Page)
            .WithPageHeaders();
        return app;
    }

    private static void Cultures(RequestLocalizationOptions options)
    {
        CultureInfo[] cultures = [CultureInfo.GetCultureInfo("fr-FR"), CultureInfo.GetCultureInfo("en-GB"), CultureInfo.GetCultureInfo("fr"), CultureInfo.GetCultureInfo("en")];
        options.DefaultRequestCulture = new RequestCulture("fr-FR");
        options.SupportedCultures = cultures;
        options.SupportedUICultures = cultures;
        options.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = LanguageEndpoint.Cookie }, new AcceptLanguageHeaderRequestCultureProvider()];
    }
}
