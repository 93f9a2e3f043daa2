using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Boards;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Microsoft.AspNetCore.Components.Authorization;

namespace Cdr.Portal.Tests;

public sealed class FishingPageTests : Circuit
{
    private static readonly Guid Second = Guid.Parse("01930000-0000-7000-8000-0000000000c2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Operations_see_who_was_stopped_when_and_by_which_rule_and_lift_it_with_a_reason()
    {
        Platform.Fishing.All.AddRange([FakeFishing.Case(Second, "lifted", "slowed", "not-found", "establishment"), FakeFishing.Case(FakeFishing.First)]);
        var page = Opened(CdrRoles.Operations);
        var rows = page.WaitForElements("tbody tr", Patience);
        // What goes on is first.
        Assert.Equal(["open", "lifted"], rows.Select(row => row.GetAttribute("data-state")));
        Assert.All((string[])["Une carte", "590991014", "Admissions", "ref-7f3a", "Numéros d’une même souche", "Suspendu jusqu’au"], word => Assert.Contains(word, rows[0].TextContent, StringComparison.Ordinal));
        Assert.All((string[])["Tout l’établissement", "Ralenti jusqu’au", "ref-operator", "Cause corrigée"], word => Assert.Contains(word, rows[1].TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll($"[data-testid=lift-{Second}]"));

        await page.Find($"[data-testid=lift-{FakeFishing.First}]").ClickAsync(new());
        await page.Find("form").SubmitAsync();
        Assert.Equal("La raison de la levée est à choisir.", page.Find("[data-testid=lift-reason-error]").TextContent);
        Assert.Empty(Platform.Fishing.Lifts);
        await page.Find("[data-testid=lift-reason]").ChangeAsync(new() { Value = FishingLift.ActivityVerified });
        await page.Find("form").SubmitAsync();

        page.WaitForElement("[data-testid=lifted]", Patience);
        Assert.Equal((FakeFishing.First, FishingLift.ActivityVerified), Assert.Single(Platform.Fishing.Lifts));
        Assert.Contains("Activité vérifiée avec l’établissement", page.Find($"[data-testid=case-{FakeFishing.First}]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=lift]"));
    }

    [Fact]
    public async Task What_a_page_does_not_hold_is_said_and_comes_when_it_is_asked_for()
    {
        Platform.Fishing.All.AddRange([FakeFishing.Case(FakeFishing.First), FakeFishing.Case(Second, "ended")]);
        Platform.Fishing.PageHolds = 1;
        var page = Opened(CdrRoles.DataProtection);
        page.WaitForElement($"[data-testid=case-{FakeFishing.First}]", Patience);
        Assert.Equal("Cas affichés, les plus récents\u00a0: 1. Il y en a d’autres depuis 31 jours.", page.Find("[data-testid=fishing-more]").TextContent);

        await page.Find("[data-testid=fishing-earlier]").ClickAsync(new());

        page.WaitForElement($"[data-testid=case-{Second}]", Patience);
        Assert.Equal(2, page.FindAll("tbody tr").Count);
        Assert.Empty(page.FindAll("[data-testid=fishing-earlier], [data-testid=fishing-more]"));
    }

    [Fact]
    public async Task A_lift_that_is_not_known_everywhere_is_said_so_and_repeated_with_its_reason()
    {
        Platform.Fishing.All.Add(FakeFishing.Case(FakeFishing.First));
        Platform.Fishing.NotShared = true;
        var page = Opened(CdrRoles.Operations);
        await page.WaitForElement($"[data-testid=lift-{FakeFishing.First}]", Patience).ClickAsync(new());
        await page.Find("[data-testid=lift-reason]").ChangeAsync(new() { Value = FishingLift.SignMistaken });
        await page.Find("form").SubmitAsync();

        await page.WaitForElement("[data-testid=retry]", Patience).ClickAsync(new());

        page.WaitForElement("[data-testid=lifted]", Patience);
        Assert.Equal([(FakeFishing.First, FishingLift.SignMistaken), (FakeFishing.First, FishingLift.SignMistaken)], Platform.Fishing.Lifts);
        Assert.Empty(page.FindAll("[data-testid=trouble]"));
    }

    [Fact]
    public void Data_protection_sees_and_lifts_nothing()
    {
        Platform.Fishing.All.Add(FakeFishing.Case(FakeFishing.First));
        var page = Opened(CdrRoles.DataProtection);
        page.WaitForElement($"[data-testid=case-{FakeFishing.First}]", Patience);
        Assert.Empty(page.FindAll("[data-testid^=lift]"));
    }

    [Fact]
    public void Where_nobody_was_stopped_it_is_said() => Opened(CdrRoles.DataProtection).WaitForElement("[data-testid=fishing-empty]", Patience);

    [Theory]
    [InlineData(CdrRoles.Clerk)]
    [InlineData(CdrRoles.Hotline)]
    [InlineData(CdrRoles.Administrator)]
    public void Others_are_told_that_it_is_not_theirs(string role)
    {
        Opened(role).WaitForElement("[data-testid=fishing-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/fishing", StringComparison.Ordinal));
    }

    private IRenderedComponent<FishingPage> Opened(string role)
    {
        Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant(role))));
        return Render<FishingPage>();
    }

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
