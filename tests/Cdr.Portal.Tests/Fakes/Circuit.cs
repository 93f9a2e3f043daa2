using System.Globalization;
using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Boards;
using Cdr.Portal.Identity;
using Cdr.Portal.Questions;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor.Services;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>A person's circuit without a browser: the portal's own services, calling the fake platform over HTTP.</summary>
public abstract class Circuit : BunitContext, IAsyncLifetime
{
    protected FakePlatform Platform { get; private set; } = null!;

    /// <summary>The pages'.</summary>
    protected ClockAhead Clock { get; } = new();

    protected PortalHost Portal { get; private set; } = null!;

    internal Presence Presence => Services.GetRequiredService<Presence>();

    public async ValueTask InitializeAsync()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr-FR");
        Platform = await FakePlatform.StartAsync();
        Portal = await PortalHost.StartAsync(Platform);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLocalization();
        Services.AddLogging();
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(Clock);
        foreach (var shared in new[] { typeof(TokenKeeper), typeof(SessionEndings), typeof(Drafts), typeof(ReadWarnings), typeof(SessionGate), typeof(SignIn.WayBack), typeof(IHttpClientFactory), typeof(ServiceAddresses) })
            Services.AddSingleton(shared, Portal.Services.GetRequiredService(shared));
        Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(new PortalOptions { SessionCheck = TimeSpan.FromMilliseconds(100), RegimesCheck = TimeSpan.FromMilliseconds(100), BatchesCheck = TimeSpan.FromMilliseconds(100), TicketsCheck = TimeSpan.FromMilliseconds(100), NoticesCheck = TimeSpan.FromMilliseconds(100) }));
        Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant())));
        Services.AddScoped<Presence>();
        Services.AddScoped<Caller>();
        Services.AddScoped<Desk>();
        Services.AddScoped<RegimeWatch>();
    }

    internal static SessionGrant Grant(string role = CdrRoles.Clerk, string? organism = null) => new(
        Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
        FakeToken.For(role, TimeProvider.System.GetUtcNow(), organism: organism),
        "renewal-secret",
        "Camille Martin",
        new Activity(Guid.Empty, role, "Urgences", "590780193", "Hôpital Saint-Roch", "Urgences", "emergencies"));

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await DisposeAsync();
        await Portal.DisposeAsync();
        await Platform.DisposeAsync();
    }

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}

/// <summary>The machine's clock and timers, put forward by a test.</summary>
public sealed class ClockAhead : TimeProvider
{
    private TimeSpan ahead;

    public void Advance(TimeSpan by) => ahead += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
