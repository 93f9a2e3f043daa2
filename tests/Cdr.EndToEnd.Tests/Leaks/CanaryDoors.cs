using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>Every door that takes a person, in turn: well and badly, typed with spaces and without.</summary>
internal sealed class CanaryDoors : IAsyncDisposable
{
    /// <summary>A grey point.</summary>
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==");

    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(3);
    private readonly IPlatform platform;
    private readonly CanarySearch search;
    private readonly CanaryMail mail;
    private (string Asks, string Protects, string Refers, string Helps) tokens;
    private readonly ConcurrentDictionary<string, int> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> echoes = [];
    private readonly HttpClient http;

    private CanaryDoors(IPlatform platform, CanarySearch search, CanaryMail mail)
    {
        (this.platform, this.search, this.mail) = (platform, search, mail);
        http = new HttpClient { BaseAddress = platform.Door, Timeout = TimeSpan.FromSeconds(120) };
    }

    /// <summary>How often each door gave each status: <c>by number 200</c>.</summary>
    public IReadOnlyDictionary<string, int> Answers => answers;

    /// <summary>Refusals that repeated what was sent.</summary>
    public IReadOnlyCollection<string> Echoes => echoes;

    public static async Task<CanaryDoors> ThroughAsync(IPlatform platform, IReadOnlyList<CanaryPerson> people, CanarySearch search, CanaryMail mail, CancellationToken cancellationToken)
    {
        var doors = new CanaryDoors(platform, search, mail);
        // Tokens last five minutes.
        var tokens = new Dictionary<string, (string Value, DateTimeOffset At)>(StringComparer.Ordinal);
        foreach (var part in people.Chunk(2000))
        {
            var now = TimeProvider.System.GetUtcNow();
            foreach (var card in (string[])[Clerk.Uncounted, "cpa-donnees", "cpe-referent", "cpa-hotline"])
            {
                if (tokens.TryGetValue(card, out var known) && now - known.At < Renewal)
                    continue;
                using var clerk = await Clerk.SignInAsync(platform, card, cancellationToken);
                tokens[card] = (clerk.Grant.Token.Value, now);
            }

            var (asks, protects) = (tokens[Clerk.Uncounted].Value, tokens["cpa-donnees"].Value);
            doors.tokens = (asks, protects, tokens["cpe-referent"].Value, tokens["cpa-hotline"].Value);
            await Parallel.ForEachAsync(part, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
                async (person, cancel) => await doors.AskAsync(person, asks, protects, cancel));
            await doors.SendFileAsync(part, asks, cancellationToken);
        }

        return doors;
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Forty in a file, one in a file that is none, and one where a code is typed: so many are allowed a minute.</summary>
    private async Task SendFileAsync(CanaryPerson[] people, string asks, CancellationToken cancel)
    {
        var file = string.Concat(people.Take(40).Select(person => $"{person.FamilyName} {person.Spaced};{(person.Index % 2 == 0 ? person.Spaced : person.Nir[..13])};cnam\r\n"));
        using var sent = Post("api/batches?reason=invoice-rejected", Text("reference;nir;regime\r\n" + file, "text/csv"));
        sent.Headers.Add("Idempotency-Key", people[0].Nir);
        await SendAsync("in a file", asks, sent, cancel);
        await SendAsync("in a file without its first line", asks, Post("api/batches?reason=invoice-rejected", Text(file, "text/csv")), cancel);
        await SendAsync("typed as a code", asks, Post("verify", new FormUrlEncodedContent([new("code", people[1].Spaced)])), cancel);
        await SendAsync("in the path of a code", asks, new HttpRequestMessage(HttpMethod.Get, "verify/" + people[1].Nir), cancel);
    }

    private async Task AskAsync(CanaryPerson person, string asks, string protects, CancellationToken cancel)
    {
        var nir = (person.Index % 3) switch { 0 => person.Spaced, 1 => person.Nir, _ => person.Nir[..13] };
        var birth = $"{person.Nir[3..5]}/19{person.Nir[1..3]}";
        var names = new { familyName = person.FamilyName, givenName = person.GivenName };
        // Five of twenty are simple questions; each other door has one.
        switch (person.Index % 20)
        {
            case 0:
                await SendAsync("by steps", asks, Question(new { nir, reason = "emergency", regime = "cnam" }, "text/event-stream"), cancel);
                break;
            case 1:
                await SendAsync("by names", asks, Question(new { names, birthDate = "12/" + birth, reason = "patient-absent", regime = "cnam" }), cancel);
                break;
            case 2:
                await SendAsync("as the patient of an insured person", asks, Question(new { nir, beneficiaryBirthDate = "12/" + birth, birthRank = 1, reason = "emergency", regime = "msa" }), cancel);
                break;
            case 3:
                await SendAsync("FHIR", asks, Fhir(nir, person), cancel);
                break;
            case 4:
                await SendAsync("accesses", protects, Post("api/persons/accesses", Json(new { nir, purpose = "control" })), cancel);
                break;
            case 5:
                await SendAsync("wrong key", asks, Question(new { nir = person.Nir[..13] + (person.Nir[13..] == "55" ? "54" : "55"), reason = person.FamilyName }), cancel);
                break;
            case 6:
                await SendAsync("wrong member", asks, Post("api/consultations", Text($$"""{"{{nir}}":"{{person.FamilyName}}","nir":["{{person.GivenName}}"]}""", "application/json")), cancel);
                break;
            case 7:
                await SendAsync("wrong content type", asks, Post("api/consultations", Text($"{nir} {person.FamilyName}", "text/plain")), cancel);
                break;
            case 8:
                await SendAsync("wrong content type of accesses", protects, Post("api/persons/accesses", Text($"nir={nir}&name={person.FamilyName}", "application/x-www-form-urlencoded")), cancel);
                break;
            case 9:
                await SendAsync("FHIR that is none", asks, Post("fhir/CoverageEligibilityRequest/$submit", Text($$"""{"resourceType":"CoverageEligibilityRequest","{{person.FamilyName}}":"{{nir}}"}""", "application/fhir+json")), cancel);
                break;
            case 10:
                await AskAndUseAsync(person, nir, asks, protects, cancel);
                break;
            case 11:
                await SendAsync("accesses for no purpose", protects, Post("api/persons/accesses", Json(new { nir, purpose = person.FamilyName })), cancel);
                break;
            case 12:
                await SendAsync("in the query", asks, Post($"api/consultations?nir={Uri.EscapeDataString(nir)}&name={Uri.EscapeDataString(person.FamilyName)}", Json(new { reason = "emergency" })), cancel);
                break;
            case 13:
                await SendAsync("in the path", asks, new HttpRequestMessage(HttpMethod.Get, $"api/consultations/{Uri.EscapeDataString(nir)}"), cancel);
                break;
            case 14:
                await SendAsync("as a key of the query", asks, Post($"api/consultations?{Uri.EscapeDataString(nir)}&{person.FamilyName}=1", Json(new { reason = "emergency" })), cancel);
                break;
            default:
                await SendAsync("by number", asks, Question(new { nir, reason = "emergency", regime = "cnam" }), cancel);
                break;
        }
    }

    private async Task AskAndUseAsync(CanaryPerson person, string nir, string asks, string protects, CancellationToken cancel)
    {
        var id = Clerk.NewId();
        await SendAsync("by number", asks, Question(new { id, nir, reason = "emergency", regime = "cnam" }), cancel);
        await SendAsync("the id of another question", asks, Question(new { id, names = new { familyName = person.FamilyName, givenName = person.GivenName }, birthDate = "12/12/1912", reason = "emergency" }), cancel);
        await SendAsync("read", asks, new HttpRequestMessage(HttpMethod.Get, $"api/consultations/{id}"), cancel);
        await SendAsync("use", asks, Post($"api/consultations/{id}/uses", Json(new { use = "invoice" })), cancel);
        await SendAsync("wrong use", asks, Post($"api/consultations/{id}/uses", Json(new { use = $"{person.FamilyName} {nir}" })), cancel);
        await SendAsync("statement", asks, new HttpRequestMessage(HttpMethod.Post, $"api/consultations/{id}/statements"), cancel);
        await SendAsync("proof", protects, new HttpRequestMessage(HttpMethod.Get, $"api/consultations/{id}/proof"), cancel);
        if (person.Index % 100 == 10)
            await ContestAsync(person, nir, id, asks, cancel);
    }

    private async Task ContestAsync(CanaryPerson person, string nir, Guid consultation, string asks, CancellationToken cancel)
    {
        var whom = $"{person.GivenName} {person.FamilyName}, {nir}";
        await SendAsync("compared", asks, Post("api/support/discrepancies", Json(new { consultation, fields = new { nir, familyName = person.FamilyName } })), cancel);
        await SendAsync("pasted", asks, Post("api/support/discrepancies", Json(new { consultation, pasted = $"Nom : {person.FamilyName}\nNIR : {nir}\n{whom}" })), cancel);
        await SendAsync("wrong field", asks, Post("api/support/discrepancies", Json(new { consultation, fields = new Dictionary<string, string> { [whom] = person.FamilyName } })), cancel);
        await SendAsync("wrong ticket", asks, Post("api/support/tickets", Json(new { kind = person.FamilyName, title = nir, text = whom, consultation })), cancel);
        await SendAsync("number of a ticket", asks, Post("api/support/numbers", Json(new { number = nir })), cancel);
        var ticket = await SendAsync("ticket", asks, Post("api/support/tickets", Json(new { kind = "dataInconsistency", title = whom, text = $"La carte de {whom}.", consultation })), cancel);
        var path = $"api/support/tickets/{ticket?.GetProperty("id").GetGuid()}/";
        await SendAsync("words of a ticket", asks, Post(path + "moves", Json(new { action = "reply", text = whom })), cancel);
        await SendAsync("wrong move", asks, Post(path + "moves", Json(new { action = nir, team = whom, assignee = person.FamilyName })), cancel);
        await SendAsync("forbidden move", asks, Post(path + "moves", Json(new { action = "assign", team = whom, assignee = person.FamilyName })), cancel);
        var file = await SendAsync("file of a ticket", asks, File(path, whom, Picture), cancel);
        await SendAsync("wrong file of a ticket", asks, File(path, whom, Encoding.UTF8.GetBytes(whom)), cancel);
        await SendAsync("evidence", asks, new HttpRequestMessage(HttpMethod.Get, path + "evidence"), cancel);
        if (ticket is { } opened && person.Index % 1000 == 10)
            await WriteAsync(person, whom, opened.GetProperty("id").GetGuid(), file?.GetProperty("id").GetGuid(), cancel);
    }

    /// <summary>The hotline asks, and is answered by e-mail; a program is told.</summary>
    private async Task WriteAsync(CanaryPerson person, string whom, Guid ticket, Guid? file, CancellationToken cancel)
    {
        var path = $"api/support/tickets/{ticket}/";
        await SendAsync("sending of a ticket", tokens.Refers, Post(path + "moves", Json(new { action = "send", text = whom })), cancel);
        await SendAsync("taking of a ticket", tokens.Helps, Post(path + "moves", Json(new { action = "take" })), cancel);
        await SendAsync("evidence", tokens.Helps, new HttpRequestMessage(HttpMethod.Get, path + "evidence"), cancel);
        await SendAsync("attachment", tokens.Helps, new HttpRequestMessage(HttpMethod.Get, $"{path}attachments/{file}"), cancel);
        await SendAsync("question of the hotline", tokens.Helps, Post(path + "moves", Json(new { action = "ask", text = $"S'agit-il de {whom} ?" })), cancel);
        using var clerk = new HttpClient { BaseAddress = platform.Door, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", tokens.Asks) } };
        foreach (var (met, done) in ((string, bool)[])[("mail taken", await mail.AnswerAsync(clerk, ticket, person, cancel)), ("mail set aside", await mail.SetAsideAsync(person, cancel)), ("webhook told", await mail.IsToldAsync(ticket, cancel))])
        {
            if (done)
                answers.AddOrUpdate(met, 1, (_, known) => known + 1);
        }
    }

    private static HttpRequestMessage File(string ticket, string name, byte[] content)
    {
        var request = Post(ticket + "attachments", new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } });
        request.Headers.Add("Cdr-File-Name", Uri.EscapeDataString(name + ".png"));
        return request;
    }

