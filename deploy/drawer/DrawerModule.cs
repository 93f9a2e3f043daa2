using Cdr.Contracts.Sessions;
using Cdr.Drawer.Features;
using Cdr.Drawer.Pki;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Refit;

namespace Cdr.Drawer;

/// <summary>A drawer of demo cards, each of which signs in by the real protocol: embedded and development installations only.</summary>
public static class DrawerModule
{
    internal const string Client = "drawer:sessions";

    /// <exception cref="InvalidOperationException">Neither the Development environment nor the embedded host: whoever reaches the drawer could sign in as anybody in it.</exception>
    public static IHostApplicationBuilder AddDrawer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = builder.Configuration;
        if (!builder.Environment.IsDevelopment() && !settings.GetValue<bool>($"{DrawerOptions.Section}:{nameof(DrawerOptions.Embedded)}"))
            throw new InvalidOperationException("The drawer of demo cards starts in Development or inside the embedded host only.");
        if (!Uri.TryCreate(settings["Services:Sessions"]?.TrimEnd('/') + "/", UriKind.Absolute, out var sessions))
            throw new InvalidOperationException("Services:Sessions is not an absolute address.");

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<DrawerOptions>().BindConfiguration(DrawerOptions.Section).PostConfigure(options =>
        {
            options.Folder = FolderOf(settings, options.Folder, "Drawer:Folder", "drawer");
            options.TrustFolder = FolderOf(settings, options.TrustFolder, "Drawer:TrustFolder", "trust");
        });
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<DrawerOptions>>().Value;
            return new DemoFolder(options.Folder, options.TrustFolder, services.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddSingleton(services => new CardPins(services.GetRequiredService<IOptions<DrawerOptions>>().Value.Folder));
        builder.Services.AddSingleton(services =>
            new SoftwareAgent(services.GetRequiredService<IOptions<DrawerOptions>>().Value.Folder, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHttpClient(Client, http => (http.BaseAddress, http.Timeout) = (sessions, TimeSpan.FromSeconds(10)));
        builder.Services.AddKeyedTransient(Client, (services, _) =>
            RestService.ForGenerated<ISessionsApi>(services.GetRequiredService<IHttpClientFactory>().CreateClient(Client), new RefitSettings()));
        builder.Services.AddHostedService<DrawerStart>().AddHostedService<Heartbeats>();
        return builder;
    }

    public static IEndpointRouteBuilder MapDrawer(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var group = routes.MapGroup("").WithGroupName("drawer").WithTags("Drawer");
        group.MapListCards();
        group.MapSignIn();
        group.MapRenewCard();
        return routes;
    }

    private static string FolderOf(IConfiguration settings, string configured, string name, string inData)
    {
        if (configured.Length > 0)
            return configured;
        return settings["Data:Folder"] is { Length: > 0 } data
            ? Path.Combine(data, inData)
            : throw new InvalidOperationException($"Neither {name} nor Data:Folder is set.");
    }
}
