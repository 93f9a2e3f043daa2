using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Accesses;
using Cdr.Portal.Boards;
using Cdr.Portal.Identity;
using Cdr.Portal.Layout;
using Cdr.Portal.Tests.Fakes;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Cdr.Portal.Tests;

public sealed class AccessesPageTests : Circuit
{
    private const string Number = "2 55 08 14 168 025 38";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Data_protection_sees_who_asked_when_why_and_of_whom_it_was_learnt_newest_first()
    {
        Platform.Accesses.All.AddRange([FakeAccesses.Access(0, "asked"), FakeAccesses.Access(1), FakeAccesses.Access(9, "traced", CdrRoles.DataProtection, AccessPurposes.Complaint), FakeAccesses.Access(12, "somersault", "acrobat", "state-medical-aid")]);
        var page = Opened();
        await SearchAsync(page);

        var rows = page.WaitForElements("tbody tr", Patience);
        Assert.Equal(["somersault", "traced", "answered", "asked"], rows.Select(row => row.GetAttribute("data-act")));
        Assert.All((string[])["Réponse donnée", "Agent de l’établissement", "590991014", "Admissions", "ref-7f3a", "Admission par les urgences", Answers.Words.Day(new DateOnly(2026, 11, 20)), "unheard-of"], word => Assert.Contains(word, rows[2].TextContent, StringComparison.Ordinal));
        Assert.All((string[])["Liste des accès demandée", "Protection des données", "Réclamation ou incident"], word => Assert.Contains(word, rows[1].TextContent, StringComparison.Ordinal));
        // An act and a role of a later version are told as they are; what somebody lives on is not said on a screen.
        Assert.All((string[])["Autre acte au journal", "acrobat", "non affiché"], word => Assert.Contains(word, rows[0].TextContent, StringComparison.Ordinal));
        Assert.Contains("4 sur 4", page.Find("[data-testid=accesses-count]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=accesses-cut], [data-testid=accesses-earlier], [data-testid=accesses-newest], [data-testid=accesses-more]"));
        // Covered when nobody is at the desk; the list itself does not repeat whose it is.
        Assert.True(page.Find("[data-testid=accesses-list]").HasAttribute("data-personal"));
        Assert.DoesNotContain("168", page.Find("[data-testid=accesses-list]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_goes_in_a_body_and_in_no_address()
    {
        var page = Opened();
        await SearchAsync(page);
        page.WaitForElement("[data-testid=accesses-empty]", Patience);

        var (request, file) = Assert.Single(Platform.Accesses.Asked);
        Assert.Equal((Number, AccessPurposes.AccessRequest, null, false), (request.Nir, request.Purpose, request.Before, file));
        Assert.Contains("POST /api/persons/accesses", Platform.Seen);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("168", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_number_and_a_missing_purpose_are_named_and_nothing_is_asked()
    {
        var page = Opened();
        page.WaitForElement("[data-testid=nir]", Patience);
        await page.Find("form").SubmitAsync();
        Assert.Equal("La finalité de la demande est à choisir.", page.Find("[data-testid=purpose-error]").TextContent);
        Assert.NotEmpty(page.Find("[data-testid=nir-error]").TextContent);

        // Its key is 38.
        await SearchAsync(page, Number[..^1] + "7");
        Assert.NotEmpty(page.Find("[data-testid=nir-error]").TextContent);
        Assert.Empty(page.FindAll("[data-testid=purpose-error]"));
        Assert.Empty(Platform.Accesses.Asked);
    }

    [Fact]
    public async Task The_file_is_the_one_that_the_person_is_given_with_its_name_and_its_mark()
    {
        Platform.Accesses.All.Add(FakeAccesses.Access(0));
        var page = Opened();
        await SearchAsync(page);
        await page.WaitForElement("[data-testid=accesses-csv]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=accesses-saved]", Patience);

        var saved = Assert.Single(JSInterop.Invocations, call => call.Identifier == "cdrSave");
        Assert.Equal("acces-2026-11-24.csv", saved.Arguments[0]);
        Assert.IsType<DotNetStreamReference>(saved.Arguments[1]);
        Assert.Equal([false, true], Platform.Accesses.Asked.Select(asked => asked.File));
        Assert.Equal(Platform.Accesses.Asked[0].Request, Platform.Accesses.Asked[1].Request);
    }

    [Fact]
    public async Task A_silent_journal_is_said_and_tried_again_for_the_list_and_for_the_file()
    {
        Platform.Accesses.All.Add(FakeAccesses.Access(0));
        Platform.Accesses.Silent = true;
        var page = Opened();
        await SearchAsync(page);
        Assert.Contains("Le journal ne répond pas.", page.WaitForElement("[data-testid=trouble]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=accesses-list]"));

        Platform.Accesses.Silent = false;
        await page.Find("[data-testid=retry]").ClickAsync(new());
        page.WaitForElement("[data-testid=access-0]", Patience);
        Assert.Empty(page.FindAll("[data-testid=trouble]"));

        Platform.Accesses.Silent = true;
        await page.Find("[data-testid=accesses-csv]").ClickAsync(new());
        page.WaitForElement("[data-testid=trouble]", Patience);
        Assert.Empty(JSInterop.Invocations["cdrSave"]);
        Platform.Accesses.Silent = false;
        await page.Find("[data-testid=retry]").ClickAsync(new());
        page.WaitForElement("[data-testid=accesses-saved]", Patience);
        Assert.Single(JSInterop.Invocations["cdrSave"]);
    }

    [Fact]
    public async Task What_a_list_cannot_hold_is_asked_for_before_its_first_access()
    {
        Platform.Accesses.All.AddRange(Enumerable.Range(0, 5).Select(minute => FakeAccesses.Access(minute)));
        Platform.Accesses.ListHolds = 3;
        var page = Opened();
        await SearchAsync(page);
        page.WaitForElement("[data-testid=accesses-cut]", Patience);

        await page.Find("[data-testid=accesses-earlier]").ClickAsync(new());
        page.WaitForState(() => page.FindAll("tbody tr").Count == 2, Patience);
        Assert.Equal(Samples.Now.AddMinutes(2), Platform.Accesses.Asked[^1].Request.Before);
        Assert.Empty(page.FindAll("[data-testid=accesses-cut], [data-testid=accesses-earlier]"));

        // Its file is of these, too.
        await page.Find("[data-testid=accesses-csv]").ClickAsync(new());
        page.WaitForElement("[data-testid=accesses-saved]", Patience);
        Assert.Equal(Samples.Now.AddMinutes(2), Platform.Accesses.Asked[^1].Request.Before);

        await page.Find("[data-testid=accesses-newest]").ClickAsync(new());
        page.WaitForState(() => page.FindAll("tbody tr").Count == 3, Patience);
        Assert.Null(Platform.Accesses.Asked[^1].Request.Before);
    }

    [Fact]
    public async Task An_earlier_part_without_accesses_does_not_say_that_there_are_none()
    {
        // All of one instant.
        Platform.Accesses.All.AddRange(Enumerable.Range(0, 5).Select(_ => FakeAccesses.Access(0)));
        Platform.Accesses.ListHolds = 3;
        var page = Opened();
        await SearchAsync(page);
        await page.WaitForElement("[data-testid=accesses-earlier]", Patience).ClickAsync(new());
        Assert.StartsWith("Aucun accès n’est plus ancien", page.WaitForElement("[data-testid=accesses-empty]", Patience).TextContent, StringComparison.Ordinal);

        await page.Find("[data-testid=accesses-newest]").ClickAsync(new());
        page.WaitForState(() => page.FindAll("tbody tr").Count == 3, Patience);
    }

    [Fact]
    public async Task A_browser_that_takes_no_file_is_said_and_asked_again()
    {
        Platform.Accesses.All.Add(FakeAccesses.Access(0));
        var browser = JSInterop.SetupVoid("cdrSave", _ => true);
        browser.SetException(new JSException("NotAllowedError"));
        var page = Opened();
        await SearchAsync(page);
        await page.WaitForElement("[data-testid=accesses-csv]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=accesses-not-saved]", Patience);
        Assert.Empty(page.FindAll("[data-testid=accesses-saved]"));

        browser.SetVoidResult();
        page.WaitForState(() => !page.Find("[data-testid=accesses-csv]").HasAttribute("disabled"), Patience);
        await page.Find("[data-testid=accesses-csv]").ClickAsync(new());
        page.WaitForElement("[data-testid=accesses-saved]", Patience);
        Assert.Empty(page.FindAll("[data-testid=accesses-not-saved]"));
    }

    [Fact]
    public async Task A_long_list_is_shown_in_parts()
    {
        Platform.Accesses.All.AddRange(Enumerable.Range(0, 501).Select(minute => FakeAccesses.Access(minute)));
        var page = Opened();
        await SearchAsync(page);
        page.WaitForElement("[data-testid=access-499]", Patience);
        Assert.Contains("500 sur 501", page.Find("[data-testid=accesses-count]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=access-500]"));

        await page.Find("[data-testid=accesses-more]").ClickAsync(new());
        page.WaitForElement("[data-testid=access-500]", Patience);
        Assert.Empty(page.FindAll("[data-testid=accesses-more]"));
    }

    [Fact]
    public async Task A_list_never_stands_under_another_number_than_its_own()
    {
        Platform.Accesses.All.Add(FakeAccesses.Access(0));
        var page = Opened();
        await SearchAsync(page);
        page.WaitForElement("[data-testid=access-0]", Patience);
        await page.Find("[data-testid=nir]").InputAsync(new() { Value = "1" });
        Assert.Empty(page.FindAll("[data-testid=accesses-list]"));

        await SearchAsync(page);
        page.WaitForElement("[data-testid=access-0]", Patience);
        await page.Find("[data-testid=accesses-another]").ClickAsync(new());
        Assert.Empty(page.FindAll("[data-testid=accesses-list]"));
        Assert.Equal("", page.Find("[data-testid=nir]").GetAttribute("value"));
    }

    [Fact]
    public void Nobody_else_has_the_page_or_the_way_to_it()
    {
        foreach (var role in CdrRoles.All)
        {
            var may = role == CdrRoles.DataProtection;
            Assert.Equal((role, may), (role, AccessesPage.IsReader(role)));
            Assert.Equal((role, may ? 1 : 0), (role, Render<RoleHome>(home => home.Add(one => one.Role, role)).FindAll("[data-testid=to-accesses]").Count));
        }

        Assert.Single(Menu(true).FindAll("[data-testid=menu-accesses]"));
        Assert.Empty(Menu(false).FindAll("[data-testid=menu-accesses]"));
    }

    [Theory]
    [InlineData(CdrRoles.Clerk)]
    [InlineData(CdrRoles.Referent)]
    [InlineData(CdrRoles.Hotline)]
    [InlineData(CdrRoles.Operations)]
    [InlineData(CdrRoles.Administrator)]
    public void Others_are_told_that_it_is_not_theirs(string role)
    {
        var page = Opened(role);
        page.WaitForElement("[data-testid=accesses-not-yours]", Patience);
        Assert.Empty(page.FindAll("form"));
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/persons", StringComparison.Ordinal));
    }

    private IRenderedComponent<PageHeader> Menu(bool reads) => Render<PageHeader>(menu => menu.Add(one => one.Holder, "Claire").Add(one => one.Acts, "").Add(one => one.ReadsAccesses, reads));

    private static async Task SearchAsync(IRenderedComponent<AccessesPage> page, string number = Number)
    {
        await page.WaitForElement("[data-testid=nir]", Patience).InputAsync(new() { Value = number });
        await page.Find("[data-testid=purpose]").ChangeAsync(new() { Value = AccessPurposes.AccessRequest });
        await page.Find("form").SubmitAsync();
    }

    private IRenderedComponent<AccessesPage> Opened(string role = CdrRoles.DataProtection)
    {
        Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant(role))));
        return Render<AccessesPage>();
    }

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
