using System.Text;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A file is taken whole or not at all, and what is wrong is named by its line and field, never by its value.</summary>
public sealed class FileReadingTests(FileReadingTests.Embedded embedded) : IClassFixture<FileReadingTests.Embedded>
{
    private RightsWorld World => embedded.World;

    private string Nir => World.Regimes.People.Case("cnam").Nir;

    [Theory]
    [InlineData("nir;motif;regime\r\n{0};emergency;cnam\r\n")]
    [InlineData("\uFEFFnir;motif;regime\n{0};emergency;cnam")]
    [InlineData("NIR,Reason,Regime\r\n\"{0}\",emergency,\"cnam\"\r\n\r\n")]
    [InlineData("nir\tmotif\tregime\n{0}\temergency\tcnam\n")]
    [InlineData("reference;nir;motif;regime\r\n\"F;1 \"\"bis\"\"\r\nsuite\";{0};emergency;cnam\r\n")]
    [InlineData("nir;motif;regime;dateSoins;exhaustif\r\n{0};emergency;cnam;;non\r\n")]
    public async Task A_table_of_any_spreadsheet_is_read(string file) =>
        Assert.Equal(1, (await World.Host.UploadAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, file, Nir), "text/csv").ProgressAsync()).Lines);

    [Fact]
    public async Task A_cell_with_separators_quotes_and_line_ends_comes_back_as_it_was()
    {
        var batch = await World.Host.UploadAsync($"reference;nir;regime\r\n\"F;1 \"\"bis\"\"\r\nsuite\";{Nir};cnam\r\n", "text/csv; charset=utf-8", reason: "emergency").ProgressAsync();
        await World.Host.EndedAsync(batch);
        Assert.Equal("F;1 \"bis\"\r\nsuite", Assert.Single((await World.Host.ResultsAsync(batch)).Lines).Reference);
    }

    [Fact]
    public async Task Names_and_a_birth_date_are_a_person_too()
    {
        var person = World.Regimes.People.All().First(p => p.Memberships.Any(m => m.Regime == "cnam")).Person;
        var batch = await World.Host.UploadAsync($"nom;prénom;dateNaissance;motif;regime\r\n{person.FamilyName};{person.GivenName};{person.BirthDate.Iso};emergency;cnam\r\n", "text/csv").ProgressAsync();
        Assert.Equal(1, (await World.Host.EndedAsync(batch)).Answered);
    }

    [Theory]
    [InlineData("", "text/csv", "file-empty", null)]
    [InlineData("nir;motif\r\n", "text/csv", "file-empty", null)]
    [InlineData("[]", "application/json", "file-empty", null)]
    [InlineData("{}", "application/json", "file-unreadable", null)]
    [InlineData("[{\"\\ud800\":1}]", "application/json", "batch-lines-wrong", null)]
    [InlineData("[\n{},\n{\n]", "application/json", "file-unreadable", 4)]
    [InlineData("nir;motif\r\n\"1;emergency\r\n", "text/csv", "file-unreadable", 2)]
    [InlineData("nir;motif\r\n1\"2;emergency\r\n", "text/csv", "file-unreadable", 2)]
    [InlineData("1840775056042;emergency\r\n", "text/csv", "column-unknown", 1)]
    [InlineData("nir;motif;nir\r\n", "text/csv", "column-twice", 1)]
    public async Task A_file_that_is_none_is_refused_as_a_whole(string file, string type, string code, int? line)
    {
        var problem = await World.Host.UploadAsync(file, type).ProblemAsync();
        Assert.Equal((400, code), (problem.Status, problem.Code));
        Assert.Equal(line, JsonNode.Parse(problem.Text)!["fileLine"]?.GetValue<int>());
        Assert.DoesNotContain("1840775056042", problem.Text, StringComparison.Ordinal);
    }

    /// <summary>Where it stands, always; its name only where that is a word, as no number, no date and no two names are.</summary>
    [Theory]
    [InlineData("""[{"nir":"NIR","reason":"emergency"},{"nir":"NIR","telephone":"x","reason":"emergency"}]""", 2, null, "Le membre n° 2 n’est pas connu.")]
    [InlineData("""[{"nir":"NIR","prenom":"x","reason":"emergency"}]""", 1, null, "Le membre n° 2, « prenom », n’est pas connu.")]
    [InlineData("""[{"nir":"NIR","Reason":"emergency"}]""", 1, null, "Le membre n° 2, « Reason », n’est pas connu.")]
    [InlineData("""[{"lavandier":"camille","nir":"NIR","reason":"emergency"}]""", 1, null, "Le membre n° 1 n’est pas connu.")]
    [InlineData("""[{"nir":"NIR","reason":"emergency","1840775056042":1}]""", 1, null, "Le membre n° 3 n’est pas connu.")]
    [InlineData("""[{"Lavandier Camille":1,"nir":"NIR","reason":"emergency"}]""", 1, null, "Le membre n° 1 n’est pas connu.")]
    [InlineData("""[{"nir":"NIR","abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz":1}]""", 1, null, "Le membre n° 2 n’est pas connu.")]
    [InlineData("""[{"nir":"NIR","names":{"familyName":"A","givenName":"B","middleName":"C"}}]""", 1, "names", "Le membre n° 3 de « names » n’est pas connu.")]
    [InlineData("""[{"names":{"familyName":"A","12/05/1984":"C"}}]""", 1, "names", "Le membre n° 2 de « names » n’est pas connu.")]
    public async Task A_member_that_is_not_known_is_told_by_its_place(string file, int line, string? field, string message)
    {
        var problem = await World.Host.UploadAsync(file.Replace("NIR", Nir, StringComparison.Ordinal)).ProblemAsync();

        var fault = Assert.Single(JsonNode.Parse(problem.Text)!["faults"]!.AsArray())!;
        Assert.Equal((line, field, "member-unknown"), (fault["line"]!.GetValue<int>(), fault["field"]?.GetValue<string>(), fault["code"]!.GetValue<string>()));
        Assert.StartsWith(message, fault["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.All(["1840775056042", "Lavandier", "1984", "abcdef"], text => Assert.DoesNotContain(text, problem.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nir;motif;telephone\r\n", 1, 3)]
    [InlineData("\r\nnir;1840775056042\r\n", 2, 2)]
    // Without a first line of names it is a person's: a heading is never repeated.
    [InlineData("Lavandier;Camille\r\n", 1, 1)]
    public async Task A_column_that_is_not_known_is_told_by_its_place(string file, int line, int column)
    {
        var problem = await World.Host.UploadAsync(file, "text/csv").ProblemAsync();

        var said = JsonNode.Parse(problem.Text)!;
        Assert.Equal(("column-unknown", line, column), (problem.Code, said["fileLine"]!.GetValue<int>(), said["column"]!.GetValue<int>()));
        Assert.Equal($"La colonne n° {column} de la ligne {line} n’est pas connue.", said["title"]!.GetValue<string>());
        Assert.All(["1840775056042", "Lavandier", "Camille", "telephone"], text => Assert.DoesNotContain(text, problem.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_encoding_is_named_and_not_guessed()
    {
        var latin = Encoding.Latin1.GetBytes("nom;prenom;dateNaissance;motif\r\nLefèvre;Zoé;1984-07-01;emergency\r\n");
        Assert.Equal("file-encoding", (await World.Host.UploadAsync(latin, "text/csv").ProblemAsync()).Code);
        Assert.Equal("content-type-unsupported", (await World.Host.UploadAsync(latin, "text/csv; charset=iso-8859-1").ProblemAsync()).Code);
        Assert.Equal(415, (await World.Host.UploadAsync(latin, "text/plain").ProblemAsync()).Status);
    }

    [Fact]
    public async Task Five_hundred_questions_are_a_file_and_one_more_is_not()
    {
        // More than a question may take: 64 Kio.
        var line = new { reference = new string('r', 100), nir = Nir, reason = "emergency", regime = "cnam" };
        var full = await World.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(line, 500)), key: "cinq-cents").ProgressAsync();
        Assert.Equal(500, full.Lines);
        await World.Host.SendAsync(World.Host.Request(HttpMethod.Post, full.Links.Cancel)).ProgressAsync();
        Assert.Equal("file-too-long", (await World.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(line, 501))).ProblemAsync()).Code);
        Assert.Equal(413, (await World.Host.UploadAsync(new string(' ', 1_100_000)).ProblemAsync()).Status);
    }

    [Fact]
    public async Task A_birth_date_to_come_is_a_wrong_line()
    {
        var problem = await World.Host.UploadAsync("nom;prenom;dateNaissance;motif\r\nLavandier;Camille;12/05/2084;emergency\r\n", "text/csv").ProblemAsync();
        var fault = Assert.Single(JsonNode.Parse(problem.Text)!["faults"]!.AsArray());
        Assert.Equal((1, "birthDate", "birth-date-future"), (fault!["line"]!.GetValue<int>(), fault["field"]!.GetValue<string>(), fault["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Every_wrong_line_is_named_and_nothing_is_accepted()
    {
        var wrong = Nir[..12] + "A";
        var before = await CountAsync();
        var csv = await World.Host.UploadAsync($"nir;motif;rangNaissance\r\n{Nir};emergency;\r\n\r\n{wrong};emergency;\r\n{Nir};pourquoi;\r\n{Nir};emergency;premier\r\n{Nir}\r\n", "text/csv").ProblemAsync();
        Assert.Equal((400, "batch-lines-wrong"), (csv.Status, csv.Code));
        Assert.Equal(
            [(2, 4, "nir"), (3, 5, "reason"), (4, 6, "birthRank"), (5, 7, null)],
            JsonNode.Parse(csv.Text)!["faults"]!.AsArray().Select(f => (f!["line"]!.GetValue<int>(), f["fileLine"]!.GetValue<int>(), f["field"]?.GetValue<string>())));
        var json = await World.Host.UploadAsync($$"""[{"nir":"{{Nir}}","reason":"emergency"},{"nir":12},{"nir":"{{Nir}}","{{wrong}}":1},{"nir":"{{Nir}}"},7,{"nir":"{{wrong}}","reason":"emergency","careDate":"2026-02-30"}]""").ProblemAsync();
        Assert.Equal(
            [(2, "nir", "member-unreadable"), (3, null, "member-unknown"), (4, "reason", "consultation-reason-missing"), (5, null, "line-unreadable"), (6, "nir", "nir-character")],
            JsonNode.Parse(json.Text)!["faults"]!.AsArray().Select(f => (f!["line"]!.GetValue<int>(), f["field"]?.GetValue<string>(), f["code"]!.GetValue<string>())));
        Assert.All([csv.Text, json.Text], text => Assert.DoesNotContain(wrong[..8], text, StringComparison.Ordinal));
        Assert.Equal(before, await CountAsync());
    }

    private async Task<int> CountAsync() =>
        (await System.Text.Json.JsonSerializer.DeserializeAsync<BatchProgress[]>(await (await World.Host.GetAsync("/api/batches")).Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), System.Text.Json.JsonSerializerOptions.Web, TestContext.Current.CancellationToken))!.Length;

    /// <summary>One host for all files.</summary>
    public sealed class Embedded : IAsyncLifetime
    {
        internal RightsWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "500" } });

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
