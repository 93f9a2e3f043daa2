using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Administration;
using Cdr.Portal.Boards;
using Cdr.Portal.Tests.Fakes;
using Cdr.ServiceDefaults.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Portal.Tests;

/// <summary>The trial of a post: what is asked, what is shown then, what the referent sees of it.</summary>
public sealed class TrialTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly PostTrial Failed = new("Urgences 1", TrialFunctions.Emergencies, false, [TrialChecks.Card]);

    [Fact]
    public void Everything_but_the_posts_name_is_chosen_from_what_is_known()
    {
        var form = Render<TrialFields>(with => with.Add(one => one.Told, Failed));
        Assert.Equal(TrialFunctions.All, form.FindAll("option").Select(one => one.GetAttribute("value")));
        Assert.Equal(TrialChecks.All, form.FindAll("[name=failed]").Select(one => one.GetAttribute("value")));
        Assert.Equal(["trial-post"], form.FindAll("input[type=text], textarea").Select(one => one.Id));
        Assert.Contains("Aucun nom de personne", form.Find("#" + form.Find("#trial-post").GetAttribute("aria-describedby")).TextContent, StringComparison.Ordinal);
        // What was refused is there still.
        Assert.Equal("Urgences 1", form.Find("#trial-post").GetAttribute("value"));
        Assert.Equal([TrialFunctions.Emergencies], form.FindAll("option[selected]").Select(one => one.GetAttribute("value")));
        Assert.Equal(["failed", TrialChecks.Card], form.FindAll("input[checked]").Select(one => one.GetAttribute("value")));
        Assert.Empty(Render<TrialFields>().FindAll("input[checked]"));
    }

    [Fact]
    public void A_ticket_that_the_hotline_gets_is_shown_whole_and_is_under_way()
    {
        var result = Render<TrialResult>(with => with.Add(one => one.Ticket, FakePackage.Ticket(Failed)));
        Assert.Contains(FakePackage.Access.ToString(), result.Find("[data-testid=trial-under-way]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Poste : Urgences 1", result.Find("textarea[readonly]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Copiez", result.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_no_Support_a_ticket_is_shown_whole_to_be_copied_and_says_where_it_goes()
    {
        Services.AddSingleton(new ServiceAddresses(new ConfigurationBuilder().Build()));
        var result = Render<TrialResult>(with => with.Add(one => one.Ticket, FakePackage.Ticket(Failed)));
        var ticket = result.Find("textarea[readonly]");
        Assert.Contains("Essai d'un poste en échec\n\nPoste : Urgences 1\nLa carte n'est pas reconnue.", ticket.TextContent, StringComparison.Ordinal);
        Assert.Equal(ticket.Id, result.Find("label").GetAttribute("for"));
        // This installation names no hotline.
        Assert.Contains("référent technique", result.Find("[data-testid=trial-failed]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Copiez", result.Find("[data-testid=trial-failed]").TextContent, StringComparison.Ordinal);
        Assert.Empty(result.FindAll("[data-testid=trial-passed], [data-testid=trial-under-way]"));
    }

    [Fact]
    public void One_that_passed_says_to_deploy_and_has_no_ticket()
    {
        var result = Render<TrialResult>(with => with.Add(one => one.Ticket, null));
        Assert.Contains("déployer", result.Find("[data-testid=trial-passed]").TextContent, StringComparison.Ordinal);
        Assert.Empty(result.FindAll("textarea"));
    }

    [Fact]
    public void The_referent_sees_what_failed_by_whom_it_was_told_and_the_ticket()
    {
        var at = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
        Platform.Roles.Expiries = new("590780193", new DateOnly(2026, 3, 1), [], [], [], [],
        [
            new PostTrialEntry(Guid.CreateVersion7(at), at, "p-1", "Urgences 1", TrialFunctions.Emergencies, [TrialChecks.Card], "Alix Bernard, DSI", FakePackage.Ticket(Failed)),
            new PostTrialEntry(Guid.CreateVersion7(at), at, "ACCUEIL-2", null, TrialFunctions.Reception, [], "Alix Bernard, DSI", null),
        ]);
        var board = Render<ExpiryBoard>();
        var rows = board.WaitForElements("[data-testid=trial]", Patience);
        Assert.Equal(["Urgences 1", "ACCUEIL-2"], rows.Select(row => row.QuerySelector("th")!.TextContent));
        foreach (var part in new[] { "Urgences", "Quelque chose n’a pas marché", "La carte n’est pas reconnue", "Alix Bernard, DSI", "Poste : Urgences 1" })
            Assert.Contains(part, rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Tout a marché", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(rows[1].QuerySelectorAll("details"));
        Assert.Empty(board.FindAll("[data-testid=expiries-none]"));
    }

    [Fact]
    public void What_is_left_of_many_trials_is_said_and_shown_when_asked_for()
    {
        var at = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
        PostTrialEntry Of(string post) => new(Guid.CreateVersion7(at), at, post, null, TrialFunctions.Reception, [], "Alix Bernard, DSI", null);
        Platform.Roles.Expiries = new("590780193", new DateOnly(2026, 3, 1), [], [], [], [], [Of("first")], TrialsLeft: 1);
        Platform.Roles.More[Platform.Roles.Expiries.Trials![0].Trial] = Platform.Roles.Expiries with { Trials = [Of("last")], TrialsLeft = 0 };
        var board = Render<ExpiryBoard>();
        var more = board.WaitForElement("[data-testid=trials-more]", Patience);
        Assert.Contains("(1)", more.TextContent, StringComparison.Ordinal);
        more.Click();
        board.WaitForAssertion(() => Assert.Equal(["first", "last"], board.FindAll("[data-testid=trial] th").Select(post => post.TextContent)), Patience);
        Assert.Empty(board.FindAll("[data-testid=trials-more]"));
    }
}
