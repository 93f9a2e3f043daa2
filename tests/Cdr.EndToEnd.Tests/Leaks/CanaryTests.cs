using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>Very many persons who exist nowhere go through every door; then all that the platform left is searched for any of them.</summary>
public sealed class CanaryTests(Platforms platforms)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Three_thousand_canaries_through_every_door_leave_no_trace_of_who_they_are() => ThroughAsync(3_000);

    [Fact]
    [Trait("Category", "Deep")]
    public Task Two_hundred_thousand_canaries_through_every_door_leave_no_trace_of_who_they_are() => ThroughAsync(200_000);

    /// <summary>Somebody who looks for a fault turns the logs up, in production.</summary>
    [Fact]
    public async Task Nor_do_two_hundred_where_everything_is_logged()
    {
        await using var platform = new DistributedPlatform(settings: [new("Logging:LogLevel:Default", "Trace")]);
        await platform.StartAsync(Cancellation);
        await platform.ReadyAsync(Cancellation);

        await ThroughAsync(platform, 200);

        await using var log = new FileStream(Path.Combine(platform.Folder, "rights.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(log);
        // What is turned up: of what these services use nothing that is not held down by its own name says more than this.
        Assert.Contains("dbug: ", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_canary_planted_in_each_kind_of_place_is_found_there(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        await using var tap = platform.Servers is { } servers ? await BusTap.OpenAsync(servers, Cancellation) : null;
        // Others than those that must not be found: what is planted in telemetry stays. The last: one of many, not the first looked at.
        var people = CanaryPerson.Make(1000, seed: (int)kind + 1);
        var (search, canary) = (new CanarySearch(people), people[^1]);
        await using var planted = await Canaries.PlantAsync(platform, new Person(canary.Spaced, canary.FamilyName) { BirthDate = new DateOnly(1912, 12, 12) }, Cancellation);

        var found = new List<string>();
        await foreach (var (place, bytes) in Places.AllAsync(platform, tap, Cancellation))
            found.AddRange(search.FoundIn(bytes).Select(what => $"{what}: {place}"));

        foreach (var place in planted.Places.Where(place => !place.StartsWith("birth date", StringComparison.Ordinal)).Select(place => place.Split(": ")[^1]))
            Assert.Contains(found, finding => finding.Contains(": " + place, StringComparison.Ordinal));
        Assert.All(found, finding => Assert.Contains("of canary 999", finding, StringComparison.Ordinal));
    }

    [Fact]
    public void A_canary_is_found_in_every_form_and_nobody_else_is()
    {
        var people = CanaryPerson.Make(5_000);
        var search = new CanarySearch(people.Skip(1));
        var (absent, present) = (people[0], people[4_321]);
        foreach (var (form, write) in Forms())
        {
            // An accent apart from its letter is looked for in eight bits only.
            foreach (var text in Writings(present).Where(text => !form.StartsWith("UTF-16", StringComparison.Ordinal) || text.IsNormalized()))
            {
                foreach (var before in (string[])["", "«", "x: ", "ab: "])
                    Assert.True(search.FoundIn(write(before + text + " ;")).Any(what => what.Contains("canary 4321", StringComparison.Ordinal)), $"{form}, {before.Length} before, form {Array.IndexOf(Writings(present), text)}");
            }

            foreach (var text in Writings(absent))
                Assert.Empty(search.FoundIn(write(text)));
        }
    }

    private static string[] Writings(CanaryPerson person) =>
    [
        person.Nir, person.Nir[..13], person.Spaced, person.Nir[..13] + " " + person.Nir[13..], person.Spaced.Replace(' ', '.'), person.Spaced.Replace(' ', '\u00A0'),
        person.FamilyName, person.FamilyName.ToUpperInvariant(), person.FamilyName.ToLowerInvariant(), person.FamilyName.Normalize(NormalizationForm.FormD),
        person.GivenName, person.GivenName.ToUpperInvariant(), $"{person.GivenName} {person.FamilyName}",
    ];

    private static IEnumerable<(string Form, Func<string, byte[]> Write)> Forms()
    {
        yield return ("plain", Encoding.UTF8.GetBytes);
        yield return ("URL", text => Encoding.UTF8.GetBytes("?q=" + Uri.EscapeDataString(text)));
        yield return ("form", text => Encoding.UTF8.GetBytes(System.Net.WebUtility.UrlEncode(text)!));
        yield return ("JSON", text => JsonSerializer.SerializeToUtf8Bytes(text));
        yield return ("HTML", text => Encoding.UTF8.GetBytes("<td>" + string.Concat(text.Select(letter => letter < 128 ? letter.ToString() : $"&#x{(int)letter:X};")) + "</td>"));
        yield return ("HTML, decimal", text => Encoding.UTF8.GetBytes("<td>" + System.Net.WebUtility.HtmlEncode(text) + "</td>"));
        yield return ("quoted-printable", text => Encoding.ASCII.GetBytes(Quoted(text)));
        yield return ("base64 of a letter", text => Encoding.ASCII.GetBytes(
            "Content-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('.', 50) + text + new string('.', 50)), Base64FormattingOptions.InsertLineBreaks)));
        yield return ("UTF-16", Encoding.Unicode.GetBytes);
        yield return ("UTF-16, big end first", Encoding.BigEndianUnicode.GetBytes);
        yield return ("hexadecimal", text => Encoding.UTF8.GetBytes("\\x" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))));
        yield return ("base64", text => Encoding.UTF8.GetBytes("{\"a\":\"" + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) + "\"}"));
        yield return ("base64 of URLs", text => Encoding.UTF8.GetBytes("a." + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_') + ".b"));
    }

    // Each line as short as can be: whatever is written goes on in the next.
    private static string Quoted(string text) =>
        string.Join("=\r\n", Encoding.UTF8.GetBytes(text).Select(one => one is >= 32 and < 127 and not (byte)'=' ? ((char)one).ToString() : $"={one:X2}").Chunk(5).Select(line => string.Concat(line)));

    private async Task ThroughAsync(int count) => await ThroughAsync(await platforms.RunningAsync(PlatformKind.Distributed), count);

    private static async Task ThroughAsync(IPlatform platform, int count)
    {
        await using var tap = await BusTap.OpenAsync(platform.Servers!, Cancellation);
        var people = CanaryPerson.Make(count);
        var insured = FoundPeople.Of(Math.Min(count / 10, 1000));
        var search = new CanarySearch(people, FoundPeople.NumbersOf(insured));

        var watch = Stopwatch.StartNew();
        await using var mail = await CanaryMail.OpenAsync(platform, Cancellation);
        await using var doors = await CanaryDoors.ThroughAsync(platform, people, search, mail, Cancellation);
        // Some regimes are closed, slow or down at times.
        var known = await FoundPeople.ThroughAsync(platform, insured, Cancellation);
        Assert.InRange(known, insured.Count / 2, insured.Count);
        var asked = watch.Elapsed;
        await DeadLetters.ForceAsync(platform.Servers!, tap, Cancellation);
        await ExportedAsync(platform.Telemetry);

        Assert.Empty(doors.Echoes);
        // Each door was gone through as meant: a question that is refused tells nothing.
        string[] meant =
        [
            "by steps 200", "by names 200", "as the patient of an insured person 200", "FHIR 200", "accesses 200", "wrong key 400", "wrong member 400", "wrong content type 415",
            "wrong content type of accesses 415", "FHIR that is none 400", "by number 200", "the id of another question 409", "read 200", "use 204", "wrong use 400", "proof 200", "accesses for no purpose 400",
            "in the query 400", "as a key of the query 400", "in the path 404", "statement 409", "in a file 202", "in a file without its first line 400", "typed as a code 200", "in the path of a code 200",
            "compared 200", "pasted 200", "wrong field 400", "wrong ticket 400", "number of a ticket 404", "ticket 201", "words of a ticket 200", "wrong move 400", "forbidden move 403",
            "file of a ticket 200", "wrong file of a ticket 400", "evidence 200", "sending of a ticket 200", "taking of a ticket 200", "question of the hotline 200", "attachment 200",
            "mail taken", "mail set aside", "webhook told",
        ];
        // A machine that is busy, or writes down everything, says so to a few of them.
        var busy = doors.Answers.Where(answer => answer.Key.EndsWith(" 503", StringComparison.Ordinal)).ToArray();
        Assert.True(busy.Sum(answer => answer.Value) <= Math.Max(3, count / 1000), string.Join(", ", busy.Select(answer => $"{answer.Key}: {answer.Value}")));
        Assert.Equal(meant.Order(StringComparer.Ordinal), doors.Answers.Keys.Except(busy.Select(answer => answer.Key)).Order(StringComparer.Ordinal));
        watch.Restart();
        var (found, searched) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        await foreach (var (place, bytes) in Places.AllAsync(platform, tap, Cancellation).Concat(mail.Told.ToAsyncEnumerable()).WithCancellation(Cancellation))
        {
            searched[place] = searched.GetValueOrDefault(place) + bytes.Length;
            found.UnionWith(search.FoundIn(bytes).Select(what => $"{what}: {place}"));
        }

        Assert.Empty(found.GroupBy(finding => finding.Split(": ")[1], (place, findings) => $"{place}: {findings.Count()}, such as {findings.First()}"));
        // This very search, after so many bytes, would have found the first and the last of them.
        foreach (var person in (CanaryPerson[])[people[0], people[^1]])
            Assert.Contains(search.FoundIn(Encoding.UTF8.GetBytes($"a leak: {person.Spaced} ;")), what => what.EndsWith($"canary {person.Index}", StringComparison.Ordinal));
        Assert.Equal(["number of found person 0"], search.FoundIn(Encoding.UTF8.GetBytes($"a leak: {FoundPeople.NumbersOf(insured).First()} ;")));
        foreach (var place in (string[])["telemetry traces", "telemetry metrics", "telemetry logs", "Redis key", "Redis value", "file rights.log", "file support.log", "file portal.log", "webhook", .. DeadLetters.Places])
            Assert.True(searched.GetValueOrDefault(place) > 0, $"{place} was not searched.");
        Assert.Contains(searched.Keys, place => place.StartsWith("message ", StringComparison.Ordinal));
        Assert.Contains(searched.Keys, place => place.StartsWith($"file {DistributedPlatform.MailFolder}/", StringComparison.Ordinal));
        foreach (var table in (string[])["Sessions public.sessions", "Rights public.records", "Usage public.", "Support public.tickets", "Support public.evidence", "Support public.attachments", "Support public.mails", "Support public.received_mails", "Portal public."])
            Assert.Contains(searched.Keys, place => place.StartsWith("table " + table, StringComparison.Ordinal) && !place.Contains("__EFMigrationsHistory", StringComparison.Ordinal));
        await DeadLetters.ForgetAsync(platform.Servers!, Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{people.Count} canaries, {known} of {insured.Count} insured persons found, {doors.Answers.Values.Sum()} requests in {asked.TotalSeconds:0} s; {searched.Values.Sum() / 1_000_000} MB in {searched.Count} places searched in {watch.Elapsed.TotalSeconds:0} s");
    }

    private static async Task ExportedAsync(OtlpReceiver telemetry)
    {
        foreach (var signal in (string[])["traces", "metrics", "logs"])
        {
            var known = telemetry.Received.Count(export => export.Signal == signal);
            await Deadline.UntilAsync(signal + " arrive", TimeSpan.FromSeconds(90), () => telemetry.Received.Count(export => export.Signal == signal) > known + 1 || (known > 3 && signal != "metrics"), Cancellation);
        }
    }
}
