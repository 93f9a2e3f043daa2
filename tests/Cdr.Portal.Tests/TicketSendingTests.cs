using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Cdr.Testing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;

namespace Cdr.Portal.Tests;

/// <summary>Answers that come late, twice, out of order or not at all.</summary>
public sealed class TicketSendingTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_file_that_was_refused_is_sent_again_and_no_second_ticket_is_opened()
    {
        Platform.Support.FilesRefused = 1;
        var form = await FilledAsync();
        form.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("x", "carte.png"));
        form.WaitForElement("[data-testid=proof-file-taken]", Patience);
        await form.Find("[data-testid=ticket-form]").SubmitAsync();
        form.WaitForElement("[data-testid=ticket-without-file]", Patience);

        await form.WaitForElement("[data-testid=retry]", Patience).ClickAsync(new());

        form.WaitForAssertion(() => Assert.EndsWith($"/demandes/{FakeSupport.Id}", Address, StringComparison.Ordinal), Patience);
        Assert.Single(Platform.Support.Opened);
        Assert.Equal(2, Platform.Support.Files.Count);
        Assert.Equal(Platform.Support.Files[0], Platform.Support.Files[1]);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_asked_for_again_under_the_same_id_and_nothing_is_said_of_rights()
    {
        Platform.Support.Lost = 1;
        var form = await FilledAsync();
        await form.Find("[data-testid=ticket-form]").SubmitAsync();
        var trouble = form.WaitForElement("[data-testid=trouble]", Patience);
        Assert.DoesNotContain("patient", trouble.TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("une seule fois", trouble.TextContent, StringComparison.Ordinal);

        await form.Find("[data-testid=retry]").ClickAsync(new());

        form.WaitForAssertion(() => Assert.EndsWith($"/demandes/{FakeSupport.Id}", Address, StringComparison.Ordinal), Patience);
        Assert.Equal(2, Platform.Support.Opened.Count);
        Assert.NotNull(Platform.Support.Opened[0].Id);
        Assert.Equal(Platform.Support.Opened[0].Id, Platform.Support.Opened[1].Id);
    }

    [Fact]
    public async Task Whether_a_clerk_may_send_is_not_guessed_while_it_cannot_be_known()
    {
        Platform.Support.Choice = null;
        var form = await FilledAsync();
        form.WaitForElement("[data-testid=sending-unknown]", Patience);
        Assert.Empty(form.FindAll("[data-testid=referent-sends]"));
        Assert.Equal("Garder la demande", form.Find("[data-testid=ticket-open]").TextContent.Trim());

        Platform.Support.Choice = new EstablishmentChoice(true);
        await form.Find("[data-testid=retry]").ClickAsync(new());

        form.WaitForAssertion(() => Assert.Empty(form.FindAll("[data-testid=sending-unknown]")), Patience);
        await form.Find("[data-testid=ticket-form]").SubmitAsync();
        form.WaitForAssertion(() => Assert.True(Assert.Single(Platform.Support.Opened).Send), Patience);
    }

    [Theory]
    [InlineData("Refus pour 2 55 08 14 168 025 38", true)]
    [InlineData("Refus pour 2550814168025", true)]
    [InlineData("NIR 1 51 02 2A 004 012", true)]
    [InlineData("Demande 123 456 782, caisse 01591", false)]
    public async Task What_looks_like_a_number_in_a_subject_is_remarked_as_it_is_typed_and_sent_all_the_same(string typed, bool remarked)
    {
        var form = await FilledAsync();
        // Read out when its words come: the region is there before them.
        Assert.Equal(("polite", ""), (form.Find("[data-testid=new-title-remark]").GetAttribute("aria-live"), form.Find("[data-testid=new-title-remark]").TextContent.Trim()));
        await form.Find("[data-testid=new-title]").InputAsync(new() { Value = typed });
        var remark = form.Find("[data-testid=new-title-remark]");
        Assert.Equal(remarked, remark.TextContent.Contains("se lit dans les listes", StringComparison.Ordinal));
        Assert.DoesNotContain("025", remark.TextContent, StringComparison.Ordinal);
        Assert.Contains(remark.Id!, form.Find("[data-testid=new-title]").GetAttribute("aria-describedby")!.Split(' '));

        await form.Find("[data-testid=new-title]").ChangeAsync(new() { Value = typed });
        Assert.Equal(remarked, form.Find("[data-testid=new-title-remark]").TextContent.Trim().Length > 0);
        await form.Find("[data-testid=ticket-form]").SubmitAsync();
        form.WaitForAssertion(() => Assert.Equal(typed, Assert.Single(Platform.Support.Opened).Title), Patience);
    }

    [Fact]
    public async Task Comparing_nothing_says_what_to_type_and_where()
    {
        Known(CdrRoles.Clerk);
        var page = Render<DifferencePage>(parameters => parameters.Add(one => one.Id, Guid.Parse("01930000-0000-7000-8000-0000000000c1")));
        page.WaitForElement("[data-testid=difference] form", Patience);
        await page.Find("[data-testid=diff-nir]").ChangeAsync(new() { Value = "  " });
        await page.Find("[data-testid=difference] form").SubmitAsync();

        var said = page.Find("[data-testid=diff-nothing]");
        Assert.Equal("alert", said.GetAttribute("role"));
        Assert.Contains("au moins un champ", said.TextContent, StringComparison.Ordinal);
        Assert.Equal(said.Id, page.Find("[data-testid=diff-nir]").GetAttribute("aria-describedby"));
        JSInterop.VerifyFocusAsyncInvoke();
        Assert.Empty(page.FindAll("[data-testid=report]"));
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support/discrepancies", StringComparison.Ordinal));

        await page.Find("[data-testid=diff-nir]").ChangeAsync(new() { Value = "2 55 08 14 168 025" });
        await page.Find("[data-testid=difference] form").SubmitAsync();
        Assert.Empty(page.FindAll("[data-testid=diff-nothing]"));
    }

    [Fact]
    public async Task What_is_done_at_once_leaves_what_was_typed_and_a_note_becomes_no_answer()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.New, TicketAction.Take, TicketAction.Note, TicketAction.Reply);
        var page = Opened(CdrRoles.Hotline);
        await page.WaitForElement("[data-testid=move-note]", Patience).ClickAsync(new());
        await page.Find("[data-testid=move-text]").ChangeAsync(new() { Value = "L'établissement appelle souvent." });
        await page.Find("[data-testid=move-take]").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Single(Platform.Support.Moves), Patience);
        page.WaitForAssertion(() => Assert.False(page.Find("[data-testid=move-take]").HasAttribute("disabled")), Patience);
        Assert.Equal("L'établissement appelle souvent.", page.Find("[data-testid=move-text]").GetAttribute("value"));

        await page.Find("[data-testid=move-reply]").ClickAsync(new());
        Assert.Equal("", page.Find("[data-testid=move-text]").GetAttribute("value") ?? "");
        await page.Find("[data-testid=move-note]").ClickAsync(new());
        Assert.Equal("L'établissement appelle souvent.", page.Find("[data-testid=move-text]").GetAttribute("value"));
    }

    [Fact]
    public async Task Points_ticked_within_one_round_trip_are_all_sent_and_what_is_refused_is_not_shown_ticked()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Check) with { Checklist = [new TicketCheck("identity", "…", false), new TicketCheck("card", "…", false)] };
        var slow = new TaskCompletionSource();
        Platform.Support.Slow["Check"] = slow.Task;
        var page = Opened(CdrRoles.Hotline);
        var first = page.WaitForElement("[data-testid=check-identity]", Patience).ChangeAsync(new() { Value = true });
        await ArrivedAsync(() => Platform.Support.Moves.Count == 1);
        await page.Find("[data-testid=check-card]").ChangeAsync(new() { Value = true });
        var shown = page.Find("[data-testid=checklist]").GetAttribute("data-asked");
        Platform.Support.Refused.Add(TicketAction.Check);
        slow.SetResult();
        await first;

        page.WaitForElement("[data-testid=checklist] [data-testid=trouble]", Patience);
        Assert.NotEqual(shown, page.Find("[data-testid=checklist]").GetAttribute("data-asked"));
    }

    [Fact]
    public void Where_the_organism_decides_the_page_says_so_and_which_way_is_out()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Transfer, TicketAction.Withdraw);
        Assert.Contains("retirez-le", Opened(CdrRoles.Hotline).WaitForElement("[data-testid=organism-decides]", Patience).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_it_may_be_solved_nobody_is_sent_elsewhere()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Transfer, TicketAction.Solve);
        var page = Opened(CdrRoles.Hotline);
        page.WaitForElement("[data-testid=move-solve]", Patience);
        Assert.Empty(page.FindAll("[data-testid=organism-decides]"));
    }

    /// <summary>A key that was pressed as soon as the page showed the next state was lost.</summary>
    [Fact]
    public async Task What_may_be_done_next_may_be_done_as_soon_as_it_is_shown()
    {
        Known(CdrRoles.Hotline);
        var (slow, told) = (new TaskCompletionSource(), false);
        var before = FakeSupport.Sample(TicketState.New, TicketAction.Take);
        var moves = Render<TicketMoves>(parameters => parameters
            .Add(one => one.Ticket, before).Add(one => one.Person, new TicketReader("hotline-1", CdrRoles.Hotline, TimeZoneInfo.Utc))
            .Add(one => one.OnMoved, (Ticket? _) =>
            {
                told = true;
                return slow.Task;
            }));
        var taken = moves.Find("[data-testid=move-take]").ClickAsync(new());
        await ArrivedAsync(() => told);

        moves.Render(parameters => parameters.Add(one => one.Ticket, before with { Version = 2, Can = [TicketAction.Note] }));
        Assert.False(moves.Find("[data-testid=move-note]").HasAttribute("disabled"));

        slow.SetResult();
        await taken;
    }

    [Fact]
    public async Task A_late_reply_is_not_shown_at_another_tickets_address()
    {
        var slow = new TaskCompletionSource();
        Platform.Support.Slow[FakeSupport.Id.ToString()] = slow.Task;
        var page = Opened(CdrRoles.Clerk);
        await ArrivedAsync(() => Platform.Seen.Exists(seen => seen.EndsWith(FakeSupport.Id.ToString(), StringComparison.Ordinal)));
        page.Render(parameters => parameters.Add(one => one.Id, FakeSupport.SecondId));
        page.WaitForElement($"[data-testid=ticket][data-id='{FakeSupport.SecondId}']", Patience);

        slow.SetResult();

        Assert.Throws<Bunit.Extensions.WaitForHelpers.WaitForFailedException>(() => page.WaitForElement($"[data-testid=ticket][data-id='{FakeSupport.Id}']", TimeSpan.FromSeconds(1)));
        Assert.Equal("L'autre", page.Find("[data-testid=ticket-title]").TextContent);
    }

    [Fact]
    public void A_ticket_that_was_pointed_elsewhere_leaves_the_screen()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.Transferred, TicketAction.Answer);
        var page = Opened(CdrRoles.RegimeAgent);
        page.WaitForElement("[data-testid=trail]", Patience);

        Platform.Support.Gone = true;

        page.WaitForElement("[data-testid=ticket-gone]", Patience);
        Assert.Empty(page.FindAll("[data-testid=trail]"));
    }

    [Fact]
    public async Task All_that_is_shown_is_read_in_one_call_and_the_bell_asks_for_a_number()
    {
        foreach (var end in "abc")
            Platform.Support.Notices.Insert(0, new Notice(Guid.Parse("01930000-0000-7000-8000-0000000000e" + end), FakeSupport.Id, "123456782", "answer", Samples.Now, null));
        Known(CdrRoles.Hotline);
        Render<Bell>().WaitForElement("[data-testid=bell][data-new='3']", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.EndsWith("/api/support/notices", StringComparison.Ordinal));
        var page = Render<NoticesPage>();
        await page.WaitForElement("[data-testid=notices-read-all]", Patience).ClickAsync(new());

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-new=true]")), Patience);
        Assert.Single(Platform.Seen, seen => seen.EndsWith("/reading", StringComparison.Ordinal));
    }

    // Nothing is drawn when a request arrives.
    private static Task ArrivedAsync(Func<bool> arrived) => Deadline.UntilAsync("it is asked for", Patience, arrived, Xunit.TestContext.Current.CancellationToken);

    private string Address => Services.GetRequiredService<NavigationManager>().Uri;

    private async Task<IRenderedComponent<NewTicketForm>> FilledAsync()
    {
        Known(CdrRoles.Clerk);
        var form = Render<NewTicketForm>(parameters => parameters.Add(one => one.Request, new TicketRequest { Kind = TicketKind.Technical, Title = "", Text = "" }));
        // It is asked first whether the clerk may send.
        form.WaitForElement("[data-testid=ticket-open]:not([disabled])", Patience);
        await form.Find("[data-testid=new-title]").ChangeAsync(new() { Value = "Lecteur" });
        await form.Find("[data-testid=new-text]").ChangeAsync(new() { Value = "Il ne répond plus." });
        return form;
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