    /// <returns>What was answered, where it is JSON and no refusal.</returns>
    private async Task<JsonElement?> SendAsync(string door, string token, HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            answers.AddOrUpdate($"{door} {(int)response.StatusCode}", 1, (_, known) => known + 1);
            if (!response.IsSuccessStatusCode && search.FoundIn([.. Encoding.UTF8.GetBytes(response.Headers.ToString()), .. body]) is { Count: > 0 } found)
                echoes.Add($"{door}: {string.Join(", ", found)}");
            return response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is "application/json" ? JsonSerializer.Deserialize<JsonElement>(body) : null;
        }
    }

    private static HttpRequestMessage Question(object question, string accept = "application/json")
    {
        var request = Post("api/consultations", Json(question));
        request.Headers.Accept.ParseAdd(accept);
        return request;
    }

    private static HttpRequestMessage Fhir(string nir, CanaryPerson person) => Post("fhir/CoverageEligibilityRequest/$submit", Text(JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["resourceType"] = "CoverageEligibilityRequest",
        ["status"] = "active",
        ["purpose"] = new[] { "validation" },
        ["patient"] = new { display = $"{person.GivenName} {person.FamilyName}", identifier = new { system = "urn:oid:1.2.250.1.213.1.4.8", value = nir.Replace(" ", "", StringComparison.Ordinal) } },
        ["created"] = "2026-11-25",
        ["insurer"] = new { identifier = new { system = "urn:cdr:regime", value = "cnam" } },
    }), "application/fhir+json"));

    private static HttpRequestMessage Post(string path, HttpContent content) => new(HttpMethod.Post, path) { Content = content };

    private static JsonContent Json(object body) => JsonContent.Create(body);

    private static StringContent Text(string body, string type) => new(body, Encoding.UTF8, type);
}
