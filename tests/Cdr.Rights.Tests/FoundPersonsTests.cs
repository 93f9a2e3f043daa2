using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Npgsql;
using StackExchange.Redis;

namespace Cdr.Rights.Tests;

/// <summary>
/// Persons whom a regime knows, through every door of this service: what is found of them, not only what was typed, is in no log, trace, metric,
/// message, dead letter, key, cached value or plain column. (Canaries, who are very many, are found by nobody.)
/// </summary>
public sealed class FoundPersonsTests(TestServers servers)
{
    private static readonly TestCaller Officer = new() { Role = CdrRoles.DataProtection, Subject = "officer-1" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_found_of_a_person_stays_in_the_answers_and_nowhere_else()
    {
        using var overheard = new Overheard();
        var (rabbit, redis) = (await servers.RabbitAsync(), (await servers.RedisAsync()).CreateDatabase());
        var address = await rabbit.CreateVirtualHostAsync(Cancellation);
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Logs = overheard, Postgres = await servers.PostgresAsync(), Redis = redis, Rabbit = address,
            Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "200", ["Batches:PumpPeriod"] = "00:00:00.100", ["Batches:DownloadEvery"] = "00:00:00", ["Logging:LogLevel:Default"] = "Trace" },
        });
        var messages = await MessageTap.StartAsync(rabbit, address, "Cdr.Contracts.Rights:AskBatchLines", "Cdr.Contracts.Rights:ConsultationsAnswered");
        var people = world.Regimes.People.All().Where(p => p.Memberships is [{ MovedTo: null }, ..]).Take(36).ToList();
        var marks = new Marks();
        var doors = new Dictionary<string, int>(StringComparer.Ordinal);

        foreach (var person in people)
        {
            var regime = person.Memberships[0].Regime;
            var answer = Reading.Answer(await SaidAsync("plain", world.Host.Question(new { nir = person.Nir, reason = "emergency", regime })));
            marks.Add(answer);
            await SaidAsync("by steps", world.Host.Question(new { nir = person.Nir, reason = "patient-absent", exhaustive = true }, accept: "text/event-stream"));
            marks.Add(Reading.Answer(await SaidAsync("by names", world.Host.Question(new { names = new { familyName = person.Person.FamilyName, givenName = person.Person.GivenName }, birthDate = person.Person.BirthDate.Iso, reason = "emergency" }))));
            var fhir = await SaidAsync("FHIR", Body(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit", Fhir(person.Nir, person.Person.FamilyName, person.Person.GivenName, person.Person.BirthDate.Iso), "application/fhir+json"));
            Assert.Contains(person.Nir, Encoding.UTF8.GetString(fhir), StringComparison.Ordinal);
            await SaidAsync("FHIR, read", world.Host.Request(HttpMethod.Get, $"/fhir/CoverageEligibilityResponse/{answer.Id}"));
            await SaidAsync("read", world.Host.Request(HttpMethod.Get, $"/api/consultations/{answer.Id}"));
            if (answer.IsOfOnePerson())
            {
                await SaidAsync("statement", world.Host.Request(HttpMethod.Post, $"/api/consultations/{answer.Id}/statements"));
                await SaidAsync("statement, PDF", Accepting(world.Host.Request(HttpMethod.Get, $"/api/consultations/{answer.Id}/statements"), "application/pdf"));
            }

            foreach (var type in (string[])["application/json", "text/csv"])
            {
                var asked = Accepting(world.Host.Request(HttpMethod.Post, "/api/persons/accesses", Officer), type);
                asked.Content = JsonContent.Create(new { nir = person.Nir, purpose = "access-request" });
                await SaidAsync("accesses, " + type, asked);
            }

            await SaidAsync("proof", world.Host.Request(HttpMethod.Get, $"/api/consultations/{answer.Id}/proof", Officer));
        }

        // Somebody is picked from a list.
        var list = Reading.Answer(await SaidAsync("by names", world.Host.Question(new { names = new { familyName = "Giroflée", givenName = "Marie" }, birthDate = "1966-04-25", reason = "emergency", regime = "cnam" })));
        Assert.NotEmpty(list.Candidates);
        marks.Add(list);
        marks.Add(Reading.Answer(await SaidAsync("picked", world.Host.Question(new { candidate = list.Candidates[0].Reference, reason = "emergency" }))));
        // A file, followed and fetched in both forms.
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(people.Select(p => new { reference = "facture " + p.Nir, nir = p.Nir, reason = "emergency", regime = p.Memberships[0].Regime })), key: "cle " + people[0].Nir).ProgressAsync();
        await world.Host.EndedAsync(batch);
        var table = Encoding.UTF8.GetString(await SaidAsync("file, CSV", world.Host.Request(HttpMethod.Get, batch.Links.Results + "?format=csv")));
        Assert.Contains(marks.Numbers[0], table, StringComparison.Ordinal);
        await SaidAsync("file", world.Host.Request(HttpMethod.Get, batch.Links.Results));
        await SaidAsync("file, used", Body(HttpMethod.Post, batch.Links.Self + "/uses", """{"use":"invoice"}""", "application/json"));

        Assert.True(doors.Count >= 15, string.Join(", ", doors.Keys));
        Assert.True(marks.Numbers.Count > 36 && marks.Names.Count > 36);
        await messages.SpoilAsync("rights-ask-batch-lines", $"{{\"message\":{{\"batch\":\"{batch.Id}\",");
        IReadOnlyList<string> dead = [];
        await Records.UntilAsync("a message is dead", async () => (dead = await messages.DeadLettersAsync()).Count > 0);
        List<(string Place, string Text)> places = [("telemetry", overheard.Text()), .. (await messages.TakeAsync()).Select(text => ("message", text)), .. dead.Select(text => ("dead letter", text))];
        places.AddRange(await RedisAsync(redis));
        places.AddRange(await TablesAsync(world.Database!.Administrator));
        foreach (var place in (string[])["telemetry", "message", "dead letter", "Redis key", "Redis value", "table records", "table batch_files", "table batch_lines", "table statements"])
            Assert.True(places.Where(one => one.Place == place).Sum(one => one.Text.Length) > 0, $"{place} was not searched.");

        // It would have found the first and the last of them.
        Assert.NotEmpty(marks.In("a leak: " + marks.Numbers[0]));
        Assert.NotEmpty(marks.In($"a leak: {Convert.ToHexStringLower(Encoding.UTF8.GetBytes("x " + marks.Numbers[^1]))}"));
        Assert.NotEmpty(marks.In($"a leak: {marks.Names[^1]}, born"));
        Assert.NotEmpty(marks.In($"a leak: {people[0].Person.BirthDate.Iso.Replace("-", "", StringComparison.Ordinal)}"));
        // Eight digits in what is encrypted are there by chance.
        Assert.Empty(marks.In($"\\x{people[0].Person.BirthDate.Iso.Replace("-", "", StringComparison.Ordinal)}{new string('a', 40)}"));
        Assert.Empty(places.GroupBy(one => one.Place, (place, parts) => (Place: place, Found: marks.In(string.Join('\n', parts.Select(part => part.Text))))).Where(one => one.Found.Count > 0).Select(one => $"{one.Place}: {string.Join(", ", one.Found.Take(3))}"));

        async Task<byte[]> SaidAsync(string door, HttpRequestMessage request)
        {
            using (request)
            {
                using var response = await world.Host.SendAsync(request);
                var body = await response.Content.ReadAsByteArrayAsync(Cancellation);
                Assert.True(response.IsSuccessStatusCode, $"{door}: {(int)response.StatusCode}");
                doors[door] = doors.GetValueOrDefault(door) + 1;
                return body;
            }
        }

        HttpRequestMessage Body(HttpMethod method, string path, string text, string type)
        {
            var request = world.Host.Request(method, path);
            request.Content = new StringContent(text, Encoding.UTF8, type);
            return request;
        }
    }

    private static HttpRequestMessage Accepting(HttpRequestMessage request, string type)
    {
        request.Headers.Accept.ParseAdd(type);
        return request;
    }

    private static string Fhir(string nir, string family, string given, string birthDate) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["resourceType"] = "CoverageEligibilityRequest",
        ["status"] = "active",
        ["purpose"] = new[] { "validation", "benefits", "discovery" },
        ["created"] = "2026-11-25",
        ["insurer"] = new { display = "Tous les régimes" },
        ["contained"] = new[] { new { resourceType = "Patient", id = "p", identifier = new[] { new { system = "urn:oid:1.2.250.1.213.1.4.8", value = nir } }, name = new[] { new { family, given = new[] { given } } } } },
        ["patient"] = new { reference = "#p" },
        ["identifier"] = new[] { new { system = "http://hospital.test/demandes", value = $"{family} {birthDate}" } },
    });

    private static async Task<List<(string Place, string Text)>> RedisAsync(string connection)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connection);
        var database = redis.GetDatabase();
        List<(string, string)> places = [];
        foreach (var key in redis.GetServers()[0].Keys(database.Database))
        {
            places.Add(("Redis key", key.ToString()));
            RedisValue[] values = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.Hash => [.. (await database.HashGetAllAsync(key)).SelectMany(entry => (RedisValue[])[entry.Name, entry.Value])],
                RedisType.Set => await database.SetMembersAsync(key),
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                _ => [],
            };
            // Bytes as they are, and what they are as text.
            places.AddRange(values.Where(value => !value.IsNull).Select(value => ("Redis value", Encoding.UTF8.GetString((byte[])value!))));
        }

        return places;
    }

    private static async Task<List<(string Place, string Text)>> TablesAsync(string administrator)
    {
        await using var open = await Sql.OpenAsync(administrator);
        List<string> tables = [];
        await using (var command = new NpgsqlCommand("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition", open))
        await using (var rows = await command.ExecuteReaderAsync(Cancellation))
        {
            while (await rows.ReadAsync(Cancellation))
                tables.Add(rows.GetString(0));
        }

        List<(string, string)> places = [];
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand($"SELECT t::text FROM \"{table}\" t", open);
            await using var rows = await command.ExecuteReaderAsync(Cancellation);
            while (await rows.ReadAsync(Cancellation))
                places.Add(("table " + table, rows.GetString(0)));
        }

        return places;
    }

    /// <summary>By what those who were found would be recognised: their numbers, and theirs whose rights they have; their names; their birth dates.</summary>
    private sealed class Marks
    {
        private readonly SortedSet<string> dates = new(StringComparer.Ordinal);

        public List<string> Numbers { get; } = [];

        public List<string> Names { get; } = [];

        public void Add(ConsultationAnswer answer)
        {
            foreach (var file in answer.Affiliations)
            {
                Add(Numbers, file.Insured.Nir, file.Beneficiary.Nir);
                Add(Names, file.Insured.FamilyName, file.Insured.GivenName, file.Beneficiary.FamilyName, file.Beneficiary.NameInUse, file.Beneficiary.GivenName);
                dates.Add(file.Beneficiary.BirthDate);
            }

            foreach (var candidate in answer.Candidates)
            {
                Add(Names, candidate.FamilyName, candidate.NameInUse, candidate.GivenName);
                dates.Add(candidate.BirthDate);
            }
        }

        /// <summary>What of them is in a text, by its kind and place; never the value itself.</summary>
        public List<string> In(string text)
        {
            List<string> found = [];
            found.AddRange(Numbers.Index().Where(one => Told.Forms(one.Item).Any(form => text.Contains(form, StringComparison.OrdinalIgnoreCase))).Select(one => $"number {one.Index}"));
            found.AddRange(Names.Index().Where(one => Told.IsIn(text, one.Item) || Told.Encoded(one.Item).Any(form => text.Contains(form, StringComparison.Ordinal))).Select(one => $"name {one.Index}"));
            found.AddRange(dates.Index().Where(one => Told.IsDatedIn(text, one.Item)).Select(one => $"birth date {one.Index}"));
            return found;
        }

        private static void Add(List<string> to, params ReadOnlySpan<string?> values)
        {
            foreach (var value in values)
            {
                if (value is not null && !to.Contains(value))
                    to.Add(value);
            }
        }
    }
}
