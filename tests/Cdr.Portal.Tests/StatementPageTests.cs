using System.Net;
using Bunit;
using Cdr.Portal.Answers;
using Cdr.Portal.Tests.Fakes;
using TestContext = Xunit.TestContext;

namespace Cdr.Portal.Tests;

public sealed class StatementPageTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Guid Consultation = Guid.Parse("019aa000-0000-7000-8000-000000000001");

    [Fact]
    public void The_paper_says_what_it_is_not_worth_its_code_and_each_section_with_its_freshness()
    {
        var page = Opened();
        var paper = page.WaitForElement("[data-testid=paper]", Patience);

        Assert.Contains("ne vaut ni attestation de droits ni accord de prise en charge", paper.TextContent, StringComparison.Ordinal);
        Assert.Equal("Une réponse ancienne ne vaut pas preuve.", page.Find("[data-testid=statement-warning]").TextContent);
        Assert.Equal("7K2QM-0X4TB-9FRWC-H5N8V-E3JD0", page.Find("[data-testid=statement-code]").TextContent);
        Assert.All(page.FindAll("[data-testid=statement-section]"), section => Assert.Contains("Réponse ancienne.", section.TextContent, StringComparison.Ordinal));
        Assert.Contains($"POST /api/consultations/{Consultation}/statements", Platform.Seen);
        Assert.Equal($"/consultations/{Consultation}/releve.pdf", page.Find("[data-testid=statement-pdf]").GetAttribute("href"));
    }

    [Fact]
    public async Task What_the_next_patient_must_not_read_is_for_the_printer_alone_until_asked_for()
    {
        var page = Opened();
        page.WaitForElement("[data-testid=statement-section][data-folded=true] .lines.print-only", Patience);

        await page.WaitForElement("[data-testid=statement-section][data-folded=true] button", Patience).ClickAsync(new());
        page.WaitForState(() => page.FindAll("[data-folded=true], .lines.print-only").Count == 0, Patience);
        Assert.Contains("Ce que le suivant ne lit pas.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_fetched_with_the_persons_token_and_by_nobody_else()
    {
        using var stranger = Portal.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync(StatementFile.PathOf(Consultation), TestContext.Current.CancellationToken)).StatusCode);
        using var browser = await Portal.SignedInAsync();
        using var file = await browser.GetAsync(StatementFile.PathOf(Consultation), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (file.StatusCode, file.Content.Headers.ContentType!.MediaType));
        Assert.Equal($"releve-{Consultation}.pdf", file.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal("%PDF-1.7", await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private IRenderedComponent<StatementPage> Opened() => Render<StatementPage>(parameters => parameters.Add(page => page.Id, Consultation));
}
