using System.Net.Http.Headers;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Statements;
using Cdr.Rights.Tests.Harness;
using Cdr.Rights.Tests.Statements;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Features;

/// <summary>A statement made, printed and verified.</summary>
public sealed class StatementTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_statement_is_made_printed_and_verified_and_any_letter_changed_is_refused(bool onPostgres)
    {
        await using var world = await StartAsync(onPostgres ? new WorldSetup { Postgres = await servers.PostgresAsync() } : new WorldSetup());
        var answer = await AskAsync(world);

        var statement = await MakeAsync(world, answer.Id);
        using var printed = await ReadAsync(world, answer.Id, "application/pdf");
        var pdf = await printed.BytesAsync();

        Assert.Equal("application/pdf", printed.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"releve-{answer.Id}.pdf", printed.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("nosniff", printed.Headers.GetValues("X-Content-Type-Options").Single());
        var text = PdfText.Flowing(pdf);
        Assert.Contains(statement.Code, text, StringComparison.Ordinal);
        Assert.Contains("ne vaut ni attestation de droits ni accord de prise en charge", text, StringComparison.Ordinal);
        Assert.Contains(answer.Affiliations[0].Beneficiary.FamilyName, text, StringComparison.Ordinal);
        // The establishment that asked, by the journal's word: it confirms what the paper says.
        var asked = Assert.Single(await world.Host.RecordsAsync(answer.Id), record => record.Kind == RecordKind.Answered).Establishment;
        Assert.Equal(asked, Assert.Single(statement.Reference, line => line.Label == "Établissement (FINESS)").Text);
        Assert.Contains(asked, text, StringComparison.Ordinal);
        Assert.Equal(new StatementVerification(true, answer.AnsweredAt, false), await VerifyAsync(world, statement.Code));
        Assert.Equal(new StatementVerification(true, answer.AnsweredAt, false), await VerifyAsync(world, Uri.EscapeDataString(statement.Code.ToLowerInvariant().Replace('-', ' '))));
        foreach (var place in Enumerable.Range(0, statement.Code.Length).Where(place => statement.Code[place] != '-'))
        {
            var wrong = statement.Code.ToCharArray();
            wrong[place] = VerificationCode.Alphabet[(VerificationCode.Alphabet.IndexOf(wrong[place], StringComparison.Ordinal) + 7) % 32];
            Assert.Equal(new StatementVerification(false, null, true), await VerifyAsync(world, new string(wrong)));
        }

        // Well formed, and nobody's.
        Assert.Equal(new StatementVerification(false, null, false), await VerifyAsync(world, VerificationCode.Of(new byte[15]).ToString()));
    }

    [Fact]
    public async Task What_is_printed_is_the_same_as_JSON_and_the_same_answer_has_the_same_code_whoever_prints_it_again()
    {
        await using var world = await StartAsync();
        var answer = await AskAsync(world);

        var statements = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MakeAsync(world, answer.Id)));
        var again = await MakeAsync(world, answer.Id, new TestCaller { Subject = "another-clerk" });
        using var read = await ReadAsync(world, answer.Id, "application/json");

        var texts = statements.Append(again).Select(one => JsonSerializer.Serialize(one)).Append(JsonSerializer.Serialize(Statement(await read.BytesAsync()))).ToList();
        Assert.Single(texts.Distinct());
        await using var db = world.Host.Journal();
        Assert.Single(await db.Statements.ToListAsync(Cancellation));
        Assert.NotEqual(again.Code, (await MakeAsync(world, (await AskAsync(world)).Id)).Code);
    }

    [Fact]
    public async Task A_statement_is_a_use_and_each_time_it_is_seen_is_a_reading()
    {
        await using var world = await StartAsync();
        var answer = await AskAsync(world);

        await MakeAsync(world, answer.Id);
        await MakeAsync(world, answer.Id);
        using var read = await ReadAsync(world, answer.Id, "application/pdf");

        var records = await world.Host.RecordsAsync(answer.Id);
        Assert.Equal("statement", Assert.Single(records, record => record.Kind == RecordKind.Used).Regimes);
        Assert.Equal(3, records.Count(record => record.Kind == RecordKind.Read));
    }

    [Fact]
    public async Task It_moves_the_answer_to_the_clock_of_proofs_and_its_code_outlives_it()
    {
        await using var world = await StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var (printed, other) = (await AskAsync(world), await AskAsync(world));
        var statement = await MakeAsync(world, printed.Id);

        Assert.Equal(0, (await Journal.ToolRun.RunAsync(world, In(13), "purge")).Code);
        Assert.Equal(1, await world.Host.CountAsync(printed.Id, RecordKind.Answered));
        Assert.Equal(0, await world.Host.CountAsync(other.Id, RecordKind.Answered));

        Assert.Equal(0, (await Journal.ToolRun.RunAsync(world, In(43), "purge")).Code);
        Assert.Equal(0, await world.Host.CountAsync(printed.Id, RecordKind.Answered));
        Assert.Equal(new StatementVerification(true, printed.AnsweredAt, false), await VerifyAsync(world, statement.Code));
        Assert.Equal(404, (await ReadAsync(world, printed.Id, "application/pdf").ProblemAsync()).Status);
    }

    [Fact]
    public async Task Another_establishment_neither_makes_nor_reads_it()
    {
        await using var world = await StartAsync();
        var answer = await AskAsync(world);
        var elsewhere = new TestCaller { Finess = "590991014" };

        Assert.Equal(404, (await world.Host.SendAsync(Make(world, answer.Id, elsewhere)).ProblemAsync()).Status);
        Assert.Equal("statement-not-found", (await ReadAsync(world, answer.Id, "application/json").ProblemAsync()).Code);
        await MakeAsync(world, answer.Id);
        Assert.Equal("statement-not-found", (await ReadAsync(world, answer.Id, "application/pdf", elsewhere).ProblemAsync()).Code);
    }

    [Fact]
    public async Task A_list_of_persons_has_no_statement()
    {
        await using var world = await StartAsync();
        var answer = await world.Host.AskAsync(new { names = new { familyName = "Giroflée", givenName = "Marie" }, birthDate = "1966-04-25", reason = "emergency" }).AnswerAsync();
        Assert.Equal(ConsultationOutcome.Candidates, answer.Outcome);

        Assert.Equal((409, "statement-of-nobody"), await world.Host.SendAsync(Make(world, answer.Id)).ProblemAsync() is var problem ? (problem.Status, problem.Code) : default);
        // Who was refused saw nothing.
        Assert.Equal(0, await world.Host.CountAsync(answer.Id, RecordKind.Read));
    }

    [Fact]
    public async Task Who_asks_for_a_statement_past_its_time_is_refused_and_has_read_nothing()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await StartAsync(new WorldSetup { Clock = clock });
        var answer = await AskAsync(world);
        clock.Advance(TimeSpan.FromDays(400));
        await Records.UntilAsync("the clock is a year later", () => clock.GetUtcNow() > answer.AnsweredAt.AddDays(399));

        Assert.Equal((410, "consultation-expired"), await world.Host.SendAsync(Make(world, answer.Id)).ProblemAsync() is var problem ? (problem.Status, problem.Code) : default);
        Assert.Equal(0, await world.Host.CountAsync(answer.Id, RecordKind.Read));
    }

    /// <summary>Its key gone: whoever reads it, on paper or not, is told what to do, and has read nothing.</summary>
    [Fact]
    public async Task An_answer_that_does_not_open_is_said_to_be_so_at_every_door()
    {
        using var overheard = new Overheard();
        await using var world = await StartAsync(new WorldSetup { Logs = overheard });
        var (printed, other) = (await AskAsync(world), await AskAsync(world));
        await MakeAsync(world, printed.Id);
        var before = await world.Host.CountAsync(printed.Id, RecordKind.Read);
        await using (var db = world.Host.Journal())
        {
            await db.SealElsewhereAsync(printed.Id);
            await db.SealElsewhereAsync(other.Id);
        }

        foreach (var problem in new[]
        {
            await world.Host.GetAsync($"/api/consultations/{printed.Id}").ProblemAsync(), await ReadAsync(world, printed.Id, "application/pdf").ProblemAsync(),
            await world.Host.SendAsync(Make(world, other.Id)).ProblemAsync(),
        })
            Assert.Equal((500, "answer-not-opened"), (problem.Status, problem.Code));
        using var fhir = await world.Host.GetAsync($"/fhir/CoverageEligibilityResponse/{other.Id}");
        Assert.Equal(500, (int)fhir.StatusCode);
        Assert.Contains("\"code\":\"answer-not-opened\"", await fhir.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal((before, 0, 0), (await world.Host.CountAsync(printed.Id, RecordKind.Read), await world.Host.CountAsync(other.Id, RecordKind.Read), await world.Host.CountAsync(other.Id, RecordKind.Used)));
        Assert.Contains($"The answer of consultation {printed.Id} does not open", overheard.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_found_nobody_has_no_statement_and_no_code()
    {
        await using var world = await StartAsync();
        var answer = await world.Host.AskAsync(new { nir = "2790351215189", reason = "emergency", regime = "cnam" }).AnswerAsync();
        Assert.Equal((ConsultationOutcome.NotFound, 0), (answer.Outcome, answer.Affiliations.Count));

        var problem = await world.Host.SendAsync(Make(world, answer.Id)).ProblemAsync();

        Assert.Equal((409, "statement-without-file"), (problem.Status, problem.Code));
        Assert.Equal(0, await world.Host.CountAsync(answer.Id, RecordKind.Used));
        await using var db = world.Host.Journal();
        Assert.Empty(await db.Statements.ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/pdf")]
    public async Task One_that_was_made_when_such_answers_had_one_is_printed_no_more(string type)
    {
        await using var world = await StartAsync();
        var answer = await world.Host.AskAsync(new { nir = "2790351215189", reason = "emergency", regime = "cnam" }).AnswerAsync();
        var made = await world.Host.Services.GetRequiredService<StatementCodes>().MakeAsync(answer.Id, answer.AnsweredAt, Cancellation);

        var problem = await ReadAsync(world, answer.Id, type).ProblemAsync();

        Assert.Equal((409, "statement-without-file"), (problem.Status, problem.Code));
        Assert.Equal(0, await world.Host.CountAsync(answer.Id, RecordKind.Read));
        // Somebody may hold the paper: it was made, then.
        Assert.True((await VerifyAsync(world, made.Code.ToString())).Genuine);
    }

    [Fact]
    public async Task A_verification_is_the_same_shape_for_everybody_and_a_browser_gets_a_page_that_writes_nothing_back()
    {
        await using var world = await StartAsync();
        var answer = await AskAsync(world);
        var code = (await MakeAsync(world, answer.Id)).Code;

        foreach (var asked in (string[])[code, "7777", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", new string('Z', 2000)])
        {
            using var json = await world.Host.Client.GetAsync("/verify/" + asked, Cancellation);
            Assert.Equal(200, (int)json.StatusCode);
            Assert.Equal(["genuine", "answeredAt", "mistyped"], JsonDocument.Parse(await json.Content.ReadAsStringAsync(Cancellation)).RootElement.EnumerateObject().Select(member => member.Name));
            var page = await PageAsync(world, "/verify/" + asked);
            Assert.Contains(asked == code ? "data-outcome=\"genuine\"" : "data-outcome=\"refused\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
            Assert.DoesNotContain(code, page, StringComparison.Ordinal);
        }

        var said = await PageAsync(world, "/verify/" + code);
        Assert.Contains(StatementWords.Instant(answer.AnsweredAt, "Europe/Paris"), said, StringComparison.Ordinal);
        // A paper may be forged around a code that is genuine.
        Assert.Contains("Code authentique", said, StringComparison.Ordinal);
        Assert.Contains("Le contenu du papier n’est pas vérifié ici\u00a0: l’établissement le confirme par l’identifiant.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Relevé authentique", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_is_verified_where_it_was_typed_and_comes_into_no_address()
    {
        await using var world = await StartAsync();
        var code = (await MakeAsync(world, (await AskAsync(world)).Id)).Code;
        var field = await PageAsync(world, "/verify");
        Assert.DoesNotContain("data-outcome", field, StringComparison.Ordinal);
        Assert.Contains("<form action=\"/verify\" method=\"post\">", field, StringComparison.Ordinal);
        Assert.DoesNotContain("data-outcome", await PageAsync(world, "/verify?code=" + code), StringComparison.Ordinal);

        async Task<string> TypedAsync(HttpContent body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/verify") { Content = body };
            request.Headers.Accept.ParseAdd("text/html");
            using var response = await world.Host.SendAsync(request);
            Assert.Equal((200, null), ((int)response.StatusCode, response.Headers.Location));
            Assert.Equal("/verify", response.RequestMessage!.RequestUri!.PathAndQuery);
            return await response.Content.ReadAsStringAsync(Cancellation);
        }

        Assert.Contains("data-outcome=\"genuine\"", await TypedAsync(Form($"  {code.ToLowerInvariant()} ")), StringComparison.Ordinal);
        foreach (var wrong in (HttpContent[])[Form("284057511290154"), Form(""), Form(new string('7', 50_000)), new StringContent("code=" + code), new StringContent("x", null, "multipart/form-data")])
        {
            var said = await TypedAsync(wrong);
            Assert.Contains("data-outcome=\"refused\"", said, StringComparison.Ordinal);
            Assert.DoesNotContain("284057511290154", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_address_verifies_so_often_and_one_that_asks_too_much_stops_no_other()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Statements:VerificationsPerMinute"] = "5" } });
        async Task<int> StatusAsync(string client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/verify/7777");
            // The test is on this machine, which is believed.
            request.Headers.Add("X-Forwarded-For", client);
            using var response = await world.Host.SendAsync(request);
            return (int)response.StatusCode;
        }

        for (var time = 0; time < 5; time++)
            Assert.Equal(200, await StatusAsync("192.0.2.1"));
        var after = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => StatusAsync("192.0.2.1")));
        Assert.Contains(429, after);
        Assert.Equal(200, await StatusAsync("192.0.2.2"));

        // Whoever has one IPv6 address has 2^64 of them.
        var many = await Task.WhenAll(Enumerable.Range(1, 10).Select(n => StatusAsync($"2001:db8:0:1::{n}")));
        Assert.Contains(429, many);
        Assert.Equal(200, await StatusAsync("2001:db8:0:2::1"));
    }

    [Fact]
    public async Task The_store_keeps_neither_the_code_nor_the_consultation_and_only_grows()
    {
        await using var world = await StartAsync();
        var answer = await AskAsync(world);
        var statement = await MakeAsync(world, answer.Id);
        await using var db = world.Host.Journal();

        Assert.Equal(["AnsweredAt", "CodeHash", "MadeAt"], db.Model.FindEntityType(typeof(StatementRow))!.GetProperties().Select(property => property.Name).Order());
        var row = await db.Statements.SingleAsync(Cancellation);
        Assert.Equal(32, row.CodeHash.Length);
        Assert.DoesNotContain(VerificationCode.Read(statement.Code)!.Letters, System.Text.Encoding.Latin1.GetString(row.CodeHash), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => db.Statements.ExecuteDeleteAsync(Cancellation));
        await Assert.ThrowsAnyAsync<Exception>(() => db.Statements.ExecuteUpdateAsync(set => set.SetProperty(s => s.AnsweredAt, Answers.Now), Cancellation));
    }

    [Fact]
    public async Task Neither_address_nor_telemetry_names_the_person_of_a_statement()
    {
        using var overheard = new Overheard();
        await using var world = await StartAsync(new WorldSetup { Logs = overheard });
        var answer = await AskAsync(world);
        var statement = await MakeAsync(world, answer.Id);
        using var pdf = await ReadAsync(world, answer.Id, "application/pdf");
        await pdf.BytesAsync();
        await VerifyAsync(world, statement.Code);
        await PageAsync(world, "/verify/" + statement.Code);

        Assert.True(overheard.Count > 100);
        var (heard, person) = (overheard.Text(), answer.Affiliations[0]);
        string[] needles = [person.Insured.Nir, StatementWords.Number(person.Insured.Nir, person.Insured.NirKey), person.Beneficiary.BirthDate, StatementWords.Birth(person.Beneficiary.BirthDate), person.Beneficiary.FamilyName];
        Assert.All(needles, needle => Assert.DoesNotContain(needle, heard, StringComparison.OrdinalIgnoreCase));
        Assert.All(needles, needle => Assert.DoesNotContain(needle, statement.VerifyAt!.AbsoluteUri, StringComparison.OrdinalIgnoreCase));
    }

    private static Microsoft.Extensions.Time.Testing.FakeTimeProvider In(int months) => new(TimeProvider.System.GetUtcNow().AddMonths(months).AddDays(2));

    private static Task<RightsWorld> StartAsync(WorldSetup? setup = null) => RightsWorld.StartAsync((setup ?? new WorldSetup()) with
    {
        Settings = new Dictionary<string, string?> { ["Statements:Origin"] = "https://cdr.example.fr", ["Statements:VerificationsPerMinute"] = "10000" },
    });

    private static Task<ConsultationAnswer> AskAsync(RightsWorld world) =>
        world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

    private static HttpRequestMessage Make(RightsWorld world, Guid id, TestCaller? caller = null) => world.Host.Request(HttpMethod.Post, $"/api/consultations/{id}/statements", caller);

    private static async Task<Statement> MakeAsync(RightsWorld world, Guid id, TestCaller? caller = null)
    {
        using var response = await world.Host.SendAsync(Make(world, id, caller));
        var body = await response.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True((int)response.StatusCode == 201, System.Text.Encoding.UTF8.GetString(body));
        Assert.Equal($"/api/consultations/{id}/statements", response.Headers.Location?.OriginalString);
        return Statement(body);
    }

    private static Statement Statement(byte[] body) => JsonSerializer.Deserialize<Statement>(body, JsonSerializerOptions.Web)!;

    private static Task<HttpResponseMessage> ReadAsync(RightsWorld world, Guid id, string accept, TestCaller? caller = null)
    {
        var request = world.Host.Request(HttpMethod.Get, $"/api/consultations/{id}/statements", caller);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return world.Host.SendAsync(request);
    }

    private static FormUrlEncodedContent Form(string code) => new([new("code", code)]);

    private static async Task<StatementVerification> VerifyAsync(RightsWorld world, string code) =>
        JsonSerializer.Deserialize<StatementVerification>(await world.Host.Client.GetStringAsync("/verify/" + code, Cancellation), JsonSerializerOptions.Web)!;

    private static async Task<string> PageAsync(RightsWorld world, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        using var response = await world.Host.SendAsync(request);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
