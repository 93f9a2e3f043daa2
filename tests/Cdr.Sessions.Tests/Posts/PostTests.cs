using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Features.ListPosts;
using Cdr.Sessions.Posts;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Posts;

public sealed class PostTests(PrintedCards cards) : IDisposable
{
    private const string Card = "cpe-admissions-nord";
    private const string Nord = "590991014";
    private readonly SessionsHost host = new(cards, [new("Sessions:Presence:Elsewhere", "Stays")]);

    [Fact]
    public async Task The_2018_situation_of_new_and_old_cards_on_one_post()
    {
        var today = Today(host);
        // The day that it will be in Paris: between two hours of the evening summer time makes it the next one.
        var (announced, refused) = (today, Day(host.Clock.GetUtcNow().AddDays(156)));
        using var own = new SessionsHost(cards, [new("Sessions:Posts:PolicyFile", PolicyFile(announced, refused)), new("Sessions:Presence:Elsewhere", "Stays")]);
        using var old = DemoAuthority.Make(own.Clock.GetUtcNow(), "ANCIENNE");
        TrustTwoFamilies(own, old);
        using var newCard = own.Cards.Authentication(Card);
        using var oldCard = CardPrinter.Print(Deck.Find("cpe-referent")!, CertificateUse.Authentication, old, own.Clock.GetUtcNow());
        var agent = new TestAgent(own) { Post = PostPolicyTests.Report("4.1.22") };

        // Five months before: both open, both are warned, and the referent already sees who will be cut off.
        Assert.Equal([("cryptolib-too-old", (DateOnly?)refused)], Warnings(await SignedInAsync(agent, newCard)));
        Assert.Equal([("cryptolib-too-old-for-new-cards", null)], Warnings(await SignedInAsync(agent, oldCard)));
        var before = await PostsAsync(own, "cpa-hotline", "");
        Assert.Equal(("warned", "warned"), Outcomes(before));
        Assert.Equal((0, 1, 0), Sum(before.Departments.Single(one => one.Code == "59")));
        var ahead = await PostsAsync(own, "cpa-hotline", $"?on={refused:yyyy-MM-dd}");
        Assert.Equal(("refused", "warned"), Outcomes(ahead));
        Assert.Equal((0, 0, 1), Sum(ahead.Establishments.Single(one => one.Code == Nord)));

        own.Clock.Advance(TimeSpan.FromDays(155));
        Renewed(own, old);
        Assert.Equal(200, (await agent.OpenAsync(newCard)).Status);
        own.Clock.Advance(TimeSpan.FromDays(1));
        var answer = await agent.OpenAsync(newCard);
        Assert.Equal((403, "cryptolib-too-old"), (answer.Status, answer.Code));
        Assert.Equal([("cryptolib-too-old-for-new-cards", null)], Warnings(await agent.OpenAsync(oldCard)));
        var updated = new TestAgent(own) { Post = PostPolicyTests.Report("5.0.42") };
        Assert.Empty(Warnings(await updated.OpenAsync(newCard)));
    }

    [Fact]
    public async Task The_last_report_is_kept_that_of_a_refused_post_too()
    {
        var agent = new TestAgent(host) { Post = PostPolicyTests.Report("5.0.42") };
        Assert.Empty((await agent.SignInAsync(Card)).Warnings!);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var refused = new TestAgent(host) { Post = PostPolicyTests.Report("4.0") };
        Assert.Equal("cryptolib-too-old", (await refused.OpenAsync(Card)).Code);
        var post = Assert.Single((await PostsAsync(host, "cpa-hotline", "")).Posts);
        Assert.Equal((TestAgent.PostOf("post-1"), "Accueil 2", Nord, "59", "4.0"), (post.Post, post.Label, post.Establishment, post.Department, post.Cryptolib));
        Assert.Equal("refused", post.Verdicts.Single(verdict => verdict.Pki == "igc-sante").Outcome);
    }

