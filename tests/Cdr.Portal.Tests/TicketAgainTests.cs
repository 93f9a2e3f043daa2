using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Cdr.Portal.Tests;

/// <summary>What two do at once, and what is asked again for a ticket.</summary>
public sealed class TicketAgainTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_point_is_ticked_of_the_list_that_was_seen_and_who_was_slower_reads_it_again()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Check) with { Version = 7, Checklist = [new TicketCheck("identity", "…", false), new TicketCheck("card", "…", false)] };
        var page = Opened(CdrRoles.Hotline);
        var box = page.WaitForElement("[data-testid=check-identity]", Patience);
        Platform.Support.Refused.Add(TicketAction.Check);
        // Somebody else ticked the other one meanwhile.
        Platform.Support.One = Platform.Support.One with { Version = 8, Checklist = [new TicketCheck("identity", "…", false), new TicketCheck("card", "…", true)] };
        await box.ChangeAsync(new() { Value = true });

        page.WaitForElement("[data-testid=checklist] [data-testid=trouble]", Patience);
        Assert.Equal(7, Assert.Single(Platform.Support.Moves).Version);
        page.WaitForElement("[data-testid=check-card][checked]", Patience);
    }

    [Fact]
    public void The_question_of_a_contested_answer_is_asked_as_it_was()
    {
        var answer = Samples.Found(child: true) with { Reference = new ReferenceDate(new DateOnly(2026, 1, 2), "maternity", new DateOnly(2025, 12, 24), "R4", "…") };

        var form = QuestionAgain.Of(answer, FakeSupport.Id);

        Assert.Equal(("maternity", "2025-12-24", true, FakeSupport.Id), (form.CareKind, form.PrescriptionDate, form.Refresh, form.Ticket!.Value));
        // Whom is asked next may be somebody else: nothing is put beside that ticket. Taken up again, the form is the one that was withheld.
        Assert.Null(form.WithoutPerson().Ticket);
        Assert.Equal((answer.Reason, "cnam"), (form.Reason, form.Regime));
    }

    [Fact]
    public async Task An_answer_that_was_asked_for_a_ticket_is_kept_there_with_one_button()
    {
        Known(CdrRoles.Clerk);
        var consultation = Guid.Parse("01930000-0000-7000-8000-0000000000f1");
        var beside = Render<BesideTicket>(parameters => parameters.Add(one => one.Ticket, FakeSupport.Id).Add(one => one.Consultation, consultation));
        Assert.EndsWith($"/demandes/{FakeSupport.Id}", beside.Find("[data-testid=beside-back]").GetAttribute("href")!, StringComparison.Ordinal);

        await beside.Find("[data-testid=beside-add]").ClickAsync(new());

        beside.WaitForAssertion(() => Assert.EndsWith($"/demandes/{FakeSupport.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal), Patience);
        Assert.Equal((TicketAction.Compare, consultation), Platform.Support.Moves.Select(move => (move.Action, move.Consultation!.Value)).Single());
    }

    [Fact]
    public void While_it_is_asked_the_ticket_is_one_click_away()
    {
        Known(CdrRoles.Clerk);
        var beside = Render<BesideTicket>(parameters => parameters.Add(one => one.Ticket, FakeSupport.Id));

        Assert.NotNull(beside.Find("[data-testid=beside-back]"));
        Assert.Empty(beside.FindAll("[data-testid=beside-add]"));
    }

    [Theory]
    [InlineData("withdraw", TicketAction.Withdraw)]
    [InlineData("retype", TicketAction.Retype)]
    public async Task A_ticket_that_can_be_ended_otherwise_is(string name, TicketAction action)
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, action);
        var page = Opened(CdrRoles.Hotline);
        await page.WaitForElement($"[data-testid=move-{name}]", Patience).ClickAsync(new());
        if (action == TicketAction.Withdraw)
            await page.Find("[data-testid=move-text]").ChangeAsync(new() { Value = "Personne ne gère ce dossier." });
        await page.Find("[data-testid=move-form]").SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal(action, Assert.Single(Platform.Support.Moves).Action), Patience);
        Assert.Equal(action == TicketAction.Retype ? TicketKind.Technical : null, Platform.Support.Moves[0].Kind);
    }

    private IRenderedComponent<OneTicketPage> Opened(string role)
    {
        Known(role);
        return Render<OneTicketPage>(parameters => parameters.Add(page => page.Id, FakeSupport.Id));
    }

    private void Known(string role) => Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role))));

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
