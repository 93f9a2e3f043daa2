using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>A contested answer, from the desk to the organism and back: each with their own card, and none sees what is not theirs.</summary>
public sealed partial class TicketJourneyTests(Platforms platforms, Browser browser)
{
    /// <summary>Set: the pictures of the documentation are taken again.</summary>
    private const string Pictures = "CDR_WRITE_PICTURES";

    // Caisse of the drawer's second card of one.
    private const string Other = "01591";

    private const string OfTheHotlineAlone = "L'établissement appelle souvent.";

    // One point, white.
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==");

    // Of axe, all of them: one page's do not hide another's.
    private readonly List<string> violations = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_difference_becomes_a_ticket_that_the_organism_answers_and_the_clerk_closes(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        await ImportAsync(platform, Person.Cnam);
        var desk = await OpenAsync(platform, Clerk.Uncounted);
        await AskAsync(desk, Person.Cnam);
        await ContestAsync(desk);
        var (address, number) = (new Uri(desk.Url).AbsolutePath, Digits((await desk.GetByTestId("ticket-spoken").TextContentAsync())!));

        // Not sent yet: the establishment's own affair.
        var hotline = await OpenAsync(platform, "cpa-hotline");
        await IsUnknownAsync(hotline, address);
        var (caisse, other) = (await OpenAsync(platform, "cpa-caisse-paris"), await OpenAsync(platform, "cpa-caisse-nord"));
        await SendAsync(platform, number);
        await IsUnknownAsync(caisse, address);
        await IsUnknownAsync(other, address);
        await TransferAsync(hotline, number, kind);
        await IsUnknownAsync(other, address);
        foreach (var (stranger, code) in new[] { ("cpe-urgences-rhone", "ticket-not-found"), ("cpa-exploitation", "not-allowed") })
        {
            var page = await OpenAsync(platform, stranger);
            await IsUnknownAsync(page, address, code);
            await page.Context.CloseAsync();
        }

        await PointToAsync(caisse, number);
        await IsUnknownAsync(caisse, address);
        // The regime's own staff have what any of its caisses has.
        var regime = await OpenAsync(platform, "cpa-regime");
        await regime.GotoAsync(address);
        await Expect(regime.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "transferred");
        await regime.Context.CloseAsync();
        await AnswerAsync(other, number);

        await NoticedAsync(desk, number, "answer");
        await desk.GetByTestId("notice-" + number).And(desk.Locator("[data-event=answer]")).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(desk.GetByTestId("trail")).ToContainTextAsync("Le dossier vient d'être corrigé.");
        await Expect(desk.GetByTestId("trail")).Not.ToContainTextAsync(OfTheHotlineAlone);
        await Expect(desk.GetByTestId("ticket-corrected")).ToBeVisibleAsync();
        await LookAsync(desk, "notice");
        await desk.GotoAsync("/avis/courriel");
        await Expect(desk.GetByTestId("mail")).ToHaveAttributeAsync("data-state", "shown");
        await LookAsync(desk, "my notifications");
        await desk.GotoAsync(address);
        // Indexed behind the bus, in seconds; the title is prefilled.
        await Deadline.UntilAsync("it is found by a word", TimeSpan.FromSeconds(30), async () =>
        {
            await hotline.GotoAsync("/demandes");
            await Expect(hotline.GetByTestId("tickets")).ToHaveAttributeAsync("data-state", "shown");
            await hotline.GetByTestId("ticket-words").FillAsync("corrigé dossier");
            await hotline.GetByTestId("ticket-search-do").ClickAsync();
            await Expect(hotline.GetByTestId("ticket-found")).ToBeVisibleAsync();
            return await hotline.GetByTestId("ticket-found").GetByTestId("ticket-" + number).CountAsync() == 1;
        }, Cancellation);
        await LookAsync(hotline, "search");
        await desk.GetByTestId("ask-corrected").ClickAsync();
        await Expect(desk.GetByTestId("nir")).ToHaveValueAsync(new Regex(Digits(Person.Cnam.Nir)[..13]));
        Assert.DoesNotContain(Digits(Person.Cnam.Nir)[..13], Digits(desk.Url), StringComparison.Ordinal);

        await hotline.GotoAsync(address);
        await hotline.GetByTestId("move-solve").ClickAsync();
        await hotline.GetByTestId("move-cause").SelectOptionAsync("file-wrong");
        await LookAsync(hotline, "what it came of");
        await hotline.GetByTestId("move-do").ClickAsync();
        await Expect(hotline.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "solved");
        await desk.GotoAsync(address);
        await desk.GetByTestId("move-close").ClickAsync();
        await Expect(desk.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "closed");
        await Expect(desk.GetByTestId("ticket-cause")).ToHaveTextAsync("Dossier erroné à la caisse");
        await caisse.Context.CloseAsync();
        await hotline.Context.CloseAsync();
        await desk.Context.CloseAsync();
        Accessibility.None(violations);
    }