    [Fact]
    public async Task A_report_that_is_kept_late_does_not_take_the_place_of_a_newer_one()
    {
        var (before, after) = (new TestAgent(host) { Post = PostPolicyTests.Report("5.0.42") }, new TestAgent(host) { Post = PostPolicyTests.Report("5.2.0"), OsSession = "os-2" });
        var late = (await before.OpenAsync(Card)).Value;
        var started = host.Clock.GetUtcNow();
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await after.SignInAsync(Card);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, (await before.RedeemAsync(late.Ticket)).Status);
        Assert.Equal("5.2.0", Assert.Single((await PostsAsync(host, "cpa-hotline", "")).Posts).Cryptolib);
        var (post, seen) = await host.InStoreAsync(async db => (await db.Posts.SingleAsync(), await db.PostCards.SingleAsync()));
        Assert.Equal(started.AddSeconds(10), post.ReportedAt, TimeSpan.FromSeconds(1));
        Assert.Equal(post.ReportedAt, seen.SeenAt);
    }

    [Fact]
    public async Task A_post_is_judged_before_anybody_signs_in_there_and_nothing_is_kept_of_it()
    {
        using var http = host.CreateClient();
        async Task<PostJudgement> JudgedAsync(string cryptolib)
        {
            using var response = await http.PostAsJsonAsync("/api/sessions/posts/judgement", PostPolicyTests.Report(cryptolib) with { Post = "abc" }, TestContext.Current.CancellationToken);
            return (await response.Content.ReadFromJsonAsync<PostJudgement>(TestContext.Current.CancellationToken))!;
        }

        var refused = await JudgedAsync("4.0");
        var verdict = refused.Verdicts.Single(one => one.Pki == "igc-sante");
        Assert.Equal(("refused", new DateOnly(2018, 7, 1), Today(host)), (verdict.Outcome, verdict.RefusedFrom, refused.On));
        Assert.Contains("cryptolib-too-old", verdict.Codes);
        Assert.Contains(refused.Words, word => word.Code == "cryptolib-too-old" && word.Next.Contains("Cryptolib CPS 5", StringComparison.Ordinal));
        var accepted = await JudgedAsync("5.2.0");
        Assert.All(accepted.Verdicts, one => Assert.Equal(("accepted", 0), (one.Outcome, one.Codes.Count)));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(PostPolicy.Embedded()))[..12], accepted.Policy);
        Assert.Equal(accepted.Policy, refused.Policy);
        Assert.Empty((await PostsAsync(host, "cpa-hotline", "")).Posts);
    }

    [Fact]
    public async Task A_post_of_no_establishment_is_one_too()
    {
        Post Row() => new() { Id = Guid.CreateVersion7(host.Clock.GetUtcNow()), Reference = "one", EstablishmentFiness = null, ReportedAt = host.Clock.GetUtcNow(), Report = "{}" };
        await host.InStoreAsync(async db =>
        {
            db.Posts.Add(Row());
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            db.Posts.Add(Row());
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
            return 0;
        });
    }

    [Fact]
    public async Task A_post_is_each_establishments_whose_sessions_it_opens()
    {
        var agent = new TestAgent(host) { Post = PostPolicyTests.Report("5.0.42") };
        var opening = (await agent.OpenAsync("cps-medecin")).Value;
        // Until an activity is chosen it is nobody's.
        Assert.Empty((await PostsAsync(host, "cpa-hotline", "")).Posts);
        var activity = opening.Activities.First(one => one.Finess is not null && one.Finess != Nord);
        await agent.RedeemAsync(opening.Ticket, activity.Id);
        await agent.SignInAsync(Card);
        // A host of two establishments: the one's report does not take the other's away.
        Assert.Equal(new[] { activity.Finess, Nord }.Order(), (await PostsAsync(host, "cpa-hotline", "")).Posts.Select(post => post.Establishment).Order());
    }

    [Fact]
    public async Task Keeping_silent_about_the_post_does_not_get_round_a_rule_that_refuses()
    {
        Assert.Equal((403, "post-report-missing"), Of(await new TestAgent(host) { Post = null }.OpenAsync(Card)));
        // Nothing is refused yet: a warning that nobody hears keeps nobody out.
        using var announced = new SessionsHost(cards, [new("Sessions:Posts:PolicyFile", PolicyFile(Today(host), Today(host).AddDays(1)))]);
        var silent = new TestAgent(announced) { Post = null };
        Assert.Equal(200, (await silent.OpenAsync(Card)).Status);
        announced.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("post-report-missing", (await silent.OpenAsync(Card)).Code);
    }

    [Fact]
    public async Task The_report_is_part_of_what_the_agent_signs()
    {
        using var card = host.Cards.Authentication(Card);
        var agent = new TestAgent(host) { Post = PostPolicyTests.Report("4.0") };
        var better = PostPolicyTests.Report("5.0.42");
        Assert.Equal((403, "agent-signature-wrong"), Of(await OpenAsync(agent, await agent.AnswerAsync(card) with { Post = better })));
        Assert.Equal((403, "agent-signature-wrong"), Of(await OpenAsync(agent, await agent.AnswerAsync(card) with { Post = null })));
        var unsaid = new TestAgent(host) { Post = null };
        var answer = await unsaid.AnswerAsync(card);
        Assert.Equal((403, "agent-signature-wrong"), Of(await OpenAsync(unsaid, answer with { Post = better, PostSecret = (await agent.AnswerAsync(card)).PostSecret })));
        Assert.Empty((await PostsAsync(host, "cpa-hotline", "")).Posts);
    }

    [Fact]
    public async Task Nobody_reports_in_the_name_of_another_post()
    {
        await new TestAgent(host) { Post = PostPolicyTests.Report("5.0.42") }.SignInAsync(Card);
        using var card = host.Cards.Authentication(Card);
        // Its id is no secret: referents and the hotline read it.
        var thief = new TestAgent(host) { Post = PostPolicyTests.Report("4.0") with { Label = "x" } };
        var answer = await thief.AnswerAsync(card);
        foreach (var secret in (string?[])[null, "", "AAAA", Base64Url.EncodeToString(new byte[32])])
            Assert.Equal((400, "post-not-proven"), Of(await OpenAsync(thief, answer with { PostSecret = secret })));
        Assert.Equal("5.0.42", Assert.Single((await PostsAsync(host, "cpa-hotline", "")).Posts).Cryptolib);
    }

    [Fact]
    public async Task A_post_that_is_heard_of_no_more_is_forgotten()
    {
        await new TestAgent(host) { Post = PostPolicyTests.Report("5.0.42") }.SignInAsync(Card);
        await host.Services.GetRequiredService<Housekeeping>().RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await host.InStoreAsync(db => db.PostCards.CountAsync()));
        host.Clock.Advance(TimeSpan.FromDays(181));
        await host.Services.GetRequiredService<Housekeeping>().RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (await host.InStoreAsync(db => db.Posts.CountAsync()), await host.InStoreAsync(db => db.PostCards.CountAsync())));
    }

    [Fact]
    public async Task Each_sees_the_posts_that_are_theirs_and_filters_only_narrow()
    {
        foreach (var (post, card) in new[] { ("nord", Card), ("sud", "cps-infirmier"), ("rhone", "cpe-urgences-rhone"), ("reunion", "cpe-facturation-reunion") })
            Assert.NotNull(await new TestAgent(host) { Post = PostPolicyTests.Report("5.0.42", post: post) }.SignInAsync(card));
        foreach (var (reader, sees) in new (string, string[])[]
        {
            ("cpe-referent", ["nord"]), ("cpe-correspondant", ["rhone"]), ("cpe-groupe", ["nord", "sud"]),
            ("cpa-hotline", ["nord", "sud", "rhone", "reunion"]), ("cpa-exploitation", ["nord", "sud", "rhone", "reunion"]), ("cpa-administrateur", ["nord", "sud", "rhone", "reunion"]),
        })
            Assert.Equal(sees.Select(TestAgent.PostOf).Order(), (await PostsAsync(host, reader, "")).Posts.Select(post => post.Post).Order());
        Assert.Equal([TestAgent.PostOf("rhone")], (await PostsAsync(host, "cpa-hotline", "?establishment=690991013")).Posts.Select(post => post.Post));
        Assert.Equal([TestAgent.PostOf("reunion")], (await PostsAsync(host, "cpa-hotline", "?department=974")).Posts.Select(post => post.Post));
        Assert.Empty((await PostsAsync(host, "cpe-referent", "?establishment=690991013")).Posts);
    }

    [Fact]
    public async Task The_file_has_a_line_a_post_and_family_of_cards()
    {
        await new TestAgent(host) { Post = PostPolicyTests.Report("5.0.1") with { Label = "=1+1;\"x\"" } }.SignInAsync(Card);
        using var http = await SignedInAsync(host, "cpe-referent");
        using var response = await http.GetAsync(new Uri("/api/sessions/posts.csv?on=2026-01-05", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = System.Text.Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        Assert.Equal(4, lines.Length);
        // By the names of the answer in JSON, each of its members once.
        var members = typeof(PostState).GetProperties().Where(one => one.Name != nameof(PostState.Verdicts)).Concat(typeof(PostVerdict).GetProperties()).Select(one => JsonNamingPolicy.CamelCase.ConvertName(one.Name));
        Assert.Equal(string.Join(';', members), lines[0]);
        Assert.StartsWith(PostCsv.Cell(TestAgent.PostOf("post-1")) + ";\"'=1+1;\"\"x\"\"\";590991014;59;", lines[1], StringComparison.Ordinal);
        Assert.Contains("Z;windows;5.0.1;", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(";igc-sante;true;warned;cryptolib-below-recommended;", lines[2], StringComparison.Ordinal);
        using var bad = await http.GetAsync(new Uri("/api/sessions/posts.csv?on=soon", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)bad.StatusCode);
    }

    [Theory]
    [InlineData("=1", "'=1")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData(null, "")]
    public void A_cell_is_neither_calculated_nor_cut(string? text, string cell) => Assert.Equal(cell, PostCsv.Cell(text));

    [Fact]
    public async Task A_report_that_is_not_one_is_400()
    {
        var report = PostPolicyTests.Report("5.0.42");
        foreach (var bad in new[] { report with { Post = "" }, report with { Post = "a b" }, report with { System = "amiga" }, report with { Label = new string('x', 65) }, report with { Cryptolib = new string('5', 101) }, report with { Readers = null! } })
            Assert.Equal("post-invalid", (await new TestAgent(host) { Post = bad }.OpenAsync(Card)).Code);
    }

    public void Dispose() => host.Dispose();

    private static DateOnly Today(SessionsHost host) => Day(host.Clock.GetUtcNow());

    private static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime);

    private static IEnumerable<(string, DateOnly?)> Warnings(Answer<Opening> answer) => answer.Value.Warnings!.Select(warning => (warning.Code, warning.RefusedFrom));

    private static (string New, string Old) Outcomes(PostsAnswer answer)
    {
        var verdicts = Assert.Single(answer.Posts).Verdicts;
        return (verdicts.Single(one => one.Pki == "igc-sante").Outcome, verdicts.Single(one => one.Pki == "igc-cps2ter").Outcome);
    }

    private static (int Accepted, int Warned, int Refused) Sum(PostSum sum) => (sum.Accepted, sum.Warned, sum.Refused);

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private static Task<Answer<Opening>> OpenAsync(TestAgent agent, OpeningRequest request) => agent.PostAsync<Opening>("/api/sessions/openings", request);

    private static async Task<Answer<Opening>> SignedInAsync(TestAgent agent, X509Certificate2 card)
    {
        var opening = await agent.OpenAsync(card);
        var grant = (await agent.RedeemAsync(opening.Value.Ticket, opening.Value.Activities[0].Id)).Value;
        // What the agent heard, the page hears too.
        Assert.NotEmpty(grant.Warnings!);
        Assert.Equal(opening.Value.Warnings, grant.Warnings);
        return opening;
    }

    private static async Task<HttpClient> SignedInAsync(SessionsHost host, string card)
    {
        var http = host.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await new TestAgent(host).SignInAsync(card)).Token.Value);
        // The reader's own post is not what the tests look at.
        var own = TestAgent.PostOf(TestAgent.OwnPost);
        await host.InStoreAsync(db => db.Posts.Where(post => post.Reference == own).ExecuteDeleteAsync());
        return http;
    }

    private static async Task<PostsAnswer> PostsAsync(SessionsHost host, string card, string query)
    {
        using var http = await SignedInAsync(host, card);
        return (await http.GetFromJsonAsync<PostsAnswer>(new Uri("/api/sessions/posts" + query, UriKind.Relative), TestContext.Current.CancellationToken))!;
    }

    /// <summary>The policy of 2018, its days moved.</summary>
    private string PolicyFile(DateOnly announced, DateOnly refused)
    {
        var text = System.Text.Encoding.UTF8.GetString(Cdr.Sessions.Posts.PostPolicy.Embedded())
            .Replace("2018-01-26", announced.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("2018-07-01", refused.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var rules = JsonDocument.Parse(text);
        var path = Path.Combine(host.Folder, "policy.json");
        File.WriteAllText(path, JsonSerializer.Serialize(rules.RootElement.EnumerateArray().Where(rule => rule.GetProperty("code").GetString() != "cryptolib-below-recommended")));
        return path;
    }

    private static void TrustTwoFamilies(SessionsHost host, DemoAuthority old)
    {
        using var authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        var trust = Path.Combine(host.Folder, "trust");
        File.WriteAllText(Path.Combine(trust, "roots", "old.pem"), old.Root.ExportCertificatePem());
        File.WriteAllText(Path.Combine(trust, "issuers", "old.pem"), old.Issuer.ExportCertificatePem());
        File.WriteAllBytes(Path.Combine(trust, Pki.File), JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new { id = "igc-sante", issuers = new[] { Trust.IdOf(authority.Issuer) }, roots = new[] { Trust.IdOf(authority.Root) } },
            new { id = "igc-cps2ter", issuers = new[] { Trust.IdOf(old.Issuer) }, roots = new[] { Trust.IdOf(old.Root) } },
        }));
        Renewed(host, old);
    }

    /// <summary>Lists of the day.</summary>
    private static void Renewed(SessionsHost host, DemoAuthority old)
    {
        var (root, persons) = old.Lists([], host.Clock.GetUtcNow());
        File.WriteAllBytes(Path.Combine(host.Folder, "trust", "lists", "old-root.crl"), root);
        File.WriteAllBytes(Path.Combine(host.Folder, "trust", "lists", "old-persons.crl"), persons);
        host.Cards.Publish();
        host.Services.GetRequiredService<TrustStore>().Refresh();
    }
}
