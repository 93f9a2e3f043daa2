using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;

namespace Cdr.Portal.Tests;

/// <summary>What stands beside the tickets: their lists, figures and organisms, and an establishment's choice.</summary>
public sealed class TicketDeskTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_list_that_comes_late_is_not_shown_over_the_one_that_was_asked_for_after_it()
    {
        var slow = new TaskCompletionSource();
        Platform.Support.Slow[nameof(TicketState.New)] = slow.Task;
        Known(CdrRoles.Hotline);
        var page = Render<TicketsPage>();
        // Left before it is sent, the page asks for the other one alone, and nothing comes late.
        Assert.True(SpinWait.SpinUntil(() => Platform.Seen.Exists(seen => seen.Contains("/api/support/tickets", StringComparison.Ordinal)), Patience));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/demandes?queue=solved");
        page.WaitForElement("[data-testid=ticket-123456782][data-state=solved]", Patience);

        slow.SetResult();
        // What comes late draws nothing: no drawing tells that it came.
        Assert.True(SpinWait.SpinUntil(() => Platform.Support.ListsGiven >= 2, Patience));
        page.WaitForState(() => page.FindAll("[data-testid=ticket-123456782]").Count == 1, Patience);
        Assert.Equal("solved", page.Find("[data-testid=ticket-123456782]").GetAttribute("data-state"));
    }

    [Fact]
    public void Figures_are_a_table_and_the_same_as_a_file()
    {
        Platform.Support.Figures = [new SupportFigure("dataInconsistency", 12, 7, 2, [new SupportDelay(ClockKind.OrganismAnswer, 5, 1, 125)])];
        Known(CdrRoles.Hotline);
        var page = Render<TicketFiguresPage>();

        var row = page.WaitForElement("[data-testid=table-demandes] tbody tr", Patience);
        Assert.Equal(["12", "7", "2"], row.QuerySelectorAll("td").Take(3).Select(cell => cell.TextContent.Trim()));
        Assert.StartsWith("/demandes/chiffres.csv?from=", page.Find("[data-testid=figures-csv]").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_without_a_ticket_say_so()
    {
        Known(CdrRoles.Hotline);
        Render<TicketFiguresPage>().WaitForElement("[data-testid=figures-empty]", Patience);
    }

    [Fact]
    public void Figures_are_not_for_everybody()
    {
        Known(CdrRoles.Operations);
        Render<TicketFiguresPage>().WaitForElement("[data-testid=tickets-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_of_organisms_without_a_file_is_not_sent_and_the_one_of_today_is_shown()
    {
        Known(CdrRoles.Operations);
        var page = Render<OrganismsPage>();
        Assert.Contains("CPAM des Flandres", page.WaitForElement("[data-testid=organisms] tbody tr", Patience).TextContent, StringComparison.Ordinal);

        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=organisms-error]", Patience);
        Assert.Empty(Platform.Support.Imported);

        await page.Find("#organisms-version").InputAsync(new() { Value = "3.31" });
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("code;regime;libelle;departement;horaires\n", "table.csv"));
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal(["3.31"], Platform.Support.Imported), Patience);
    }

    [Fact]
    public void Organisms_are_not_for_everybody()
    {
        Known(CdrRoles.Clerk);
        Render<OrganismsPage>().WaitForElement("[data-testid=organisms-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support/organisms", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_choice_that_is_ticked_twice_while_the_first_is_under_way_is_sent_once()
    {
        var slow = new TaskCompletionSource();
        Platform.Support.Slow["choose"] = slow.Task;
        Known(CdrRoles.Referent);
        var page = Render<SendingChoice>();
        var first = page.WaitForElement("[data-testid=direct-sending]", Patience).ChangeAsync(new() { Value = true });
        page.WaitForAssertion(() => Assert.True(page.Find("[data-testid=direct-sending]").HasAttribute("disabled")), Patience);
        await page.Find("[data-testid=direct-sending]").ChangeAsync(new() { Value = false });

        slow.SetResult();
        await first;
        page.WaitForElement("[data-testid=direct-sending-kept]", Patience);
        Assert.Equal([true], Platform.Support.Chosen.Select(choice => choice.DirectSending));
    }

    private void Known(string role) => Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role))));

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
