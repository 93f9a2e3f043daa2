using System.Text;
using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Batches;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;

namespace Cdr.Portal.Tests;

public sealed class BatchesPageTests : Circuit
{
    private const string Csv = "nir;motif\r\n2 84 05 75 112 901 54;emergency\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_file_is_handed_in_as_it_is_and_leads_to_its_own_page()
    {
        var page = Opened();
        Choose(page, "Mme DURAND.CSV", Csv);
        await page.Find("[data-testid=batch-reason]").ChangeAsync(new() { Value = "invoice-rejected" });

        await page.Find("form").SubmitAsync();

        page.WaitForState(() => Address.EndsWith($"/lots/{FakeBatches.First}", StringComparison.Ordinal), Patience);
        var (type, text, reason, key) = Assert.Single(Platform.Batches.Sent);
        Assert.Equal(("text/csv", Csv, "invoice-rejected"), (type, text, reason));
        Assert.Equal(32, key.Length);
        // The name of the file stays on the post.
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("DURAND", StringComparison.OrdinalIgnoreCase) || seen.Contains("2840575", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_files_that_are_chosen_quickly_the_last_one_is_handed_in()
    {
        var page = Opened();
        var (slow, other) = (new SlowFile("premier.csv", "nir;motif\r\n1 55 08 14 168 025 38;emergency\r\n"), new SlowFile("second.csv", Csv));
        var input = page.FindComponent<InputFile>().Instance;
        Task ChooseAsync(SlowFile file) => page.InvokeAsync(() => input.OnChange.InvokeAsync(new InputFileChangeEventArgs([file])));
        other.Come();
        var first = ChooseAsync(slow);
        await ChooseAsync(other);
        Assert.False(page.Find("[data-testid=batch-send]").HasAttribute("disabled"));
        slow.Come();
        await first;

        Assert.Contains("second.csv", page.Find("[data-testid=batch-file-taken]").TextContent, StringComparison.Ordinal);
        await page.Find("form").SubmitAsync();
        page.WaitForState(() => Platform.Batches.Sent.Count == 1, Patience);
        Assert.Equal(Csv, Platform.Batches.Sent[0].Text);

        // Nor does it come in place of one that is none.
        page = Opened();
        input = page.FindComponent<InputFile>().Instance;
        slow = new SlowFile("premier.csv", Csv);
        first = ChooseAsync(slow);
        await ChooseAsync(new SlowFile("lot.xlsx", "PK"));
        slow.Come();
        await first;
        Assert.Equal("Un fichier dont le nom finit par .csv ou .json est attendu.", page.Find("[data-testid=batch-file-error]").TextContent);
        Assert.Empty(page.FindAll("[data-testid=batch-file-taken]"));
    }

    [Fact]
    public async Task Wrong_lines_are_named_one_by_one_and_nothing_that_was_given_is_lost()
    {
        Platform.Batches.Refusal = (400, "2 lignes ne sont pas bonnes : rien n'a été accepté.", new()
        {
            ["code"] = "batch-lines-wrong", ["faultCount"] = 2,
            ["faults"] = new[] { new BatchFault(1, 2, "nir", "nir-key-wrong", "La clé ne correspond pas."), new BatchFault(3, 4, "beneficiaryBirthDate", "date-unreadable", "La date n'est pas lisible.") },
        });
        var page = Opened();
        Choose(page, "lot.csv", Csv);
        await page.Find("[data-testid=batch-reason]").ChangeAsync(new() { Value = "patient-absent" });

        await page.Find("form").SubmitAsync();

        var faults = page.WaitForElements("[data-testid=batch-fault]", Patience);
        Assert.Equal(["2nirLa clé ne correspond pas.", "4dateNaissanceBeneficiaireLa date n'est pas lisible."], faults.Select(row => row.TextContent));
        Assert.Equal("alert", page.Find("[data-testid=batch-refused]").GetAttribute("role"));
        Assert.Contains("Ligne du fichier", page.Find("[data-testid=batch-faults]").TextContent, StringComparison.Ordinal);
        Assert.Equal("patient-absent", page.Find("[data-testid=batch-reason]").GetAttribute("value"));

        // The corrected one: what was wrong stays to be read until it is sent.
        Choose(page, "lot.csv", Csv.Replace("54", "55", StringComparison.Ordinal));
        Assert.NotEmpty(page.FindAll("[data-testid=batch-fault]"));
        await page.Find("form").SubmitAsync();
        page.WaitForState(() => Platform.Batches.Sent.Count == 2, Patience);
        Assert.Equal("patient-absent", Platform.Batches.Sent[1].Reason);
        Assert.NotEqual(Platform.Batches.Sent[0].Key, Platform.Batches.Sent[1].Key);
    }

    [Fact]
    public async Task Where_a_file_cannot_be_read_its_line_and_column_are_told()
    {
        Platform.Batches.Refusal = (400, "Une colonne n'est pas connue.", new() { ["code"] = "column-unknown", ["fileLine"] = 1, ["column"] = 3 });
        var page = Opened();
        Choose(page, "lot.csv", Csv);

        await page.Find("form").SubmitAsync();

        Assert.Equal("Ligne 1 du fichier, colonne n° 3.", page.WaitForElement("[data-testid=batch-file-line]", Patience).TextContent);
    }

    [Fact]
    public async Task After_a_silence_the_same_file_is_sent_again_and_is_one_batch()
    {
        Platform.Batches.Refusal = (503, "Le journal ne répond pas.", new() { ["code"] = "journal-unavailable" });
        var page = Opened();
        Choose(page, "lot.json", "[]");
        await page.Find("form").SubmitAsync();

        await page.WaitForElement("[data-testid=retry]", Patience).ClickAsync(new());

        page.WaitForState(() => Platform.Batches.Sent.Count == 2, Patience);
        Assert.Equal(Platform.Batches.Sent[0], Platform.Batches.Sent[1]);
        Assert.Equal("application/json", Platform.Batches.Sent[0].Type);
    }

    [Theory]
    [InlineData(null, "", "Choisissez un fichier.")]
    [InlineData("lot.xlsx", "PK", "Un fichier dont le nom finit par .csv ou .json est attendu.")]
    [InlineData("lot.csv", "", "Le fichier est vide.")]
    public async Task What_is_no_file_of_questions_is_told_and_not_sent(string? name, string text, string words)
    {
        var page = Opened();
        if (name is not null)
            Choose(page, name, text);

        await page.Find("form").SubmitAsync();

        Assert.Equal(words, page.WaitForElement("[data-testid=batch-file-error]", Patience).TextContent);
        Assert.Equal("true", page.Find("[data-testid=batch-file]").GetAttribute("aria-invalid"));
        Assert.Empty(Platform.Batches.Sent);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_even_read()
    {
        var page = Opened();
        Choose(page, "lot.csv", new string('x', SentFile.MostBytes + 1));

        Assert.Contains("dépasse 1 Mio", page.WaitForElement("[data-testid=batch-file-error]", Patience).TextContent, StringComparison.Ordinal);
        await page.Find("form").SubmitAsync();
        Assert.Empty(Platform.Batches.Sent);
    }

    [Fact]
    public void Ones_own_files_are_followed_and_a_silence_says_since_when()
    {
        Platform.Batches.All.Add(FakeBatches.Progress(FakeBatches.First, BatchState.UnderWay, 40, 30, postponed: 5));
        var page = Opened();
        Assert.Contains("10 lignes traitées sur 40. 5 attendent un régime silencieux", Text(page.WaitForElement("[data-testid=batch-counts]", Patience)), StringComparison.Ordinal);
        Assert.Equal($"/lots/{FakeBatches.First}/resultats.csv", page.Find($"[data-testid=results-csv-{FakeBatches.First}]").GetAttribute("href"));

        Platform.Batches.All[0] = FakeBatches.Progress(FakeBatches.First, BatchState.UnderWay, 40, 8, refused: 2);
        page.WaitForState(() => Text(page.Find("[data-testid=batch-counts]")).StartsWith("32 lignes traitées sur 40. 2 refusées.", StringComparison.Ordinal), Patience);
        Platform.Batches.Silent = true;
        page.WaitForState(() => page.Find("[data-testid=batches-following]").TextContent.Contains("Suivi interrompu", StringComparison.Ordinal), Patience);
        Assert.Contains("32 lignes traitées", page.Markup, StringComparison.Ordinal);
        Platform.Batches.Silent = false;
        Platform.Batches.All[0] = FakeBatches.Progress(FakeBatches.First, BatchState.Ended, 40, 0, refused: 2);
        page.WaitForElement("[data-testid^=batch-][data-state=ended]", Patience);
        Assert.Empty(page.Find("[data-testid=batches-following]").TextContent);
    }

    [Fact]
    public void Nobody_who_handed_in_nothing_sees_an_empty_table() => Opened().WaitForElement("[data-testid=batches-empty]", Patience);

    [Fact]
    public void Others_are_told_that_it_is_not_theirs()
    {
        Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant(CdrRoles.Operations))));
        Render<BatchesPage>().WaitForElement("[data-testid=batches-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/batches", StringComparison.Ordinal));
    }

    private string Address => Services.GetRequiredService<NavigationManager>().Uri;

    private IRenderedComponent<BatchesPage> Opened()
    {
        var page = Render<BatchesPage>();
        page.WaitForElement("[data-testid=batch-file]", Patience);
        return page;
    }

    private static void Choose(IRenderedComponent<BatchesPage> page, string name, string text) => page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(text, name));

    private static string Text(AngleSharp.Dom.IElement element) => string.Join(' ', element.TextContent.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }

    /// <summary>Its bytes come when the test says so.</summary>
    private sealed class SlowFile(string name, string text) : IBrowserFile
    {
        private readonly TaskCompletionSource come = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => name;

        public DateTimeOffset LastModified => Samples.Now;

        public long Size => Encoding.UTF8.GetByteCount(text);

        public string ContentType => "text/csv";

        public void Come() => come.TrySetResult();

        public Stream OpenReadStream(long maxAllowedSize = 512_000, CancellationToken cancellationToken = default) => new Bytes(Encoding.UTF8.GetBytes(text), come.Task);

        private sealed class Bytes(byte[] bytes, Task come) : MemoryStream(bytes)
        {
            public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
            {
                await come.WaitAsync(cancellationToken);
                await base.CopyToAsync(destination, bufferSize, cancellationToken);
            }
        }
    }
}
