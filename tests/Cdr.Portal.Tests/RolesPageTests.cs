using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Administration;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Microsoft.AspNetCore.Components.Authorization;

namespace Cdr.Portal.Tests;

public sealed class RolesPageTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_administrator_assigns_a_role_and_sees_it_and_the_identifier_does_not_stay()
    {
        var page = Opened(CdrRoles.Administrator);
        page.WaitForElement($"[data-testid=role-{FakeRoles.Hotline}]", Patience);
        await page.Find("#role-number").InputAsync(" 810001234565 ");
        await page.Find("#role-establishment").InputAsync("590991014");
        await page.Find("[data-testid=assign]").SubmitAsync();
        page.WaitForElement("[data-testid=role-assigned]", Patience);

        Assert.Equal(new RoleAssignment("810001234565", CdrRoles.Referent, "590991014"), Assert.Single(Platform.Roles.Assignments));
        page.WaitForState(() => page.FindAll("[data-testid=roles] tbody tr").Count == 2, Patience);
        Assert.Equal("", page.Find("#role-number").GetAttribute("value"));
        Assert.All(Platform.Roles.Tokens, token => Assert.StartsWith("Bearer eyJ", token, StringComparison.Ordinal));
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("810001234565", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_role_asks_for_its_own_place()
    {
        var page = Opened(CdrRoles.Administrator);
        await page.Find("#role-role").ChangeAsync(new() { Value = CdrRoles.RegimeAgent });
        Assert.Empty(page.FindAll("#role-establishment"));
        await page.Find("#role-number").InputAsync("599900000200017/1");
        await page.Find("#role-scope").InputAsync("msa");
        await page.Find("[data-testid=assign]").SubmitAsync();
        page.WaitForElement("[data-testid=role-assigned]", Patience);
        Assert.Equal(new RoleAssignment("599900000200017/1", CdrRoles.RegimeAgent, Regime: "msa"), Assert.Single(Platform.Roles.Assignments));
        // Of one caisse, and said so in the list.
        await page.Find("#role-number").InputAsync("599900000200017/2");
        await page.Find("#role-organism").InputAsync("02595");
        await page.Find("[data-testid=assign]").SubmitAsync();
        page.WaitForState(() => Platform.Roles.Assignments.Count == 2, Patience);
        Assert.Equal(new RoleAssignment("599900000200017/2", CdrRoles.RegimeAgent, Regime: "msa", Organism: "02595"), Platform.Roles.Assignments[1]);
        page.WaitForAssertion(() => Assert.Contains("msa · 02595", page.Find("[data-testid=roles] tbody").TextContent, StringComparison.Ordinal), Patience);
        await page.Find("#role-role").ChangeAsync(new() { Value = CdrRoles.Hotline });
        Assert.Empty(page.FindAll("#role-scope, #role-organism"));
    }

    [Fact]
    public async Task A_refusal_is_said_in_the_services_words()
    {
        var page = Opened(CdrRoles.Administrator);
        await page.Find("#role-number").InputAsync("8");
        await page.Find("[data-testid=assign]").SubmitAsync();
        Assert.Contains("L'identifiant n'est pas valable.", page.WaitForElement("[data-code=number-invalid]", Patience).TextContent, StringComparison.Ordinal);
        // A slip of the fingers is nothing for the hotline.
        Assert.Empty(page.FindAll("[data-testid=hotline-code]"));
    }

    [Fact]
    public async Task A_role_is_withdrawn_after_a_second_click()
    {
        var page = Opened(CdrRoles.Administrator);
        await page.WaitForElement($"[data-testid=withdraw-{FakeRoles.Hotline}]", Patience).ClickAsync(new());
        Assert.Null(Platform.Roles.All[0].Until);
        await page.WaitForElement($"[data-testid=confirm-{FakeRoles.Hotline}]", Patience).ClickAsync(new());
        page.WaitForState(() => page.FindAll($"[data-testid=withdraw-{FakeRoles.Hotline}]").Count == 0 && page.FindAll($"[data-testid=confirm-{FakeRoles.Hotline}]").Count == 0, Patience);
        Assert.NotNull(Platform.Roles.All[0].Until);
    }

    [Theory]
    [InlineData(CdrRoles.Referent)]
    [InlineData(CdrRoles.DataProtection)]
    public void Whoever_may_only_read_sees_the_trail_alone(string role)
    {
        var page = Opened(role);
        Assert.Contains("Sacha Petit", page.WaitForElement("[data-testid=trail] tbody tr", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=assign]"));
        Assert.Empty(Platform.Roles.Searches);
    }

    [Fact]
    public void A_referent_sees_what_ends_within_two_months()
    {
        Assert.Contains("deux mois", Opened(CdrRoles.Referent).WaitForElement("[data-testid=expiries-none]", Patience).TextContent, StringComparison.Ordinal);
        var end = new DateTimeOffset(2026, 2, 1, 12, 0, 0, TimeSpan.Zero);
        Platform.Roles.Expiries = new("590780193", new DateOnly(2026, 3, 1), [new Leaver("Alix Bernard", CdrRoles.Clerk, new DateOnly(2026, 1, 31), "cpe-nominative", end)], [new EndingCard("", "cps", end)], [new EndingCertificate("dossier", "Dossier patient", end)],
            [new EndingPost("p1", "Accueil 2", "igc-sante", new DateOnly(2026, 2, 1), "La Cryptolib est trop ancienne.", "Mettez-la à jour.")]);
        var page = Render<RolesPage>();
        Assert.Contains("Alix Bernard", page.WaitForElement("[data-testid=leaver]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Contains("CPE nominative", page.Find("[data-testid=leaver]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Jamais connecté", page.Find("[data-testid=ending-card]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Accueil 2", page.Find("[data-testid=ending-post]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Mettez-la à jour.", page.Find("[data-testid=ending-post]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Dossier patient", page.Find("[data-testid=ending-certificate]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_referent_grants_a_habilitation_and_closes_a_leavers()
    {
        var page = Opened(CdrRoles.Referent);
        page.WaitForElement("[data-testid=habilitations-none]", Patience);
        await page.Find("#grant-number").InputAsync(" 810001234565 ");
        await page.Find("[data-testid=grant]").SubmitAsync();
        page.WaitForElement("[data-testid=habilitation-granted]", Patience);
        Assert.Equal(new GrantRequest("810001234565", CdrRoles.Clerk, null, null, null), Assert.Single(Platform.Roles.Grants));
        Assert.Equal("", page.Find("#grant-number").GetAttribute("value"));
        var id = Platform.Roles.Habilitations[0].Id;
        await page.WaitForElement($"[data-testid=close-{id}]", Patience).ClickAsync(new());
        Assert.Null(Platform.Roles.Habilitations[0].Until);
        await page.WaitForElement($"[data-testid=confirm-close-{id}]", Patience).ClickAsync(new());
        page.WaitForState(() => page.FindAll($"[data-testid=close-{id}]").Count == 0 && page.FindAll($"[data-testid=confirm-close-{id}]").Count == 0, Patience);
        Assert.NotNull(Platform.Roles.Habilitations[0].Until);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("810001234565", StringComparison.Ordinal));
    }

    [Fact]
    public async Task People_who_never_signed_in_are_told_apart_by_their_numbers_and_the_right_one_is_closed()
    {
        HabilitationState Waiting(string end, string holder = "") => new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), holder, CdrRoles.Clerk, "ADM", "grant", new DateOnly(2026, 1, 5), null, end);
        Platform.Roles.Habilitations.AddRange([Waiting("4565"), Waiting("7713"), Waiting("0001", "Alix Bernard")]);
        var (first, second, named) = (Platform.Roles.Habilitations[0].Id, Platform.Roles.Habilitations[1].Id, Platform.Roles.Habilitations[2].Id);
        var page = Opened(CdrRoles.Referent);
        page.WaitForElement($"[data-testid=close-{second}]", Patience);
        string Row(Guid id) => page.Find($"[data-testid=habilitation-{id}] th").TextContent;
        string? NameOf(string button) => page.Find($"[data-testid={button}]").GetAttribute("aria-label");
        Assert.Equal(("Jamais connecté · identifiant finissant par 4565", "Jamais connecté · identifiant finissant par 7713", "Alix Bernard"), (Row(first), Row(second), Row(named)));
        Assert.Equal(3, new[] { first, second, named }.Select(id => NameOf($"close-{id}")).Distinct().Count());
        Assert.Contains("7713", NameOf($"close-{second}"), StringComparison.Ordinal);

        await page.Find($"[data-testid=close-{second}]").ClickAsync(new());
        Assert.Contains("7713", NameOf($"confirm-close-{second}"), StringComparison.Ordinal);
        // On its own row, and nowhere else.
        Assert.Single(page.FindAll($"[data-testid=habilitation-{second}] [data-testid=confirm-close-{second}]"));
        await page.Find($"[data-testid=keep-{second}]").ClickAsync(new());
        Assert.Empty(page.FindAll($"[data-testid=confirm-close-{second}]"));
        await page.Find($"[data-testid=close-{second}]").ClickAsync(new());
        await page.Find($"[data-testid=confirm-close-{second}]").ClickAsync(new());
        Assert.Contains("7713", page.WaitForElement("[data-testid=habilitation-closed]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Equal([false, true, false], Platform.Roles.Habilitations.Select(one => one.Until is not null));
    }

    [Fact]
    public void Others_are_told_that_it_is_not_theirs()
    {
        var page = Opened(CdrRoles.Hotline);
        page.WaitForElement("[data-testid=roles-not-yours]", Patience);
        Assert.Empty(page.FindAll("[data-testid=trail]"));
    }

    private IRenderedComponent<RolesPage> Opened(string role)
    {
        Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant(role))));
        return Render<RolesPage>();
    }

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
