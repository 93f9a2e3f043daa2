using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>Each page of Support of each role, for who sees little or reads it on a telephone: axe has nothing to say, and none is wider than the narrowest screen.</summary>
public sealed class SupportPagesTests(Platforms platforms, Browser browser)
{
    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cpa-hotline", "/demandes:tickets", "/demandes/nouvelle:new-ticket-page", "/demandes/chiffres:ticket-figures", "/connaissances:knowledge", "/connaissances/nouveau:article-editor", "/informations:information", "/modeles:templates", "/causes:causes", "/organismes:organisms", "/incidents/nouveau:incident-title", "/informations/annonces:announcements", "/avis:notices")]
    [InlineData("cpe-referent", "/demandes:tickets", "/demandes/chiffres:ticket-figures", "/avis:notices", "/avis/courriel:mail")]
    [InlineData("cpa-regime", "/demandes:tickets", "/demandes/chiffres:ticket-figures", "/avis/programmes:webhooks", "/informations/annonces:announcements")]
    [InlineData(Clerk.Uncounted, "/demandes:tickets", "/demandes/nouvelle:new-ticket-page", "/connaissances:knowledge", "/informations:information", "/avis:notices")]
    public async Task Nothing_is_wrong_with_a_page_and_none_is_wider_than_a_narrow_screen(string card, params string[] pages)
    {
        await LookAsync(await platforms.RunningAsync(PlatformKind.Embedded), card, pages);
    }

    [Fact]
    public async Task Nor_with_that_of_one_ticket_one_incident_one_article_or_one_difference()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        Guid consultation, ticket, called, incident, article;
        string establishment;
        using (var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, Cancellation))
        {
            establishment = clerk.Grant.Activity.Finess!;
            using var asked = await clerk.AskAsync(new ConsultationRequest { Nir = Person.Partner.Nir, Regime = "cnam", Reason = "patient-absent" }, Cancellation);
            consultation = await IdAsync(asked);
            ticket = await IdAsync(await clerk.Http.PostAsJsonAsync("api/support/tickets", new { kind = "dataInconsistency", title = "Deux caisses", text = "La carte en dit une autre.", consultation }, Cancellation));
        }

        using (var hotline = await Clerk.SignInAsync(platform, "cpa-hotline", Cancellation))
        {
            called = await IdAsync(await hotline.Http.PostAsJsonAsync("api/support/tickets", new { kind = "technical", title = "Lecteur muet", text = "Par téléphone.", establishment }, Cancellation));
            incident = await IdAsync(await hotline.Http.PostAsJsonAsync("api/support/incidents", new { title = "Lecteurs muets", text = "Nous cherchons.", tickets = new[] { called } }, Cancellation));
            var articles = await hotline.Http.GetFromJsonAsync<JsonElement>("api/support/knowledge", Cancellation);
            article = articles[0].GetProperty("id").GetGuid();
        }

        await LookAsync(platform, Clerk.Uncounted, $"/demandes/{ticket}:ticket", $"/incidents/{incident}:incident", $"/connaissances/{article}:article", $"/consultations/{consultation}/difference:difference");
        await LookAsync(platform, "cpa-hotline", $"/demandes/{called}:ticket", $"/incidents/{incident}:incident", $"/connaissances/{article}:article", $"/connaissances/{article}/modifier:article-editor");
    }

    private static async Task<Guid> IdAsync(HttpResponseMessage response)
    {
        using (response)
        {
            // The answer names a person: it is not shown.
            Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.RequestUri!.AbsolutePath}: {(int)response.StatusCode}");
            var made = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            return (made.TryGetProperty("view", out var view) ? view : made).GetProperty("id").GetGuid();
        }
    }

    private async Task LookAsync(IPlatform platform, string card, params string[] pages)
    {
        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, card);
        await Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        List<string> violations = [];
        foreach (var one in pages)
        {
            var (path, shown) = (one.Split(':')[0], one.Split(':')[1]);
            await page.GotoAsync(path);
            await Expect(page.GetByTestId(shown)).ToBeVisibleAsync();
            await Expect(page.Locator($"[data-testid={shown}][data-state=loading]")).ToHaveCountAsync(0);
            violations.AddRange(await Accessibility.ViolationsAsync(page, path));
            var size = page.ViewportSize!;
            await page.SetViewportSizeAsync(360, size.Height);
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") is > 360 and var width)
                violations.Add($"{path}: {width} wide");
            await page.SetViewportSizeAsync(size.Width, size.Height);
        }

        await page.Context.CloseAsync();
        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }
}
