using System.Net;
using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Portal.Batches;
using Cdr.Portal.Tests.Fakes;
using TestContext = Xunit.TestContext;

namespace Cdr.Portal.Tests;

public sealed class BatchPageTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_line_has_its_outcome_once_it_is_asked_for_and_each_answer_is_read_once()
    {
        Platform.Batches.All.Add(FakeBatches.Progress(FakeBatches.First, BatchState.UnderWay, 3, 1, postponed: 1, refused: 1));
        Platform.Batches.Lines.AddRange(
        [
            new() { Line = 1, Reference = "F-001", State = BatchLineState.Answered, Answer = Samples.Found() with { Id = Guid.Parse("019aa000-0000-7000-8000-000000000001") } },
            new() { Line = 2, State = BatchLineState.Waiting, NextTry = Samples.Now.AddMinutes(5) },
            new() { Line = 3, State = BatchLineState.Refused, Code = "line-failed" },
        ]);
        var page = Opened();
        page.WaitForElement("[data-testid=batch-show-lines]", Patience);
        Assert.Empty(Platform.Batches.Readings);

        await page.Find("[data-testid=batch-show-lines]").ClickAsync(new());

        page.WaitForElement("[data-testid=line-3]", Patience);
        Assert.StartsWith("1F-001TrouvéDroits ouvertsRouvrir", Bare(page.Find("[data-testid=line-1]")), StringComparison.Ordinal);
        Assert.Equal("/consultations/019aa000-0000-7000-8000-000000000001", page.Find("[data-testid=read-1]").GetAttribute("href"));
        Assert.StartsWith("2En attenteProchain essai le ", Bare(page.Find("[data-testid=line-2]")), StringComparison.Ordinal);
        Assert.Equal("3RefuséeCette ligne a échoué de notre fait\u00a0: déposez-la de nouveau.", Bare(page.Find("[data-testid=line-3]")));

        Platform.Batches.Lines[1] = new() { Line = 2, State = BatchLineState.Answered, Answer = Samples.Incomplete() with { Id = Guid.Parse("019aa000-0000-7000-8000-000000000002") } };
        Platform.Batches.All[0] = FakeBatches.Progress(FakeBatches.First, BatchState.Ended, 3, 0, refused: 1);
        page.WaitForElement("[data-testid=line-2][data-outcome=incomplete]", Patience);
        Assert.Equal([null, "1-3"], Platform.Batches.Readings);
        Assert.Equal("Droits ouverts", page.FindAll("[data-testid=line-1] td")[2].TextContent);
        Assert.Equal(["1", "2", "3"], page.FindAll("[data-testid^=line-] th").Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task Answers_are_said_to_prove_invoices_line_by_line_or_all_at_once()
    {
        var consultation = Guid.Parse("019aa000-0000-7000-8000-000000000001");
        Platform.Batches.All.Add(FakeBatches.Progress(FakeBatches.First, BatchState.Ended, 2, 0, refused: 1));
        Platform.Batches.Lines.AddRange([new() { Line = 1, State = BatchLineState.Answered, Answer = Samples.Found() with { Id = consultation } }, new() { Line = 2, State = BatchLineState.Refused, Code = "line-failed" }]);
        Platform.Batches.Expired = 1;
        var page = Opened();
        await page.WaitForElement("[data-testid=batch-show-lines]", Patience).ClickAsync(new());
        var line = page.WaitForElement("[data-testid=invoice-use-1]", Patience);
        Assert.Equal("Utilisée pour une facture\u00a0: ligne 1", line.GetAttribute("aria-label"));
        Assert.Empty(page.FindAll("[data-testid=invoice-use-2]"));

        Platform.Batches.TooOld = true;
        await line.ClickAsync(new());
        Assert.Contains("durée de conservation", page.WaitForElement("[data-testid=line-1] [data-testid=trouble]", Patience).TextContent, StringComparison.Ordinal);
        Platform.Batches.TooOld = false;
        await page.Find("[data-testid=invoice-use-1]").ClickAsync(new());
        Assert.Equal("Notée comme preuve d’une facture.", page.WaitForElement("[data-testid=invoice-use-1-done]", Patience).TextContent);
        Assert.Empty(page.FindAll("[data-testid=trouble]"));

        await page.Find("[data-testid=invoice-use-batch]").ClickAsync(new());
        Assert.Equal("Réponses notées comme preuves de factures\u00a0: 1. Trop anciennes, à consulter de nouveau\u00a0: 1.", page.WaitForElement("[data-testid=invoice-use-batch-done]", Patience).TextContent);
        Assert.Equal([(consultation, "invoice"), (consultation, "invoice"), (FakeBatches.First, "invoice")], Platform.Batches.Used);
    }

    [Fact]
    public async Task What_comes_too_soon_by_itself_comes_a_little_later_and_blames_nobody()
    {
        Platform.Batches.All.Add(FakeBatches.Progress(FakeBatches.First, BatchState.UnderWay, 2, 1));
        Platform.Batches.Lines.AddRange([new() { Line = 1, State = BatchLineState.Refused, Code = "line-failed" }, new() { Line = 2, State = BatchLineState.Waiting, NextTry = Samples.Now }]);
        var page = Opened();
        // Another window has just had them: who clicks is told.
        Platform.Batches.TooSoon = 1;
        await page.WaitForElement("[data-testid=batch-show-lines]", Patience).ClickAsync(new());
        Assert.Equal("results-just-given", page.WaitForElement("[data-testid=trouble]", Patience).GetAttribute("data-code"));
        await page.Find("[data-testid=batch-show-lines]").ClickAsync(new());
        page.WaitForElement("[data-testid=line-2][data-state=waiting]", Patience);
        var notices = 0;
        page.OnMarkupUpdated += (_, _) => notices += page.FindAll("[data-testid=trouble]").Count;

        // The last change: the page does not look again.
        Platform.Batches.TooSoon = 3;
        Platform.Batches.Lines[1] = new() { Line = 2, State = BatchLineState.Refused, Code = "line-failed" };
        Platform.Batches.All[0] = FakeBatches.Progress(FakeBatches.First, BatchState.Ended, 2, 0, refused: 2);

        page.WaitForElement("[data-testid=line-2][data-state=refused]", Patience);
        Assert.Equal(0, notices);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task A_file_that_is_not_given_says_why_and_leads_back(string format)
    {
        Platform.Batches.TooSoon = 1;
        using var browser = await Portal.SignedInAsync();

        using var refused = await browser.GetAsync(BatchResultsFile.PathOf(FakeBatches.First, format), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.TooManyRequests, "text/html"), (refused.StatusCode, refused.Content.Headers.ContentType!.MediaType));
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Ces résultats viennent de vous être donnés.", page.QuerySelector("[data-testid=trouble]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Attendez quelques secondes.", page.QuerySelector("[data-testid=trouble]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/lots/{FakeBatches.First}", page.QuerySelector("[data-testid=batch-back]")!.GetAttribute("href"));
        Assert.Contains("no-store", refused.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_is_cancelled_in_two_steps()
    {
        Platform.Batches.All.Add(FakeBatches.Progress(FakeBatches.First, BatchState.UnderWay, 40, 30));
        var page = Opened();
        await page.WaitForElement("[data-testid=batch-cancel]", Patience).ClickAsync(new());
        Assert.Equal(BatchState.UnderWay, Platform.Batches.All[0].State);
        Assert.Contains("30 lignes", page.Find("[data-testid=batch-cancel-now]").TextContent, StringComparison.Ordinal);

        await page.Find("[data-testid=batch-cancel-now]").ClickAsync(new());

        page.WaitForElement("[data-testid=batch][data-state=cancelled]", Patience);
        Assert.Empty(page.FindAll("[data-testid=batch-cancel]"));
    }

    [Fact]
    public async Task A_colleagues_is_not_cancelled_and_says_why_however_often_the_page_looks()
    {
        Platform.Batches.All.Add(FakeBatches.Progress(FakeBatches.First, BatchState.UnderWay, 40, 30));
        Platform.Batches.OfColleague = true;
        var page = Opened();
        await page.WaitForElement("[data-testid=batch-cancel]", Patience).ClickAsync(new());
        await page.Find("[data-testid=batch-cancel-now]").ClickAsync(new());
        page.WaitForElement("[data-testid=trouble]", Patience);

        Platform.Batches.All[0] = FakeBatches.Progress(FakeBatches.First, BatchState.UnderWay, 40, 7);

        page.WaitForState(() => page.Find("[data-testid=batch-counts]").TextContent.Contains("33", StringComparison.Ordinal), Patience);
        Assert.Contains("celui d'un collègue", page.Find("[data-testid=trouble]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_there_says_so_and_an_erased_one_gives_nothing()
    {
        Assert.Contains("n'existe pas dans votre établissement", Opened().WaitForElement("[data-testid=trouble]", Patience).TextContent, StringComparison.Ordinal);
        Platform.Batches.All.Add(FakeBatches.Progress(FakeBatches.First, BatchState.Erased, 3, 0));
        var page = Opened();
        page.WaitForElement("[data-testid=batch-erased]", Patience);
        Assert.Empty(page.FindAll("[data-testid=batch-lines], [data-testid^=results-]"));
    }

    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("json", "application/json")]
    public async Task The_results_are_fetched_with_the_persons_token_by_nobody_else_and_their_name_is_an_id(string format, string type)
    {
        var path = BatchResultsFile.PathOf(FakeBatches.First, format);
        using var stranger = Portal.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        using var browser = await Portal.SignedInAsync();

        using var file = await browser.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, type), (file.StatusCode, file.Content.Headers.ContentType!.MediaType));
        Assert.Equal($"lot-{FakeBatches.First}.{format}", file.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Contains("no-store", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    private IRenderedComponent<BatchPage> Opened() => Render<BatchPage>(page => page.Add(p => p.Id, FakeBatches.First));

    private static string Bare(AngleSharp.Dom.IElement row) => string.Concat(row.QuerySelectorAll("th, td").Select(cell => cell.TextContent.Trim()));
}
