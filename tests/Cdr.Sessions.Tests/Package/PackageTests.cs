using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Features.TellTrial;
using Cdr.Sessions.Package;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Sessions.Tests.Posts;
using Cdr.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Package;

/// <summary>A hospital without a working card obtains the package; nobody else does, and nothing before the licence.</summary>
public sealed class PackageTests : IDisposable
{
    private const string North = "590991014";
    private static readonly PostTrial Passes = new("ACCUEIL-2", TrialFunctions.Reception, true);
    private static readonly PostTrial Fails = new("Urgences 1", TrialFunctions.Emergencies, false, [TrialChecks.Pin, TrialChecks.Card]);
    private readonly TestFolder folder = new("package");
    private readonly SessionsHost host;

    public PackageTests(PrintedCards cards)
    {
        Write("licence.txt", "Licence d'utilisation.");
        Write("read-first/prerequis.pdf", "Prérequis.");
        Write("windows/cdr-agent.msi", "Windows.");
        Write("linux/cdr-agent.deb", "Linux.");
        Write("secret/other.txt", "Not of the package.");
        host = new SessionsHost(cards, [new("Sessions:Package:Folder", folder.Path), new("Sessions:Package:LicenceVersion", "2026-1")]);
    }

    [Fact]
    public async Task A_request_opens_the_package_and_the_licence_its_folders_and_each_download_is_recorded()
    {
        var credentials = (await RequestAsync()).Value;
        var before = (await GetAsync<PackageContents>("", credentials)).Value;
        Assert.Equal(("2026-1", "Licence d'utilisation.", false), (before.LicenceVersion, before.Licence, before.LicenceAccepted));
        Assert.Equal(["windows", "linux"], before.Folders.Select(one => one.Name));
        Assert.Equal("prerequis.pdf", Assert.Single(before.ReadFirst).Name);
        Assert.Equal(200, (await GetAsync<object>("/files/read-first/prerequis.pdf", credentials)).Status);
        Assert.Equal((403, "licence-required"), Of(await GetAsync<object>("/files/windows/cdr-agent.msi", credentials)));
        Assert.Equal((409, "licence-differs"), Of(await AcceptAsync(credentials, "2025-1")));
        Assert.Equal(204, (await AcceptAsync(credentials, "2026-1")).Status);

        var file = await GetAsync<object>("/files/windows/cdr-agent.msi", credentials);

        Assert.Equal((200, "Windows."), (file.Status, file.Body));
        Assert.True((await GetAsync<PackageContents>("", credentials)).Value.LicenceAccepted);
        var seen = await DownloadsAsync("cpe-referent");
        Assert.Equal(["windows/cdr-agent.msi", "read-first/prerequis.pdf"], seen.Select(one => one.File).OrderDescending());
        Assert.All(seen, one => Assert.Equal((North, "Alix Bernard, DSI <dsi@mont-vert.test>"), (one.Establishment, one.Requester)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("Windows."u8)), seen.Single(one => one.File.StartsWith("windows", StringComparison.Ordinal)).Sha256);
        Assert.Equal(2, (await DownloadsAsync("cpa-administrateur")).Length);
        var kept = await host.InStoreAsync(db => db.Set<PackageAccess>().SingleAsync());
        Assert.DoesNotContain("Bernard", Encoding.UTF8.GetString(kept.Requester), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_and_what_they_downloaded_and_tried_is_kept_a_year_after_the_credentials_ended()
    {
        var credentials = await AcceptedAsync();
        Assert.Equal(200, (await TellAsync(credentials, Passes)).Status);
        Assert.Equal(200, (await GetAsync<object>("/files/read-first/prerequis.pdf", credentials)).Status);
        var housekeeping = host.Services.GetRequiredService<Housekeeping>();
        host.Clock.Advance(TimeSpan.FromDays(90 + 364));
        await housekeeping.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1, 1), await KeptAsync());
        host.Clock.Advance(TimeSpan.FromDays(2));
        await housekeeping.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 0), await KeptAsync());

        async Task<(int, int, int)> KeptAsync() => (
            await host.InStoreAsync(db => db.Set<PackageAccess>().CountAsync()), await host.InStoreAsync(db => db.Set<PackageDownload>().CountAsync()), await host.InStoreAsync(db => db.Set<PackageTrial>().CountAsync()));
    }

    [Theory]
    [InlineData("Hôpital Nord du Mont-Vert", "590991014", "public", 200, null)]
    [InlineData("MONT VERT NORD", "590991014", "public", 200, null)]
    [InlineData("Centre de santé du Mont-Vert", "590991030", "health-centre", 200, null)]
    [InlineData("Hôpital de la Ravine-Bleue", "590991014", "public", 403, "package-establishment-unknown")]
    [InlineData("Hôpital", "590991014", "public", 403, "package-establishment-unknown")]
    [InlineData("Hôpital Lariboisière", "750712184", "public", 403, "package-establishment-unknown")]
    [InlineData("Résidence des Tilleuls", "690991021", "private", 403, "establishment-not-eligible")]
    [InlineData("Hôpital Nord du Mont-Vert", "590991014", "health-centre", 403, "establishment-type-differs")]
    [InlineData("Centre de santé du Mont-Vert", "590991030", "private", 403, "establishment-type-differs")]
    public async Task Only_an_eligible_establishment_by_its_name_number_and_type_has_it(string name, string finess, string type, int status, string? code)
    {
        var answer = await RequestAsync(new PackageRequest(name, finess, type, "Alix Bernard, DSI", "dsi@mont-vert.test"));
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("finess")]
    [InlineData("type")]
    [InlineData("establishment")]
    [InlineData("requester")]
    [InlineData("email")]
    public async Task A_bad_field_is_named(string field)
    {
        var answer = await RequestAsync(new PackageRequest(
            field == "establishment" ? "" : "Mont-Vert", field == "finess" ? "59099" : North, field == "type" ? "hotel" : "public", field == "requester" ? "" : "Alix Bernard", field == "email" ? "Alix <dsi@mont-vert.test>" : "dsi@mont-vert.test"));
        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"field\":\"{field}\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/files/windows/absent.msi")]
    [InlineData("/files/secret/other.txt")]
    [InlineData("/files/windows/..%2Flicence.txt")]
    [InlineData("/files/windows/..%5C..%5Clicence.txt")]
    [InlineData("/files/..%2Fsecret/other.txt")]
    public async Task Nothing_but_what_the_folders_show_is_handed_out(string path)
    {
        var credentials = (await RequestAsync()).Value;
        await AcceptAsync(credentials, "2026-1");
        Assert.Equal(404, (await GetAsync<object>(path, credentials)).Status);
    }

    [Fact]
    public async Task Wrong_credentials_and_old_ones_open_nothing()
    {
        var credentials = (await RequestAsync()).Value;
        Assert.Equal(401, (await GetAsync<object>("", credentials with { Secret = credentials.Secret[..^1] })).Status);
        Assert.Equal(401, (await GetAsync<object>("", credentials with { Access = Guid.Empty })).Status);
        Assert.Equal(401, (await GetAsync<object>("", null)).Status);
        host.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal((401, "package-credentials-wrong"), Of(await GetAsync<object>("", credentials)));
    }

    [Fact]
    public async Task A_trial_that_failed_is_answered_with_a_ticket_that_stays_as_it_was_written()
    {
        var answer = (await TellAsync(await AcceptedAsync(), Fails)).Value;

        var ticket = answer.Ticket!;
        Assert.Equal((TicketKinds.Technical, North, "Urgences 1", TrialFunctions.Emergencies, answer.Trial, host.Clock.GetUtcNow()), (ticket.Kind, ticket.Establishment, ticket.Post, ticket.Function, ticket.Trial, ticket.At));
        // In the order in which they are tried.
        Assert.Equal([TrialChecks.Card, TrialChecks.Pin], ticket.Failed);
        Assert.Equal("Essai d'un poste en échec (urgences) : Urgences 1", ticket.Title);
        foreach (var part in new[] { "Hôpital Nord du Mont-Vert (FINESS 590991014)", "Urgences 1", "La carte n'est pas reconnue.", "Le code n'est pas demandé", "cdr-agent diagnose", answer.Trial.ToString() })
            Assert.Contains(part, ticket.Text, StringComparison.Ordinal);
        // Who asked is the referent's to see, not part of what is passed on.
        Assert.DoesNotContain("Bernard", ticket.Text, StringComparison.Ordinal);
        var kept = await host.InStoreAsync(db => db.Set<PackageTrial>().SingleAsync());
        Assert.Equal((answer.Trial, "card pin", JsonSerializer.Serialize(ticket, JsonSerializerOptions.Web)), (kept.Id, kept.Failed, kept.Ticket));
        Assert.Null((await TellAsync(await AcceptedAsync(), Passes)).Value.Ticket);
    }

    /// <summary>The row is the trial's own transaction: whoever is killed between it and the broker finds it again.</summary>
    [Fact]
    public async Task A_trial_that_failed_is_told_to_the_hotlines_service_and_again_while_the_broker_is_down()
    {
        var bus = new ToldTrials { IsDown = true };
        host.Services.GetRequiredService<IBus>().ConnectPublishObserver(bus);
        var telling = host.Services.GetRequiredService<TrialTelling>();
        var credentials = await AcceptedAsync();
        Assert.Null((await TellAsync(credentials, Passes)).Value.Ticket);
        var (first, second) = ((await TellAsync(credentials, Fails)).Value, (await TellAsync(credentials, Fails with { Post = "ACCUEIL-2" })).Value);

        Assert.False(await telling.RoundAsync(TestContext.Current.CancellationToken));
        Assert.Empty(bus.Told);
        Assert.Equal(2, await DueAsync());

        bus.IsDown = false;
        Assert.True(await telling.RoundAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            new[] { first, second }.OrderBy(one => one.Trial).Select(one => new TrialFailed(one.Trial, one.Ticket!.At, North, one.Ticket.Title, one.Ticket.Text)),
            bus.Told.DistinctBy(one => one.Trial).OrderBy(one => one.Trial));
        Assert.Equal(0, await DueAsync());
        // Nor is it told once more of itself, and what is logged of it is an id.
        bus.Told.Clear();
        Assert.True(await telling.RoundAsync(TestContext.Current.CancellationToken));
        Assert.Empty(bus.Told);
        Assert.DoesNotContain("Urgences", new TrialFailed(first.Trial, first.Ticket!.At, North, first.Ticket.Title, first.Ticket.Text).ToString(), StringComparison.Ordinal);

        Task<int> DueAsync() => host.InStoreAsync(db => db.Set<PackageTrial>().CountAsync(trial => trial.TicketDueAt != null));
    }

    [Fact]
    public async Task The_referent_sees_the_last_trial_of_each_post_and_function_those_that_failed_first_and_no_others_establishment()
    {
        var credentials = await AcceptedAsync();
        var known = TestAgent.PostOf("tried");
        await new TestAgent(host) { Post = PostPolicyTests.Report("5.0.42", post: "tried") }.SignInAsync("cpe-admissions-nord");
        foreach (var trial in new[] { Fails with { Post = " ACCUEIL-2 ", Function = TrialFunctions.Reception }, Passes, Passes with { Post = known, Function = TrialFunctions.Invoicing }, Passes with { Post = "Urgences 1", Function = TrialFunctions.Emergencies }, Fails })
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(200, (await TellAsync(credentials, trial)).Status);
        }

        var seen = (await ExpiriesAsync("cpe-referent")).Trials!;

        // What failed before it passed, the same day, is shown beside it.
        Assert.Equal(
            [("Urgences 1", null, TrialFunctions.Emergencies, "card pin"), ("ACCUEIL-2", null, TrialFunctions.Reception, "card pin"), (known, "Accueil 2", TrialFunctions.Invoicing, ""), ("ACCUEIL-2", null, TrialFunctions.Reception, "")],
            seen.Select(one => (one.Post, one.Label, one.Function, string.Join(' ', one.Failed))));
        Assert.All(seen, one => Assert.Equal("Alix Bernard, DSI <dsi@mont-vert.test>", one.Requester));
        Assert.Equal([true, true, false, false], seen.Select(one => one.Ticket is not null));
        Assert.Empty((await ExpiriesAsync("cpa-administrateur", "590991022")).Trials!);
        Assert.Equal(4, (await ExpiriesAsync("cpa-administrateur", North)).Trials!.Count);
        // What was tried long ago is nothing to see to.
        host.Clock.Advance(TimeSpan.FromDays(65));
        host.Cards.Publish();
        host.Services.GetRequiredService<TrustStore>().Refresh();
        Assert.Empty((await ExpiriesAsync("cpe-referent")).Trials!);
    }

    [Theory]
    [InlineData(null, "reception", true, "", "post", "trial-post-invalid")]
    [InlineData("  ", "reception", true, "", "post", "trial-post-invalid")]
    [InlineData("poste <script>", "reception", true, "", "post", "trial-post-invalid")]
    [InlineData("alix@mont-vert.test", "reception", true, "", "post", "trial-post-invalid")]
    [InlineData("a\nb", "reception", true, "", "post", "trial-post-invalid")]
    [InlineData("ACCUEIL-2", "surgery", true, "", "function", "trial-function-unknown")]
    [InlineData("ACCUEIL-2", null, true, "", "function", "trial-function-unknown")]
    [InlineData("ACCUEIL-2", "reception", false, "", "failed", "trial-failure-missing")]
    [InlineData("ACCUEIL-2", "reception", false, "card;Mme Durand ne peut pas signer", "failed", "trial-check-unknown")]
    [InlineData("ACCUEIL-2", "reception", true, "card", "failed", "trial-contradicts-itself")]
    public async Task A_trial_is_told_in_words_of_a_closed_set(string? post, string? function, bool passed, string failed, string field, string code)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var answer = await TellAsync(await AcceptedAsync(), new PostTrial(post!, function!, passed, failed.Split(';', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Contains($"\"field\":\"{field}\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, await host.InStoreAsync(db => db.Set<PackageTrial>().CountAsync()));
    }

    [Fact]
    public async Task Whoever_may_not_have_the_package_tells_no_trial_and_nobody_tells_them_without_end()
    {
        var credentials = (await RequestAsync()).Value;
        Assert.Equal((401, "package-credentials-wrong"), Of(await TellAsync(null, Passes)));
        Assert.Equal((401, "package-credentials-wrong"), Of(await TellAsync(credentials with { Secret = credentials.Secret[..^1] }, Passes)));
        Assert.Equal((403, "licence-required"), Of(await TellAsync(credentials, Passes)));
        await AcceptAsync(credentials, "2026-1");
        Assert.Equal(200, (await TellAsync(credentials, Passes)).Status);
        var now = host.Clock.GetUtcNow();
        await host.InStoreAsync(db =>
        {
            for (var at = 1; at < TellTrial.Most; at++)
                db.Add(new PackageTrial { Id = Guid.CreateVersion7(now), AccessId = credentials.Access, At = now, Post = "p", Function = TrialFunctions.Reception, Failed = "", Ticket = null });
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        Assert.Equal((409, "trials-full"), Of(await TellAsync(credentials, Passes)));
        Assert.Equal(200, (await TellAsync(await AcceptedAsync(), Passes)).Status);
    }

    [Fact]
    public async Task Many_at_once_do_not_tell_more_trials_than_are_taken()
    {
        var credentials = await AcceptedAsync();
        await KeepAsync(TellTrial.Most - 1, at => new PackageTrial { Id = Guid.CreateVersion7(at), AccessId = credentials.Access, At = at, Post = "p", Function = TrialFunctions.Reception, Failed = "", Ticket = null });
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => TellAsync(credentials, Passes)));
        Assert.Equal([200, .. Enumerable.Repeat(409, 11)], answers.Select(answer => answer.Status).Order());
        Assert.Equal(TellTrial.Most, await host.InStoreAsync(db => db.Set<PackageTrial>().CountAsync()));
    }

    [Fact]
    public async Task A_failure_stays_beside_what_passed_later_on_its_day_and_goes_with_what_passed_the_next()
    {
        var credentials = await AcceptedAsync();
        // At noon in Paris, or nearly: no trial of this test falls on the next day.
        host.Clock.Advance(TimeSpan.FromHours(34 - host.Clock.GetUtcNow().Hour));
        var passes = Fails with { Passed = true, Failed = null };
        foreach (var trial in new[] { Fails, Fails, passes, passes })
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(200, (await TellAsync(credentials, trial)).Status);
        }

        var seen = (await ExpiriesAsync("cpe-referent")).Trials!;
        Assert.Equal([("card pin", true), ("", false)], seen.Select(one => (string.Join(' ', one.Failed), one.Ticket is not null)));
        Assert.Equal(host.Clock.GetUtcNow().AddSeconds(-2), seen[0].At, TimeSpan.FromMilliseconds(10));

        host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(200, (await TellAsync(credentials, passes)).Status);
        host.Cards.Publish();
        host.Services.GetRequiredService<TrustStore>().Refresh();
        Assert.Empty(Assert.Single((await ExpiriesAsync("cpe-referent")).Trials!).Failed);
    }

    [Fact]
    public async Task The_referent_sees_the_oldest_of_many_trials_too_and_is_told_how_many_are_left()
    {
        var credentials = await AcceptedAsync();
        await KeepAsync(450, at => new PackageTrial { Id = Guid.CreateVersion7(at), AccessId = credentials.Access, At = at, Post = $"p-{at.Second + 60 * at.Minute}", Function = TrialFunctions.Reception, Failed = "", Ticket = null });
        host.Clock.Advance(TimeSpan.FromHours(1));

        var pages = new List<ExpiryList> { await ExpiriesAsync("cpe-referent") };
        while (pages[^1].TrialsLeft > 0)
            pages.Add(await ExpiriesAsync("cpe-referent", after: pages[^1].Trials![^1].Trial));

        Assert.Equal([(200, 250), (200, 50), (50, 0)], pages.Select(page => (page.Trials!.Count, page.TrialsLeft)));
        Assert.Equal(450, pages.SelectMany(page => page.Trials!).Select(one => one.Post).Distinct().Count());
    }

    [Fact]
    public void Every_function_and_check_has_the_hotlines_words()
    {
        Assert.Equal(TrialFunctions.All.Order(), TrialTickets.FunctionWords.Keys.Order());
        Assert.Equal(TrialChecks.All.Order(), TrialTickets.CheckWords.Keys.Order());
    }

    [Fact]
    public async Task The_readers_that_serve_are_told_and_a_list_that_broke_meanwhile_closes_nothing()
    {
        var credentials = (await RequestAsync()).Value;
        Assert.Null((await GetAsync<PackageContents>("", credentials)).Value.Readers);
        Write("readers.json", """[{"name":"Lecteur bi-mode A","version":"04.00","state":"supported"},{"name":"Lecteur consulteur","version":"*","state":"incompatible"}]""");
        Assert.Equal(
            [new PackageReader("Lecteur bi-mode A", "04.00", ReaderStates.Supported), new PackageReader("Lecteur consulteur", "*", ReaderStates.Incompatible)],
            (await GetAsync<PackageContents>("", credentials)).Value.Readers);
        Write("readers.json", """[{"name":"Lecteur bi-mode A","state":"perhaps"}]""");
        var after = await GetAsync<PackageContents>("", credentials);
        Assert.Equal(200, after.Status);
        Assert.Null(after.Value.Readers);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""[{"name":"x","version":"1","state":"perhaps"}]""")]
    [InlineData("""[{"version":"1","state":"supported"}]""")]
    [InlineData("""[null]""")]
    public void A_list_of_readers_that_is_none_stops_a_start(string list)
    {
        Write("readers.json", list);
        Assert.Contains("readers.json", Assert.ThrowsAny<Exception>(() => host.CreateClient()).ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        host.Dispose();
        folder.Dispose();
    }

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private Task<Answer<PackageCredentials>> RequestAsync(PackageRequest? request = null) =>
        new TestAgent(host).PostAsync<PackageCredentials>("/api/sessions/package/requests", request ?? new PackageRequest("Hôpital Nord du Mont-Vert", North, "public", "Alix Bernard, DSI", "dsi@mont-vert.test"));

    private Task<Answer<T>> GetAsync<T>(string path, PackageCredentials? credentials) => SendAsync<T>(HttpMethod.Get, path, credentials, null);

    private Task<Answer<object>> AcceptAsync(PackageCredentials credentials, string version) => SendAsync<object>(HttpMethod.Post, "/licence", credentials, new LicenceAcceptance(version));

    /// <summary>Of somebody who has the package.</summary>
    private async Task<PackageCredentials> AcceptedAsync()
    {
        var credentials = (await RequestAsync()).Value;
        await AcceptAsync(credentials, "2026-1");
        return credentials;
    }

    private Task<Answer<PostTrialAnswer>> TellAsync(PackageCredentials? credentials, PostTrial trial) => SendAsync<PostTrialAnswer>(HttpMethod.Post, "/trials", credentials, trial);

    /// <summary>Kept so many, one each second from now on.</summary>
    private Task<int> KeepAsync(int count, Func<DateTimeOffset, PackageTrial> trial)
    {
        var from = host.Clock.GetUtcNow();
        return host.InStoreAsync(db =>
        {
            db.AddRange(Enumerable.Range(0, count).Select(second => trial(from.AddSeconds(second))));
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
    }

    private async Task<ExpiryList> ExpiriesAsync(string card, string? establishment = null, Guid? after = null)
    {
        var http = new HospitalSoftware(host);
        return (await http.SendAsync<ExpiryList>(HttpMethod.Get, $"/api/sessions/expiries{(establishment is null ? "?" : $"?establishment={establishment}&")}{(after is null ? "" : $"trialsAfter={after}")}", await http.TokenOfAsync(card))).Value;
    }

    private async Task<Answer<T>> SendAsync<T>(HttpMethod method, string path, PackageCredentials? credentials, object? body)
    {
        using var http = host.CreateClient();
        using var request = new HttpRequestMessage(method, "/api/sessions/package" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (credentials is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Access}:{credentials.Secret}")));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<T>(response);
    }

    private async Task<PackageDownloadEntry[]> DownloadsAsync(string card)
    {
        var http = new HospitalSoftware(host);
        return (await http.SendAsync<PackageDownloadEntry[]>(HttpMethod.Get, "/api/sessions/package/downloads", await http.TokenOfAsync(card))).Value;
    }
}
