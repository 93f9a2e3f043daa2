using Bunit;
using Cdr.Portal.Identity;
using Cdr.Portal.Layout;
using Cdr.Portal.Questions;
using Cdr.Portal.Tests.Fakes;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Testing;
using TestContext = Xunit.TestContext;

namespace Cdr.Portal.Tests;

public sealed class SessionEndTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_withdrawn_card_hides_the_page_and_what_was_typed_waits_for_its_person_only()
    {
        var layout = Render<MainLayout>(l => l.Add(m => m.Body, builder => { builder.OpenComponent<AskRights>(0); builder.CloseComponent(); }));
        await layout.WaitForElement("[data-testid=nir]", Patience).InputAsync("2 55 08 14");
        Platform.Sessions.EndedBecause = "withdrawn";
        layout.WaitForElement("[data-testid=session-ended]", Patience);
        Assert.DoesNotContain("2 55 08 14", layout.Markup, StringComparison.Ordinal);
        var navigation = Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();
        await Deadline.UntilAsync("the page leads to the sign-in", Patience, () => navigation.Uri.Contains("/connexion?fin=withdrawn", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var drafts = Portal.Services.GetRequiredService<Drafts>();
        var person = SignedIn.From(SignedIn.Principal(Grant()))!;
        Assert.Equal("2 55 08 14", (await drafts.TakeAsync(person, TestContext.Current.CancellationToken))?.Nir);
        Assert.Null(await drafts.TakeAsync(person, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reader_in_doubt_hides_the_page_and_brings_it_back_as_it_was()
    {
        var layout = Render<MainLayout>(l => l.Add(m => m.Body, builder => { builder.OpenComponent<AskRights>(0); builder.CloseComponent(); }));
        await layout.WaitForElement("[data-testid=nir]", Patience).InputAsync("2 55 08 14");
        Assert.False(layout.Find("[data-testid=page]").HasAttribute("hidden"));
        var session = (await Services.GetRequiredService<Caller>().WhoAsync())!.Session.ToString();
        var shared = Portal.Services.GetRequiredService<ISharedState>();
        await shared.SetAsync(SessionGate.Key(session), [.. SessionGate.Doubtful, (byte)'7'], Patience, TestContext.Current.CancellationToken);
        layout.WaitForElement("[data-testid=session-doubtful]", Patience);
        Assert.True(layout.Find("[data-testid=page]").HasAttribute("hidden"));
        await shared.SetAsync(SessionGate.Key(session), [.. SessionGate.Alive, (byte)'8'], Patience, TestContext.Current.CancellationToken);
        layout.WaitForState(() => layout.FindAll("[data-testid=session-doubtful]").Count == 0, Patience);
        Assert.False(layout.Find("[data-testid=page]").HasAttribute("hidden"));
        Assert.Equal("2 55 08 14", layout.Find("[data-testid=nir]").GetAttribute("value"));
    }

    [Fact]
    public async Task A_session_that_ends_in_the_middle_of_a_search_hides_what_was_shown_so_far()
    {
        var layout = Render<MainLayout>(l => l.Add(m => m.Body, builder => { builder.OpenComponent<AskRights>(0); builder.CloseComponent(); }));
        await layout.WaitForElement("[data-testid=nir]", Patience).InputAsync("2 55 08 14 168 025 38");
        layout.WaitForElement("option[value=senat]", Patience);
        await layout.Find("[data-testid=reason-emergency]").ChangeAsync("on");
        Platform.Rights.Refusal = (8, "session-ended");

        await layout.Find("form").SubmitAsync();

        layout.WaitForElement("[data-testid=session-ended]", Patience);
        Assert.Empty(layout.FindAll("[data-testid=answer]"));
        Assert.Empty(layout.FindAll(".tile"));
        Assert.DoesNotContain("2 55 08 14", layout.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "/connexion/sortie")]
    [InlineData(true, "/connexion?fin=signed-out")]
    public async Task Whoever_signs_out_leaves_the_page_whether_or_not_the_session_could_be_ended(bool silent, string to)
    {
        Platform.Sessions.EndsNothing = silent;
        var layout = Render<MainLayout>(l => l.Add(m => m.Body, builder => { builder.OpenComponent<AskRights>(0); builder.CloseComponent(); }));
        await layout.WaitForElement("[data-testid=nir]", Patience).InputAsync("2 55 08 14");
        await layout.Find("[data-testid=sign-out]").ClickAsync();
        layout.WaitForElement("[data-testid=session-ended]", Patience);
        Assert.DoesNotContain("2 55 08 14", layout.Markup, StringComparison.Ordinal);
        var navigation = Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();
        await Deadline.UntilAsync("the page leads away", Patience, () => navigation.Uri.EndsWith(to, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal(silent ? 0 : 1, Platform.Sessions.Ended);
    }

    [Fact]
    public async Task A_page_that_its_session_left_waits_sealed_behind_the_sign_in_for_its_person()
    {
        const string Page = "/consultations/019aa000-0000-7000-8000-000000000001";
        var navigation = Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();
        navigation.NavigateTo(Page);
        var layout = Render<MainLayout>();
        layout.WaitForElement("[data-testid=page]", Patience);
        Platform.Sessions.EndedBecause = "withdrawn";
        // Not the layout's state: it is not rendered again for having led away.
        await Deadline.UntilAsync("the page leads to the sign-in", Patience, () => navigation.Uri.Contains("/connexion?fin=withdrawn&page=", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("019aa000", navigation.Uri, StringComparison.Ordinal);
        // Drawn once more while it leads away, whatever for.
        layout.Render();
        Assert.Contains("/connexion?fin=withdrawn&page=", layout.Find("[data-testid=session-ended] a").GetAttribute("href"), StringComparison.Ordinal);
        Platform.Sessions.EndedBecause = null;

        using var browser = Portal.Browser();
        using var signIn = await browser.GetAsync(new Uri(navigation.Uri).PathAndQuery, TestContext.Current.CancellationToken);
        using var signedIn = await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "1234"));

        Assert.EndsWith(Page, signedIn.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_token_hides_the_page_with_the_reason()
    {
        var page = Render<AskRights>();
        page.WaitForElement("option[value=senat]", Patience);
        page.Find("[data-testid=nir]").Input("2 55 08 14 168 025 38");
        page.Find("[data-testid=reason-emergency]").Change("on");
        Platform.Rights.Problem = (401, "session-ended", "Votre session est terminée.", null, null);
        Platform.Sessions.EndedBecause = "replaced";
        await page.Find("form").SubmitAsync();
        page.WaitForState(() => Presence.EndedBecause is not null, Patience);
        Assert.Equal("replaced", Presence.EndedBecause);
    }
}
