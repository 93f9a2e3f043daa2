using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Identity;
using Cdr.Portal.Layout;
using Cdr.Portal.Tests.Fakes;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using TestContext = Xunit.TestContext;

namespace Cdr.Portal.Tests;

/// <summary>What the policy warns of is told to whoever sits before the post, not to a log.</summary>
public sealed class PostWarningsTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Cut = new(2026, 7, 1);
    private static readonly PostWarning Old = new("galss", "Ce poste utilise encore un lecteur GALSS.", "Demandez un lecteur PC/SC.", null);
    private static readonly PostWarning Ending = new("cryptolib-too-old", "La Cryptolib est trop ancienne.", "Demandez la version 5.", Cut);

    [Fact]
    public async Task What_will_be_refused_comes_first_with_what_to_do_and_by_which_day_until_it_is_hidden()
    {
        var layout = Opened([Old, Ending]);
        layout.WaitForElement("[data-testid=own-post-warnings]", Patience);
        var told = layout.FindAll("[data-testid=own-post-warning]").Select(one => one.TextContent.Trim()).ToList();
        Assert.Equal(
            [
                $"Attention\u00a0: La Cryptolib est trop ancienne. Demandez la version 5. À faire avant le {Answers.Words.Day(Cut)}\u00a0: à partir de ce jour, ce poste n’ouvrira plus de session avec votre carte.",
                "Attention\u00a0: Ce poste utilise encore un lecteur GALSS. Demandez un lecteur PC/SC.",
            ],
            told);
        await layout.Find("[data-testid=own-post-warnings-read]").ClickAsync(new());
        Assert.Empty(layout.FindAll("[data-testid=own-post-warnings]"));
        // The button went with them: the keyboard is in the page.
        JSInterop.VerifyFocusAsyncInvoke();
    }

    [Fact]
    public async Task Read_once_they_stay_away_for_that_session_and_come_back_with_the_next()
    {
        var before = Opened([Ending]);
        await before.WaitForElement("[data-testid=own-post-warnings-read]", Patience).ClickAsync(new());
        await DisposeComponentsAsync();
        var loadedAgain = Render<MainLayout>();
        loadedAgain.WaitForElement("[data-testid=who]", Patience);
        Assert.Empty(loadedAgain.FindAll("[data-testid=own-post-warnings]"));
        Assert.False(await Services.GetRequiredService<ReadWarnings>().AreReadAsync(SignedIn.From(SignedIn.Principal(Grant()))!, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_none_sees_nothing(bool isTold)
    {
        var layout = Opened(isTold ? [] : null);
        layout.WaitForElement("[data-testid=who]", Patience);
        Assert.Empty(layout.FindAll("[data-testid=own-post-warnings]"));
    }

    [Fact]
    public async Task They_come_with_the_session_after_a_choice_of_activity_too()
    {
        Platform.Sessions.Warnings = [Ending];
        using var browser = Portal.Browser();
        using var asked = await PortalHost.PostAsync(browser, "card", ("card", "cps-two-places"), ("pin", "1234"));
        var page = await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var box = System.Text.RegularExpressions.Regex.Match(page, "name=\"box\" value=\"([^\"]+)\"").Groups[1].Value;
        using var chosen = await PortalHost.PostFromAsync(browser, page, "activity", ("box", box), ("activity", "01930000-0000-7000-8000-000000000002"));
        var cookie = Assert.Single(chosen.Headers.GetValues("Set-Cookie"), one => one.StartsWith("cdr-session=", StringComparison.Ordinal))["cdr-session=".Length..].Split(';')[0];
        var sealing = Portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CdrSchemes.Cookie).TicketDataFormat;
        Assert.Equal([Ending], SignedIn.From(sealing.Unprotect(cookie)!.Principal)!.Warnings);
    }

    [Fact]
    public void However_many_a_policy_has_the_cookie_stays_small_and_the_soonest_is_in_it()
    {
        var many = Enumerable.Range(0, 60).Select(n => new PostWarning("rule-" + n, new string('é', 200), new string('x', 200), Cut.AddDays(60 - n))).ToList();
        var principal = SignedIn.Principal(Grant() with { Warnings = many });
        var kept = SignedIn.From(principal)!.Warnings;
        Assert.InRange(kept.Count, 2, 8);
        Assert.Equal("rule-59", kept[0].Code);
        Assert.Equal(new string('é', 200), kept[0].Title);
        var sealing = Portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CdrSchemes.Cookie).TicketDataFormat;
        Assert.InRange(sealing.Protect(new AuthenticationTicket(principal, CdrSchemes.Cookie)).Length, 2500, 6000);

        // One that has no room keeps none of the others out.
        List<PostWarning> mixed = [Ending, new("endless", new string('x', 5000), "", Cut.AddDays(1)), Old];
        Assert.Equal(["cryptolib-too-old", "galss"], SignedIn.From(SignedIn.Principal(Grant() with { Warnings = mixed }))!.Warnings.Select(one => one.Code));
    }

    private IRenderedComponent<MainLayout> Opened(IReadOnlyList<PostWarning>? warnings)
    {
        Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant() with { Warnings = warnings })));
        return Render<MainLayout>();
    }

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
