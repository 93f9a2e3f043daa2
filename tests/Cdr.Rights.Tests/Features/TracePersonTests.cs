using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Tests.Features;

/// <summary>Who asked about this person?</summary>
public sealed class TracePersonTests
{
    private static readonly TestCaller Officer = new() { Role = CdrRoles.DataProtection, Subject = "officer-1" };

    [Fact]
    public async Task Every_access_to_a_person_is_listed_with_its_purpose_whether_by_number_or_by_names()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("msa");
        var byNir = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "msa" }).AnswerAsync();
        var byName = await world.Host.AskAsync(new { names = new { familyName = "Sorbier", givenName = "Bastien" }, birthDate = "1979-11-03", reason = "patient-absent", regime = "msa" }).AnswerAsync();
        await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        using (var read = await world.Host.GetAsync($"/api/consultations/{byNir.Id}"))
            Assert.Equal(200, (int)read.StatusCode);

        var accesses = await TraceAsync(world, person.Nir);

        Assert.True(accesses.Complete);
        // Where the answer was not in time for the same commit, « asked » has a line of its own.
        var lines = accesses.Lines.Where(l => l.What != "asked").ToList();
        Assert.Equal(["answered", "read"], lines.Where(l => l.Consultation == byNir.Id).Select(l => l.What).Order());
        Assert.Equal(["answered"], lines.Where(l => l.Consultation == byName.Id).Select(l => l.What));
        Assert.Equal(3, lines.Count);
        Assert.All(accesses.Lines, line => Assert.False(string.IsNullOrEmpty(line.Reason) || string.IsNullOrEmpty(line.Subject) || string.IsNullOrEmpty(line.Establishment)));
        Assert.Equal(["msa"], accesses.Lines.First(l => l.What == "answered").Regimes);

        // That it was asked is in the journal, and in the next list.
        var again = await TraceAsync(world, person.Nir);
        var traced = Assert.Single(again.Lines, l => l.What == "traced");
        Assert.Equal(("officer-1", CdrRoles.DataProtection, "access-request"), (traced.Subject, traced.Role, traced.Reason));
        Assert.True(await Journal.Chain.VerifyAsync(world.Host) > 0);
    }

    [Fact]
    public async Task Each_person_of_a_list_to_pick_from_finds_that_it_was_shown_and_not_how_many_others_were()
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { names = new { familyName = "Giroflée", givenName = "Marie" }, birthDate = "1966-04-25", reason = "emergency", regime = "cnam" }).AnswerAsync();
        Assert.Equal((ConsultationOutcome.Candidates, 2), (answer.Outcome, answer.Candidates.Count));
        using (var read = await world.Host.GetAsync($"/api/consultations/{answer.Id}"))
            Assert.Equal(200, (int)read.StatusCode);

        foreach (var person in world.Regimes.People.Case("homonyms").Families)
        {
            var lines = (await TraceAsync(world, person.Nir)).Lines.Where(l => l.Consultation == answer.Id && l.What != "asked").ToList();
            Assert.Equal(["read", "shown"], lines.Select(l => l.What).Order());
            Assert.Equal(["cnam"], lines.Single(l => l.What == "shown").Regimes);
        }

        Assert.DoesNotContain((await TraceAsync(world, world.Regimes.People.Case("msa").Nir)).Lines, l => l.Consultation == answer.Id);
        Assert.True(await Journal.Chain.VerifyAsync(world.Host) > 0);
    }

    /// <summary>A proof says who asked about whom, why and when: data protection cannot walk through them unseen.</summary>
    [Fact]
    public async Task A_proof_that_is_read_is_an_access_that_the_person_sees()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("cnam");
        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        using (var proof = await world.Host.GetAsync($"/api/consultations/{answer.Id}/proof", Officer))
            Assert.Equal(200, (int)proof.StatusCode);
        using (var none = await world.Host.GetAsync($"/api/consultations/{Records.NewId()}/proof", Officer))
            Assert.Equal(404, (int)none.StatusCode);

        var line = Assert.Single((await TraceAsync(world, person.Nir)).Lines, one => one.What == "proved");
        Assert.Equal((answer.Id, "officer-1", CdrRoles.DataProtection), (line.Consultation, line.Subject, line.Role));
        using var file = await SendAsync(world, new { nir = person.Nir, purpose = "access-request" }, "text/csv");
        Assert.Contains(";Preuve au journal relue;", Encoding.UTF8.GetString(await file.BytesAsync()), StringComparison.Ordinal);
        Assert.True(await Journal.Chain.VerifyAsync(world.Host) > 0);
    }

    /// <summary>Support keeps the answer of a ticket; whoever is shown it there learns of the person as whoever reads it here.</summary>
    [Fact]
    public async Task Who_reads_an_answer_with_its_ticket_is_an_access_that_the_person_sees()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("cnam");
        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal((204, null), await NoteAsync(world, answer.Id, new { subject = "hotline-1", session = "s1", role = CdrRoles.Hotline }));
        Assert.Equal((204, null), await NoteAsync(world, answer.Id, new { subject = "agent-1", role = CdrRoles.RegimeAgent, regime = "msa" }));
        // Purged: told apart from an address that is not there. Nobody can be named then.
        Assert.Equal((410, "consultation-purged"), await NoteAsync(world, Records.NewId(), new { subject = "hotline-1", role = CdrRoles.Hotline }));
        Assert.Equal((400, "role-unknown"), await NoteAsync(world, answer.Id, new { subject = "hotline-1", role = "surgeon" }));
        Assert.Equal((400, "subject-missing"), await NoteAsync(world, answer.Id, new { subject = "", role = CdrRoles.Hotline }));

        var reads = (await TraceAsync(world, person.Nir)).Lines.Where(line => line.What == "read").OrderBy(line => line.Subject).ToList();
        Assert.Equal(
            [(answer.Id, "agent-1", CdrRoles.RegimeAgent, "emergency", "msa"), (answer.Id, "hotline-1", CdrRoles.Hotline, "emergency", "")],
            reads.Select(line => (line.Consultation, line.Subject, line.Role, line.Reason, string.Join(' ', line.Regimes))));
        using var file = await SendAsync(world, new { nir = person.Nir, purpose = "access-request" }, "text/csv");
        Assert.Contains(";Réponse relue, ou pièce de son ticket;", Encoding.UTF8.GetString(await file.BytesAsync()), StringComparison.Ordinal);
        Assert.True(await Journal.Chain.VerifyAsync(world.Host) > 0);
    }

    [Fact]
    public async Task A_reading_that_the_journal_cannot_write_down_is_not_said_to_be_noted()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Services = store.Register });
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        store.Cuts = sql => sql.StartsWith("INSERT", StringComparison.Ordinal);

        Assert.Equal((503, "journal-unavailable"), await NoteAsync(world, answer.Id, new { subject = "hotline-1", role = CdrRoles.Hotline }));
    }

    [Fact]
    public async Task No_proof_leaves_that_the_journal_has_not_noted()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Services = store.Register });
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        store.Cuts = sql => sql.StartsWith("INSERT", StringComparison.Ordinal);
        var problem = await world.Host.GetAsync($"/api/consultations/{answer.Id}/proof", Officer).ProblemAsync();

        Assert.Equal((503, "journal-unavailable"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task The_person_obtains_a_file_in_words_that_does_not_repeat_the_number()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("cnam");
        await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        using var response = await SendAsync(world, new { nir = person.Nir, purpose = "access-request" }, "text/csv");
        var text = Encoding.UTF8.GetString(await response.BytesAsync());

        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(person.Nir, text + response.Content.Headers.ContentDisposition, StringComparison.Ordinal);
        Assert.Contains("Réponse donnée;Admission par les urgences;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unite", text, StringComparison.Ordinal);
        Assert.Contains(";assuré ou ayant droit du même numéro;", text, StringComparison.Ordinal);
        // Its head, the answer, and « asked » where that has a line of its own.
        Assert.InRange(text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length, 2, 3);
    }

    /// <summary>The newest are what somebody who fears a curious neighbour asks for; that there are others is said in the file itself, not beside it.</summary>
    [Fact]
    public async Task A_list_that_is_cut_has_the_newest_and_says_so_in_the_file()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("cnam");
        // Under an id of the day before, as a caller may choose one: older than all the others, and asked after them.
        var now = TimeProvider.System.GetUtcNow();
        var answer = await world.Host.AskAsync(new { id = Guid.CreateVersion7(now.AddHours(-23)), nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var before = now.AddHours(-10);
        await using (var db = world.Host.Journal())
        {
            var asked = await db.Records.AsNoTracking().SingleAsync(r => r.Id == answer.Id, TestContext.Current.CancellationToken);
            db.AddRange(Enumerable.Range(0, 10_001).Select(n =>
            {
                var read = Journal.OldRecords.Of(asked, RecordKind.Read, before.AddSeconds(n));
                (read.Journal, read.Batch, read.Position) = (asked.Journal, asked.Batch, n + 100);
                return read;
            }));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var accesses = await TraceAsync(world, person.Nir);
        using var response = await SendAsync(world, new { nir = person.Nir, purpose = "access-request" }, "text/csv");
        var lines = Encoding.UTF8.GetString(await response.BytesAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal((false, 10_000), (accesses.Complete, accesses.Lines.Count));
        Assert.Contains(accesses.Lines, line => line.Consultation == answer.Id && line.What == "answered");
        Assert.Equal(accesses.Lines.Select(line => line.At).Order(), accesses.Lines.Select(line => line.At));
        Assert.Equal(10_002, lines.Length);
        Assert.Contains("Liste incomplète\u00a0: les 10\u00a0000 accès les plus récents", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(letter => letter == ';'), line.Count(letter => letter == ';')));
        // The rest is asked for from the oldest that is there.
        var rest = await TraceAsync(world, person.Nir, accesses.Lines[0].At);
        Assert.True(rest.Complete);
        Assert.InRange(rest.Lines.Count, 2, 3);
        Assert.All(rest.Lines, line => Assert.True(line.At < accesses.Lines[0].At));
    }

    /// <summary>
    /// Parts of a list, each from where the one before begins, are all of it and nothing twice: also where the cut falls among accesses of one instant, and for
    /// what is found only by the person whom a search by names showed, before it was known whom it would show, or after.
    /// </summary>
    [Fact]
    public async Task The_parts_of_a_list_are_all_of_it_though_many_accesses_are_of_one_instant_and_many_searches_showed_the_person()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("cnam");
        var now = TimeProvider.System.GetUtcNow();
        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var before = now.AddHours(-10);
        List<string> all = [];
        await using (var db = world.Host.Journal())
        {
            var asked = await db.Records.AsNoTracking().SingleAsync(r => r.Id == answer.Id, TestContext.Current.CancellationToken);
            var position = 100;
            // Searches by names: the person's pseudonym is that of whom they showed; that of what was asked is another.
            void Add(RecordKind kind, DateTimeOffset at, Guid search, bool shows)
            {
                var record = Journal.OldRecords.Of(asked, kind, at, consultation: search);
                Journal.Tampering.Row.Set(record, nameof(JournalRecord.Pseudonym), SHA256.HashData(search.ToByteArray()));
                Journal.Tampering.Row.Set(record, nameof(JournalRecord.PatientPseudonym), shows ? asked.Pseudonym : null);
                Journal.Tampering.Row.Set(record, nameof(JournalRecord.Subject), $"reader-{all.Count}");
                (record.Journal, record.Batch, record.Position) = (asked.Journal, asked.Batch, position++);
                db.Add(record);
                all.Add(record.Subject);
            }

            // Five of an instant, so that no number of accesses after them ends the list between two instants.
            for (var n = 0; n < 10_004; n++)
                Add(RecordKind.Shown, before.AddSeconds(n / 5), Records.NewId(), shows: true);
            // Older than all of these.
            var (old, begun) = (Records.NewId(), Records.NewId());
            Add(RecordKind.Asked, before.AddHours(-2), old, shows: false);
            Add(RecordKind.Shown, before.AddHours(-2), old, shows: true);
            Add(RecordKind.Read, before.AddHours(-1), old, shows: false);
            // What was asked long before it showed anybody.
            Add(RecordKind.Asked, before.AddHours(-3), begun, shows: false);
            Add(RecordKind.Shown, before.AddHours(5), begun, shows: true);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        List<PersonAccess> found = [];
        DateTimeOffset? end = null;
        for (var isWhole = false; !isWhole;)
        {
            var part = await TraceAsync(world, person.Nir, end);
            Assert.InRange(part.Lines.Count, 1, 10_000);
            Assert.All(part.Lines, line => Assert.True(end is null || line.At < end));
            found.AddRange(part.Lines);
            (isWhole, end) = (part.Complete, part.Lines[0].At);
        }

        Assert.Equal(all.Order(StringComparer.Ordinal), found.Select(line => line.Subject).Where(subject => subject.StartsWith("reader-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task More_of_one_instant_than_a_list_holds_are_given_together()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("cnam");
        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var at = TimeProvider.System.GetUtcNow().AddHours(-10);
        await using (var db = world.Host.Journal())
        {
            var asked = await db.Records.AsNoTracking().SingleAsync(r => r.Id == answer.Id, TestContext.Current.CancellationToken);
            db.AddRange(Enumerable.Range(0, 10_007).Select(n =>
            {
                var read = Journal.OldRecords.Of(asked, RecordKind.Read, at);
                (read.Journal, read.Batch, read.Position) = (asked.Journal, asked.Batch, n + 100);
                return read;
            }));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var newest = await TraceAsync(world, person.Nir);
        var rest = await TraceAsync(world, person.Nir, newest.Lines[0].At);

        Assert.Equal((false, 10_007), (newest.Complete, rest.Lines.Count));
        Assert.Contains(newest.Lines, line => line.What == "answered");
        Assert.Empty((await TraceAsync(world, person.Nir, rest.Lines[0].At)).Lines);
    }

    [Theory]
    [InlineData("1850775056001", null, "purpose")]
    [InlineData("1850775056001", "curiosity", "purpose")]
    [InlineData("185", "access-request", "nir")]
    [InlineData(null, "access-request", "nir")]
    public async Task A_request_without_purpose_or_number_is_refused_and_leaves_nothing(string? nir, string? purpose, string field)
    {
        await using var world = await RightsWorld.StartAsync();

        using var response = await SendAsync(world, new { nir, purpose });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await using var db = world.Host.Journal();
        Assert.False(await db.Records.AnyAsync(r => r.Kind == RecordKind.Traced, TestContext.Current.CancellationToken));
    }

    private static async Task<(int Status, string? Code)> NoteAsync(RightsWorld world, Guid consultation, object reading)
    {
        var request = world.Host.Request(HttpMethod.Post, $"/internal/consultations/{consultation}/readings");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.Tokens.ServiceToken("support").Value);
        request.Content = JsonContent.Create(reading);
        using var response = await world.Host.SendAsync(request);
        var said = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, said.Length == 0 ? null : JsonNode.Parse(said)!["code"]!.GetValue<string>());
    }

    private static async Task<PersonAccesses> TraceAsync(RightsWorld world, string nir, DateTimeOffset? before = null)
    {
        using var response = await SendAsync(world, new { nir, purpose = "access-request", before });
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<PersonAccesses>(TestContext.Current.CancellationToken))!;
    }

    private static Task<HttpResponseMessage> SendAsync(RightsWorld world, object body, string accept = "application/json")
    {
        var request = world.Host.Request(HttpMethod.Post, "/api/persons/accesses", Officer);
        request.Headers.Accept.ParseAdd(accept);
        request.Content = JsonContent.Create(body);
        return world.Host.SendAsync(request);
    }
}
