using Bunit;
using Cdr.Portal.Questions;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

public sealed class AskRightsTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_question_is_asked_with_the_caller_s_token_and_answered_by_the_stream()
    {
        var page = Filled();
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=answer]", Patience);
        Assert.StartsWith("Bearer eyJ", Assert.Single(Platform.Rights.Tokens), StringComparison.Ordinal);
        Assert.Equal("emergency", Platform.Rights.Asked[0].Reason);
        Assert.Equal(7, Platform.Rights.Asked[0].Id!.Value.Version);
    }

    [Fact]
    public async Task The_tiles_answer_one_by_one()
    {
        Platform.Rights.Pace = TimeSpan.FromMilliseconds(60);
        var page = Filled();
        var asking = page.Find("form").SubmitAsync();
        page.WaitForState(() => page.FindAll("[data-outcome=pending]").Count is > 0 and < 17 && page.FindAll("[data-testid=tile-cnam][data-outcome=found]").Count == 1, Patience);
        await asking;
        page.WaitForElement("[data-testid=answer]", Patience);
    }

    [Fact]
    public async Task A_page_loaded_again_asks_the_same_consultation_and_the_way_back_is_its_question()
    {
        await Filled().Find("form").SubmitAsync();
        var again = Render<AskRights>();
        again.WaitForElement("[data-testid=answer]", Patience);
        Assert.Equal(2, Platform.Rights.Asked.Count);
        Assert.Equal(Platform.Rights.Asked[0], Platform.Rights.Asked[1]);
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("/");
        again.WaitForState(() => again.FindAll("[data-testid=answer]").Count == 0, Patience);
        Assert.Equal("emergency", again.Find("input[name=reason][checked]").GetAttribute("value"));
    }

    [Fact]
    public async Task Back_shows_the_person_to_nobody_until_it_is_asked_for()
    {
        var navigation = Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();
        var page = Filled();
        await page.Find("[data-testid=beneficiary-birth-date]").InputAsync("02/04/2019");
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=answer]", Patience);

        navigation.NavigateTo("/");

        page.WaitForElement("[data-testid=withheld]", Patience);
        Assert.All(page.FindAll("input[type=text]"), field => Assert.Empty(field.GetAttribute("value") ?? ""));
        Assert.DoesNotContain("02/04/2019", page.Markup, StringComparison.Ordinal);
        // Nobody is on the page: it need not be covered.
        Assert.False(page.Find("form").HasAttribute("data-personal"));
        await page.Find("[data-testid=take-up]").ClickAsync(new());
        Assert.Equal("2 55 08 14 168 025 38", page.Find("[data-testid=nir]").GetAttribute("value"));
        Assert.Equal("02/04/2019", page.Find("[data-testid=beneficiary-birth-date]").GetAttribute("value"));
        Assert.Empty(page.FindAll("[data-testid=withheld]"));
    }

    [Fact]
    public async Task A_question_that_is_corrected_on_purpose_is_whole()
    {
        var page = Filled();
        await page.Find("form").SubmitAsync();
        await page.WaitForElement("[data-testid=correct]", Patience).ClickAsync(new());
        Assert.Equal("2 55 08 14 168 025 38", page.Find("[data-testid=nir]").GetAttribute("value"));
        Assert.Empty(page.FindAll("[data-testid=withheld]"));
    }

    [Fact]
    public async Task While_waiting_one_sees_who_answers_and_the_others_are_folded()
    {
        Platform.Rights.Pace = TimeSpan.FromMilliseconds(60);
        Platform.Rights.Answer = _ => Samples.Found() with { Regimes = [.. Samples.Found().Regimes.Select(state => state.Regime == "msa" ? state with { Outcome = Contracts.Rights.RegimeOutcome.NotAsked, Reason = "notNeeded" } : state)] };
        var page = Filled();
        var asking = page.Find("form").SubmitAsync();
        page.WaitForState(
            () => page.FindAll(".asking > .tiles > [data-testid=tile-cnam][data-outcome=found]").Count == 1 && page.FindAll("[data-testid=tiles-aside] [data-testid=tile-msa][data-outcome=notAsked]").Count == 1
                && page.FindAll("[data-testid=tiles-aside] [data-outcome=pending]").Count > 0 && page.FindAll(".asking > .tiles > [data-outcome=pending], .asking > .tiles > [data-outcome=notAsked]").Count == 0,
            Patience);
        await asking;
        page.WaitForElement("[data-testid=answer]", Patience);
    }

    [Theory]
    [InlineData("invoice-rejected", false)]
    [InlineData("emergency", true)]
    public async Task Where_every_regime_is_asked_every_tile_is_waited_for(string reason, bool exhaustive)
    {
        Platform.Rights.Pace = TimeSpan.FromMilliseconds(60);
        var page = Filled();
        await page.Find("[data-testid=reason-" + reason + "]").ChangeAsync(new() { Value = "on" });
        if (exhaustive)
            await page.Find("[data-testid=exhaustive]").ChangeAsync(new() { Value = true });
        var asking = page.Find("form").SubmitAsync();
        page.WaitForState(() => page.FindAll(".asking > .tiles > .tile").Count == 17 && page.FindAll("[data-testid=tiles-aside]").Count == 0, Patience);
        await asking;
        page.WaitForElement("[data-testid=answer]", Patience);
    }

    [Fact]
    public async Task All_regimes_are_asked_as_a_second_step_where_the_search_ended_before()
    {
        Platform.Rights.Answer = _ => Samples.Found() with { Regimes = [.. Samples.Found().Regimes.Select(state => state.Regime == "cnam" ? state : state with { Outcome = Contracts.Rights.RegimeOutcome.NotAsked, Reason = "notNeeded" })] };
        var page = Filled();
        await page.Find("form").SubmitAsync();
        await page.WaitForElement("[data-testid=ask-all]", Patience).ClickAsync(new());
        page.WaitForState(() => Platform.Rights.Asked.Count == 2, Patience);
        Assert.Equal((false, true), (Platform.Rights.Asked[0].Exhaustive, Platform.Rights.Asked[1].Exhaustive));
    }

    [Fact]
    public void Regimes_that_cannot_answer_are_named_before_the_click_without_a_choice_too() =>
        Assert.Contains("MGEN", Opened().Find("[data-testid=regime-warning]").TextContent, StringComparison.Ordinal);

    [Fact]
    public void A_regime_that_comes_into_trouble_is_said_so_in_a_form_that_is_open_and_no_more_once_it_is_well()
    {
        var page = Opened();
        Assert.DoesNotContain("Cnam", page.Find("[data-testid=regime-warning]").TextContent, StringComparison.Ordinal);
        page.Find("[data-testid=nir]").Input("2 55 08 14");

        Platform.Rights.Regimes = [.. Samples.Regimes.Select(regime => regime.Id == "cnam" ? regime with { Health = "degraded" } : regime)];
        page.WaitForState(() => page.Find("[data-testid=regime-warning]").TextContent.Contains("répondent mal\u00a0: Cnam", StringComparison.Ordinal), Patience);
        page.Find("[data-testid=regime]").Change("cnam");
        page.WaitForState(() => page.Find("[data-testid=regime-warning]").TextContent.Contains("Cnam répond mal en ce moment", StringComparison.Ordinal), Patience);
        Assert.Equal("2 55 08 14", page.Find("[data-testid=nir]").GetAttribute("value"));

        Platform.Rights.Regimes = Samples.Regimes;
        page.WaitForState(() => page.Find("[data-testid=regime-warning]").TextContent.Length == 0, Patience);
    }

    [Fact]
    public void An_announced_interruption_is_said_before_the_click()
    {
        var soon = Clock.GetUtcNow().AddHours(3);
        Platform.Rights.Regimes = [.. Samples.Regimes.Select(regime => regime.Id == "cnam" ? regime with { Downtime = [new(soon, soon.AddHours(1), "Maintenance")] } : regime)];
        var page = Opened();

        page.Find("[data-testid=regime]").Change("cnam");

        // A look at the states may be drawing the page at that moment: the choice is then drawn after it.
        page.WaitForState(() => page.Find("[data-testid=regime-warning]").TextContent.Contains("Cnam a annoncé une interruption", StringComparison.Ordinal), Patience);
    }

    [Theory]
    [InlineData("/?consultation=pasunid", 1)]
    [InlineData("/?consultation=", 1)]
    [InlineData("/", 0)]
    public void An_address_that_is_no_consultation_s_is_said_so(string address, int notices)
    {
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo(address);
        Assert.Equal(notices, Opened().FindAll("[data-testid=not-a-consultation]").Count);
    }

    [Fact]
    public async Task Enter_twice_asks_once()
    {
        Platform.Rights.Pace = TimeSpan.FromMilliseconds(20);
        var page = Filled();
        var form = page.Find("form");
        await Task.WhenAll(form.SubmitAsync(), form.SubmitAsync());
        page.WaitForElement("[data-testid=answer]", Patience);
        Assert.Single(Platform.Rights.Asked);
    }

    [Fact]
    public async Task A_question_cut_in_the_middle_is_asked_again_as_the_same_consultation()
    {
        Platform.Rights.CutAfter = 5;
        var page = Filled();
        await page.Find("form").SubmitAsync();
        await page.WaitForElement("[data-testid=retry]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=answer]", Patience);
        Assert.Equal(2, Platform.Rights.Asked.Count);
        Assert.Equal(Platform.Rights.Asked[0].Id, Platform.Rights.Asked[1].Id);
    }

    [Fact]
    public async Task A_question_cut_hours_ago_is_another_consultation()
    {
        Platform.Rights.CutAfter = 5;
        var page = Filled();
        await page.Find("form").SubmitAsync();
        var retry = page.WaitForElement("[data-testid=retry]", Patience);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await retry.ClickAsync(new());
        page.WaitForElement("[data-testid=answer]", Patience);
        Assert.NotEqual(Platform.Rights.Asked[0].Id, Platform.Rights.Asked[1].Id);
    }

    [Fact]
    public async Task Asking_again_is_another_consultation_that_refreshes()
    {
        var page = Filled();
        await page.Find("form").SubmitAsync();
        await page.WaitForElement("[data-testid=ask-again]", Patience).ClickAsync(new());
        page.WaitForState(() => Platform.Rights.Asked.Count == 2, Patience);
        Assert.True(Platform.Rights.Asked[1].Refresh);
        Assert.NotEqual(Platform.Rights.Asked[0].Id, Platform.Rights.Asked[1].Id);
    }

    [Fact]
    public async Task A_picked_candidate_is_asked_for_by_reference()
    {
        Platform.Rights.Answer = question => question.Candidate is null ? Samples.Candidates() : Samples.Found(child: true);
        var page = Filled();
        await page.Find("form").SubmitAsync();
        await page.WaitForElement("[data-testid=candidate-1]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=affiliation-0]", Patience);
        Assert.Equal(("ref-2", null), (Platform.Rights.Asked[1].Candidate, Platform.Rights.Asked[1].Nir));
    }

    [Fact]
    public async Task Back_from_one_who_was_picked_is_the_list()
    {
        Platform.Rights.Answer = question => question.Candidate is null ? Samples.Candidates() : Samples.Found(child: true);
        var navigation = (Bunit.TestDoubles.BunitNavigationManager)Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();
        var page = Filled();
        await page.Find("form").SubmitAsync();
        await page.WaitForElement("[data-testid=candidate-1]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=affiliation-0]", Patience);
        var (list, picked) = (Platform.Rights.Asked[0].Id, Platform.Rights.Asked[1].Id);
        // Beside the list's address, not in its place.
        Assert.Equal([(picked, false), (list, false)], navigation.History.Take(2).Select(visit => ((Guid?)Guid.Parse(visit.Uri.Split('=')[1]), visit.Options.ReplaceHistoryEntry)));

        navigation.NavigateTo($"/?consultation={list}");

        page.WaitForElement("[data-testid=candidate-1]", Patience);
        Assert.Equal(Platform.Rights.Asked[0], Platform.Rights.Asked[2]);
    }

    [Theory]
    [InlineData(429, "consultations-stopped", null, "[data-testid=trouble]")]
    [InlineData(403, "regime-not-yours", null, "[data-testid=trouble]")]
    [InlineData(400, "nir-key-wrong", "nir", "[data-testid=nir-error]")]
    public async Task The_address_of_a_question_that_was_refused_says_so_again(int status, string code, string? field, string where)
    {
        Platform.Rights.Problem = (status, code, "Refusée.", field, null);
        var page = Filled();
        await page.Find("form").SubmitAsync();
        page.WaitForElement(where, Patience);
        var navigation = Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();
        Assert.EndsWith($"/?consultation={Platform.Rights.Asked[0].Id}", navigation.Uri, StringComparison.Ordinal);

        var again = Render<AskRights>();

        Assert.Contains("Refusée.", again.WaitForElement(where, Patience).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incomplete_form_asks_nothing_and_says_what_is_missing()
    {
        var page = Opened();
        await page.Find("form").SubmitAsync();
        Assert.NotNull(page.Find("[data-testid=nir-error]"));
        Assert.NotNull(page.Find("[data-testid=reason-error]"));
        Assert.Empty(Platform.Rights.Asked);
    }

    [Fact]
    public async Task What_the_service_says_of_a_field_stands_at_that_field()
    {
        Platform.Rights.Problem = (400, "nir-key-wrong", "La clé ne correspond pas.", "nir", 13);
        var page = Filled();
        await page.Find("form").SubmitAsync();
        Assert.Contains("La clé ne correspond pas.", page.WaitForElement("[data-testid=nir-error]", Patience).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_service_says_of_a_field_without_a_place_is_said_all_the_same()
    {
        Platform.Rights.Problem = (400, "regime-not-in-service", "Ce régime n'est pas ouvert au service.", "regime", null);
        var page = Filled();
        await page.Find("form").SubmitAsync();
        Assert.Contains("pas ouvert au service", page.WaitForElement("[data-testid=trouble]", Patience).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_cannot_keep_its_promise_is_not_an_absence_of_rights()
    {
        Platform.Rights.Problem = (503, "journal-unavailable", "Le journal ne répond pas.", null, null);
        var page = Filled();
        await page.Find("form").SubmitAsync();
        Assert.Contains("Le journal ne répond pas.", page.WaitForElement("[data-testid=trouble]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=answer]"));
    }

    [Fact]
    public async Task A_silent_service_is_not_an_absence_of_rights_either_and_keeps_the_form()
    {
        var page = Filled();
        await Platform.DisposeAsync();
        await page.Find("form").SubmitAsync();
        Assert.Contains("Rien n’indique que le patient n’a pas de droits", page.WaitForElement("[data-testid=trouble]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Equal("2 55 08 14 168 025 38", page.Find("[data-testid=nir]").GetAttribute("value"));
        Assert.Null(Presence.EndedBecause);
    }

    [Fact]
    public void One_types_before_the_regimes_are_known_and_they_do_not_take_the_focus_away()
    {
        var told = new TaskCompletionSource();
        Platform.Rights.RegimesKnown = told.Task;
        var page = Render<AskRights>();
        page.WaitForElement("[data-testid=nir]", Patience).Input("2 55");
        page.WaitForAssertion(() => JSInterop.VerifyFocusAsyncInvoke(), Patience);
        told.SetResult();
        page.WaitForElement("option[value=senat]", Patience);
        JSInterop.VerifyFocusAsyncInvoke();
        Assert.Equal("2 55", page.Find("[data-testid=nir]").GetAttribute("value"));
    }

    [Fact]
    public async Task A_wrong_character_is_shown_at_its_place_as_one_types()
    {
        var page = Opened();
        await page.Find("[data-testid=nir]").InputAsync("2 55 08 X4");
        Assert.Equal("X", page.Find("[data-testid=nir-place] mark").TextContent);
        await page.Find("[data-testid=nir]").InputAsync("2 55 08");
        Assert.Empty(page.FindAll("[data-testid=nir-error]"));
    }

    [Fact]
    public async Task A_regime_that_cannot_answer_is_told_before_the_click()
    {
        var page = Opened();
        await page.Find("[data-testid=by-names]").ChangeAsync(new() { Value = "on" });
        await page.Find("[data-testid=regime]").ChangeAsync(new() { Value = "senat" });
        Assert.Contains("recherche par les noms", page.Find("[data-testid=regime-warning]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_carries_anything_personal()
    {
        var page = Filled();
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=answer]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("2550814", StringComparison.Ordinal) || seen.Contains("DURAND", StringComparison.OrdinalIgnoreCase));
        Assert.Equal($"http://localhost/?consultation={Platform.Rights.Asked[0].Id}", Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri);
    }

    private IRenderedComponent<AskRights> Opened()
    {
        var page = Render<AskRights>();
        page.WaitForElement("option[value=senat]", Patience);
        return page;
    }

    private IRenderedComponent<AskRights> Filled()
    {
        var page = Opened();
        page.Find("[data-testid=nir]").Input("2 55 08 14 168 025 38");
        page.Find("[data-testid=reason-emergency]").Change("on");
        return page;
    }
}