    private static async Task AskAsync(IPage page, Person person)
    {
        await page.GetByTestId("nir").FillAsync(person.Nir);
        await page.GetByTestId("regime").SelectOptionAsync("cnam");
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("answer")).ToHaveAttributeAsync("data-outcome", "found");
    }

    // Two clicks from the comparison to the ticket.
    private async Task ContestAsync(IPage page)
    {
        await page.GetByTestId("contest").ClickAsync();
        await page.GetByTestId("source-card").CheckAsync();
        // A slip of the fingers is no « no difference ».
        await page.GetByTestId("diff-nir").FillAsync(Person.Cnam.Nir[..^1] + (Person.Cnam.Nir[^1] == '9' ? '8' : '9'));
        await page.GetByTestId("compare").ClickAsync();
        await Expect(page.GetByTestId("compared-nir")).ToHaveAttributeAsync("data-verdict", "unreadable");
        await Expect(page.Locator("#report-title")).ToHaveTextAsync("Rien n’a pu être comparé");
        await page.GetByTestId("diff-caisse").FillAsync("999");
        await page.GetByTestId("diff-nir").FillAsync(Person.Cnam.Nir);
        await page.GetByTestId("compare").ClickAsync();
        await Expect(page.GetByTestId("report")).ToHaveAttributeAsync("data-differs", "true");
        await Expect(page.GetByTestId("compared-caisse")).ToHaveAttributeAsync("data-verdict", "different");
        await Expect(page.GetByTestId("compared-nir")).ToHaveAttributeAsync("data-verdict", "same");
        await Expect(page.GetByTestId("referent-sends")).ToBeVisibleAsync();
        await LookAsync(page, "difference");
        await page.GetByTestId("proof-file").SetInputFilesAsync(new FilePayload { Name = "carte.png", MimeType = "image/png", Buffer = Picture });
        await Expect(page.GetByTestId("proof-file-taken")).ToBeVisibleAsync();
        // As much as the field takes comes to the server, in one piece.
        var (title, text) = (await page.GetByTestId("new-title").InputValueAsync(), await page.GetByTestId("new-text").InputValueAsync());
        await page.GetByTestId("new-text").FillAsync(new string('é', 20_000));
        await page.GetByTestId("new-title").FillAsync("");
        await page.GetByTestId("ticket-open").ClickAsync();
        await Expect(page.Locator("#new-title-error")).ToBeVisibleAsync();
        await Expect(page.Locator("#new-text-error")).ToHaveCountAsync(0);
        await page.GetByTestId("new-text").FillAsync(text);
        await page.GetByTestId("new-title").FillAsync(title);
        await page.GetByTestId("ticket-open").ClickAsync();
        await Expect(page.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "draft");
        await Expect(page.GetByTestId("file-png")).ToHaveTextAsync("carte.png");
        await Expect(page).ToHaveURLAsync(Ticket());
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("file-png").ClickAsync());
        Assert.Equal(("carte.png", 0x89), (download.SuggestedFilename, (await File.ReadAllBytesAsync((await download.PathAsync())!, Cancellation))[0]));
        await LookAsync(page, "ticket of a clerk");
    }

    private async Task SendAsync(IPlatform platform, string number)
    {
        var page = await OpenAsync(platform, "cpe-referent");
        await page.GetByTestId("menu-tickets").ClickAsync();
        await page.GetByTestId("queue-draft").ClickAsync();
        await page.GetByTestId("ticket-" + number).GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByTestId("move-send").ClickAsync();
        await Expect(page.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "new");
        await page.Context.CloseAsync();
    }

    private async Task TransferAsync(IPage page, string number, PlatformKind kind)
    {
        await page.GotoAsync("/demandes");
        await Expect(page.GetByTestId("tickets")).ToHaveAttributeAsync("data-state", "shown");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByTestId("keys")).ToBeVisibleAsync();
        await LookAsync(page, "keys");
        await page.Keyboard.PressAsync("Escape");
        await PictureAsync(page, kind, "console.png");
        // By the number that is said, with the keyboard alone.
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByTestId("ticket-number")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync($"{number[..3]} {number[3..6]} {number[6..]}");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "new");
        await Expect(page.GetByTestId("evidence").GetByTestId("headline")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("evidence").GetByTestId("make-statement")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("p");
        await Expect(page.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "inProgress");
        await page.Keyboard.PressAsync("n");
        await Expect(page.GetByTestId("move-text")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(OfTheHotlineAlone);
        await page.GetByTestId("move-do").ClickAsync();
        await Expect(page.GetByTestId("trail")).ToContainTextAsync(OfTheHotlineAlone);

        // Nothing incomplete leaves.
        await page.GetByTestId("move-transfer").ClickAsync();
        await page.GetByTestId("move-do").ClickAsync();
        await Expect(page.GetByTestId("moves").GetByTestId("trouble")).ToHaveAttributeAsync("data-code", "checklist-incomplete");
        foreach (var point in (string[])["identity", "card", "difference", "date"])
            await page.GetByTestId("check-" + point).CheckAsync();
        await Expect(page.GetByTestId("checklist")).ToHaveAttributeAsync("data-complete", "true");
        await LookAsync(page, "ticket of the hotline");
        await PictureAsync(page, kind, "ticket.png");
        await page.GetByTestId("move-do").ClickAsync();
        await Expect(page.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "transferred");
        await Expect(page.GetByTestId("ticket-organism")).ToContainTextAsync("Organisme de test");
    }

    // It is another caisse's: the first has it no more.
    private async Task PointToAsync(IPage page, string number)
    {
        await NoticedAsync(page, number, "transfer");
        await page.GetByTestId("menu-tickets").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToContainTextAsync("Organisme de test");
        await Expect(page.GetByTestId("filter-organism")).ToHaveCountAsync(0);
        await page.GetByTestId("ticket-" + number).GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByTestId("move-pointTo").ClickAsync();
        await page.GetByTestId("move-organism").SelectOptionAsync(Other);
        await page.GetByTestId("move-text").FillAsync("Elle a déménagé.");
        await page.GetByTestId("move-do").ClickAsync();
        await Expect(page.GetByTestId("ticket-gone")).ToBeVisibleAsync();
        await LookAsync(page, "given to another caisse");
    }

    private async Task AnswerAsync(IPage page, string number)
    {
        await NoticedAsync(page, number, "pointTo");
        await page.GetByTestId("menu-tickets").ClickAsync();
        await Expect(page.GetByTestId("tickets")).ToHaveAttributeAsync("data-state", "shown");
        await LookAsync(page, "inbox");
        await page.GotoAsync("/avis/programmes");
        await Expect(page.GetByTestId("webhooks")).ToHaveAttributeAsync("data-state", "shown");
        await LookAsync(page, "programs that are told");
        await page.GetByTestId("menu-tickets").ClickAsync();
        await page.GetByTestId("ticket-" + number).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "transferred");
        await Expect(page.GetByTestId("trail")).Not.ToContainTextAsync(OfTheHotlineAlone);
        await Expect(page.GetByTestId("clocks").Locator("li")).ToHaveCountAsync(1);
        await LookAsync(page, "ticket of an organism");
        await page.Keyboard.PressAsync("r");
        await Expect(page.GetByTestId("move-text")).ToBeFocusedAsync();
        await page.GetByTestId("move-text").FillAsync("Le dossier vient d'être corrigé.");
        await page.GetByTestId("move-corrected").CheckAsync();
        await page.GetByTestId("move-do").ClickAsync();
        await Expect(page.GetByTestId("ticket")).ToHaveAttributeAsync("data-state", "inProgress");
        await page.Context.CloseAsync();
    }

    // What is told passes by the bus.
    private static Task NoticedAsync(IPage page, string number, string what) => Deadline.UntilAsync($"{what} is told", TimeSpan.FromSeconds(30), async () =>
    {
        await page.GotoAsync("/avis");
        await Expect(page.GetByTestId("notices").Locator("ul, p[data-testid]")).ToHaveCountAsync(1);
        return await page.Locator($"[data-testid=notice-{number}][data-event={what}]").CountAsync() == 1;
    }, Cancellation);

    // Not any trouble: a service that is down would look the same.
    private static async Task IsUnknownAsync(IPage page, string address, string code = "ticket-not-found")
    {
        await page.GotoAsync(address);
        await Expect(page.GetByTestId("trouble")).ToHaveAttributeAsync("data-code", code);
        await Expect(page.GetByTestId("ticket")).ToHaveCountAsync(0);
    }

    /// <summary>The person's organism, as the regime answers it, which is that of a card of the drawer, and another caisse of the regime, which is that of another.</summary>
    private static async Task ImportAsync(IPlatform platform, Person person)
    {
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, Cancellation);
        using var asked = await clerk.AskAsync(person.Question("cnam"), Cancellation);
        var organism = (await asked.Content.ReadFromJsonAsync<ConsultationAnswer>(Cancellation))!.Affiliations[0].Organism;
        Assert.Equal("01751", organism.RegimeCode + organism.Caisse);
        using var hotline = await Clerk.SignInAsync(platform, "cpa-hotline", Cancellation);
        using var table = new StringContent($"code;regime;libelle;departement;horaires\n{organism.RegimeCode}{organism.Caisse};cnam;Organisme de test;59;\n{Other};cnam;Autre organisme de test;59;\n", Encoding.UTF8, "text/csv");
        var version = Clerk.NewId().ToString("N", CultureInfo.InvariantCulture)[^12..];
        using var imported = await hotline.Http.PostAsync(new Uri($"api/support/organisms?version={version}&from=2026-01-01", UriKind.Relative), table, Cancellation);
        Assert.True(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, (await imported.Content.ReadFromJsonAsync<OrganismTable>(Cancellation))!.Organisms);
    }

    private async Task<IPage> OpenAsync(IPlatform platform, string card)
    {
        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, card);
        await Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        return page;
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    private static async Task PictureAsync(IPage page, PlatformKind kind, string name)
    {
        if (kind == PlatformKind.Embedded && Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 })
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Repository.Root, "docs", "images", name), FullPage = true });
    }

    private async Task LookAsync(IPage page, string name) =>
        violations.AddRange(await Accessibility.ViolationsAsync(page, name));

    [GeneratedRegex("/demandes/[0-9a-f-]{36}$")]
    private static partial Regex Ticket();
}
