using System.Text.RegularExpressions;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

public sealed partial class PageJourneyTests(Platforms platforms, Browser browser)
{
    /// <summary>Set: the pictures of the documentation are taken again.</summary>
    private const string Pictures = "CDR_WRITE_PICTURES";

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_clerk_signs_in_asks_without_a_regime_sees_seventeen_regimes_answer_and_the_rights(PlatformKind kind)
    {
        var page = await OpenAsync(kind);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("who")).ToContainTextAsync("Vermersch");

        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("refresh").CheckAsync();
        var waited = Browser.ShownAsync(page, ".asking [data-testid^=tile-]", 17);
        await page.GetByTestId("ask").ClickAsync();
        await waited;

        await Expect(page.GetByTestId("answer")).ToHaveAttributeAsync("data-outcome", "found");
        await Expect(page.GetByTestId("headline")).ToHaveTextAsync("Droits ouverts");
        await Expect(page.GetByTestId("section-regimes").Locator("[data-testid^=tile-]")).ToHaveCountAsync(17);
        if (kind == PlatformKind.Embedded && Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 })
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Repository.Root, "docs", "images", "answer.png"), FullPage = true });

        // What was shown is what was journaled.
        var id = await page.GetByTestId("answer").GetAttributeAsync("data-consultation");
        await page.GotoAsync("/consultations/" + id);
        await Expect(page.GetByTestId("headline")).ToHaveTextAsync("Droits ouverts");
        await page.GetByTestId("sign-out").ClickAsync();
        await Expect(page.GetByTestId("ended-because")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_page_loaded_again_in_the_middle_of_a_question_gets_its_answer_and_back_is_the_question()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        using var simulator = new HttpClient { BaseAddress = platform.Simulator };
        var page = await OpenAsync(PlatformKind.Embedded);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        await page.GetByTestId("regime").SelectOptionAsync("cnam");
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("refresh").CheckAsync();
        using var slow = await simulator.PostAsync("simulator/regimes/cnam/mode", new StringContent("""{"mode":"slow"}""", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, slow.StatusCode);
        try
        {
            var waited = Browser.ShownAsync(page, "[data-testid=tile-cnam][data-outcome=pending]", 1);
            await page.GetByTestId("ask").ClickAsync();
            await waited;
            await Expect(page).ToHaveURLAsync(Asked());
            var address = page.Url;
            await page.ReloadAsync();

            // Of a slow regime on a slow machine it may be « incomplete »: it is the answer of this consultation.
            await Expect(page.GetByTestId("answer")).ToHaveAttributeAsync("data-consultation", address[^36..]);
            await page.GoBackAsync();
            await Expect(page.GetByTestId("answer")).ToHaveCountAsync(0);
            // The person is not put on the screen again by the browser's button alone.
            await Expect(page.GetByTestId("nir")).ToHaveValueAsync("");
            await page.GetByTestId("take-up").ClickAsync();
            await Expect(page.GetByTestId("nir")).ToHaveValueAsync(Person.Cnam.Nir);
        }
        finally
        {
            using var reset = await simulator.PostAsync("simulator/reset", null, TestContext.Current.CancellationToken);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Axe_finds_nothing_on_the_pages_of_a_question()
    {
        var page = await OpenAsync(PlatformKind.Embedded);
        var found = new List<string>(await Accessibility.ViolationsAsync(page, "sign-in"));
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();
        found.AddRange(await Accessibility.ViolationsAsync(page, "question"));
        await page.GetByTestId("nir").FillAsync(Person.Partner.Nir);
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("reason-error")).ToBeVisibleAsync();
        found.AddRange(await Accessibility.ViolationsAsync(page, "question with an error"));
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("answer")).ToBeVisibleAsync();
        found.AddRange(await Accessibility.ViolationsAsync(page, "answer"));
        Accessibility.None(found);

        // The browsers of these tests ask for stillness. Without it a button that may be pressed since this instant is for a quarter of a second in a colour between two.
        Assert.Empty(await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration.split(',').some(time => parseFloat(time) > .001)).map(one => one.className)"));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_wrong_PIN_says_how_many_tries_are_left(PlatformKind kind)
    {
        var page = await OpenAsync(kind);

        await Browser.SignInAsync(page, "cpf-interne", "0000");

        await Expect(page.GetByTestId("sign-in-error")).ToHaveAttributeAsync("data-code", "pin-wrong");
        await Expect(page.GetByTestId("tries-left")).ToBeVisibleAsync();
        await Browser.SignInAsync(page, "cpf-interne");
        await Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_number_with_a_wrong_key_is_told_where_it_is_wrong_before_it_is_sent(PlatformKind kind)
    {
        var page = await OpenAsync(kind);
        await Browser.SignInAsync(page, Clerk.Uncounted);

        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir[..^2] + "55");

        await Expect(page.GetByTestId("nir-error")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("nir")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("answer")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_click_made_while_the_number_left_behind_is_found_wrong_is_not_lost()
    {
        var page = await OpenAsync(PlatformKind.Embedded);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Person.Cnam.Nir[..12]);
        await Expect(page.GetByTestId("nir-remark")).ToBeVisibleAsync();

        // A hand holds the button down for longer than the server takes to say what is wrong.
        await page.GetByTestId("reason-emergency").HoverAsync();
        await page.Mouse.DownAsync();
        await Expect(page.GetByTestId("nir-error")).ToBeVisibleAsync();
        await page.Mouse.UpAsync();

        await Expect(page.GetByTestId("reason-emergency")).ToBeCheckedAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_number_typed_faster_than_the_server_answers_loses_no_character(PlatformKind kind)
    {
        var page = await OpenAsync(kind);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync(Person.Cnam.Nir);

        // Said by the server, once it has read the last character.
        await Expect(page.GetByTestId("nir-remark")).ToContainTextAsync(Person.Cnam.Nir[^2..]);
        await Expect(page.GetByTestId("nir")).ToHaveValueAsync(Person.Cnam.Nir);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task When_the_session_ends_elsewhere_the_page_hides_what_it_showed_and_says_so(PlatformKind kind)
    {
        var page = await OpenAsync(kind);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/");

        await other.GetByTestId("sign-out").ClickAsync();

        await Expect(page.GetByTestId("session-ended").Or(page.GetByTestId("ended-because"))).ToBeVisibleAsync();
        await Expect(page.GetByTestId("nir")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task Everything_is_done_with_the_keyboard_alone(PlatformKind kind)
    {
        var page = await OpenAsync(kind);
        await TabToAsync(page, "input[name=card]");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "[data-testid=pin]");
        await page.Keyboard.TypeAsync(Clerk.Pin);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Person.Cnam.Nir);
        await page.Keyboard.PressAsync("Enter");

        // What is missing is where the keyboard is next.
        await Expect(page.Locator("input[name=reason]").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "[data-testid=ask]");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("headline")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(PlatformKind kind) => await browser.OpenAsync(await platforms.RunningAsync(kind));

    internal static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
            {
                // Whoever has no mouse sees where they are.
                Assert.NotEqual("none", await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
                return;
            }
        }

        Assert.Fail($"The keyboard does not reach {selector}.");
    }

    [GeneratedRegex(@"/\?consultation=[0-9a-f-]{36}$")]
    private static partial Regex Asked();
}
