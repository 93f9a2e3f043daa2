using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Sessions.Tests.Posts;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Tests.Administration;

public sealed class ExpiryTests : IDisposable
{
    private const string Clerk = "cpe-admissions-nord";

    private readonly Organisations organisations = new();
    private readonly PrintedCards cards;
    private readonly SessionsHost host;
    private readonly HospitalSoftware http;

    public ExpiryTests(PrintedCards cards)
    {
        this.cards = cards;
        host = new SessionsHost(cards, Organisations.Settings);
        http = new HospitalSoftware(host);
        organisations.Trust(host);
    }

    [Fact]
    public async Task A_card_about_to_end_is_listed_until_the_next_one_was_seen()
    {
        var grant = await new TestAgent(host).SignInAsync(Clerk);
        Assert.Empty((await ListAsync()).Cards);
        await EndsAsync(grant.Session, host.Clock.GetUtcNow().AddDays(40));

        var card = Assert.Single((await ListAsync()).Cards);

        Assert.Equal((Deck.Find(Clerk)!.FamilyName, "cpe-nominative"), (card.Holder.Split(' ')[^1], card.Kind));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await new TestAgent(host).SignInAsync(Clerk);
        Assert.Empty((await ListAsync()).Cards);
    }

    [Fact]
    public async Task A_leaver_is_listed_with_the_card_to_recover_and_not_among_those_who_act()
    {
        var grant = await new TestAgent(host).SignInAsync(Clerk);
        await EndsAsync(grant.Session, host.Clock.GetUtcNow().AddDays(40));
        var today = DateOnly.FromDateTime(host.Clock.GetUtcNow().UtcDateTime);
        await host.InStoreAsync(db => db.Habilitations.Where(one => one.Id == grant.Activity.Id).ExecuteUpdateAsync(set => set.SetProperty(h => h.Until, today.AddDays(-3))));

        var list = await ListAsync();

        var leaver = Assert.Single(list.Leavers);
        Assert.Equal((today.AddDays(-3), CdrRoles.Clerk, "cpe-nominative"), (leaver.LastDay, leaver.Role, leaver.CardKind));
        Assert.NotNull(leaver.CardEndsAt);
        Assert.Empty(list.Cards);
        await host.InStoreAsync(db => db.Habilitations.Where(one => one.Id == grant.Activity.Id).ExecuteUpdateAsync(set => set.SetProperty(h => h.Until, today.AddMonths(-3))));
        Assert.Empty((await ListAsync()).Leavers);
    }

    [Fact]
    public async Task A_certificate_about_to_end_is_listed_to_the_referents_of_its_establishments_and_to_no_other()
    {
        await http.RegisterAsync();
        using var certificate = organisations.Issue(until: host.Clock.GetUtcNow().AddDays(30));
        Assert.Equal(200, (await http.AskAsync(http.Assertion(certificate))).Status);

        var listed = Assert.Single((await ListAsync()).Certificates);

        Assert.Equal((http.Id, certificate.NotAfter.ToUniversalTime()), (listed.Client, listed.EndsAt.UtcDateTime));
        Assert.Equal(403, (await AskAsync("cpe-referent", "690991013")).Status);
        Assert.Empty((await AskAsync("cpa-administrateur", "690991013")).Value.Certificates);
        Assert.Single((await AskAsync("cpa-administrateur", "590991022")).Value.Certificates);
        using var next = organisations.Issue();
        Assert.Equal(200, (await http.AskAsync(http.Assertion(next))).Status);
        Assert.Empty((await ListAsync()).Certificates);
    }

    [Fact]
    public async Task A_post_that_a_policy_cuts_off_in_thirty_days_is_listed_once_to_its_own_referent_and_no_fit_post_is()
    {
        using var folder = new TestFolder("policy");
        var (cut, later) = (Paris(30), Paris(90));
        // Two rules refuse it, one later: it is one post, and the first day is its day. What is beyond two months is not yet to see to.
        await File.WriteAllTextAsync(folder.File("policy.json"), $$"""
            [
              {"code":"later","title":"Plus tard.","next":"Rien encore.","cryptolibBelow":"5","refuseFrom":"{{cut.AddDays(1):yyyy-MM-dd}}"},
              {"code":"old","title":"Trop ancienne.","next":"Installez la 5.","pki":"igc-sante","cryptolibBelow":"5","refuseFrom":"{{cut:yyyy-MM-dd}}"},
              {"code":"much-later","title":"Bien plus tard.","next":"Rien encore.","cryptolibBelow":"5.2","refuseFrom":"{{later:yyyy-MM-dd}}"}
            ]
            """, TestContext.Current.CancellationToken);
        using var announced = new SessionsHost(cards, [new("Sessions:Posts:PolicyFile", folder.File("policy.json")), new("Sessions:Presence:Elsewhere", "Stays")]);
        await new TestAgent(announced) { Post = PostPolicyTests.Report("4.1", post: "cut-off") }.SignInAsync(Clerk);
        await new TestAgent(announced) { Post = PostPolicyTests.Report("5.1", post: "fit") }.SignInAsync(Clerk);
        await new TestAgent(announced) { Post = PostPolicyTests.Report("4.1", post: "elsewhere") }.SignInAsync("cpe-facturation-reunion");

        var seen = await new HospitalSoftware(announced).SendAsync<ExpiryList>(HttpMethod.Get, "/api/sessions/expiries", await new HospitalSoftware(announced).TokenOfAsync("cpe-referent"));

        Assert.Equal(new EndingPost(TestAgent.PostOf("cut-off"), "Accueil 2", "igc-sante", cut, "Trop ancienne.", "Installez la 5."), Assert.Single(seen.Value.Posts));
    }

    public void Dispose()
    {
        host.Dispose();
        organisations.Dispose();
    }

    private async Task<ExpiryList> ListAsync() => (await AskAsync("cpe-referent", null)).Value;

    private async Task<Answer<ExpiryList>> AskAsync(string card, string? establishment) =>
        await http.SendAsync<ExpiryList>(HttpMethod.Get, "/api/sessions/expiries" + (establishment is null ? "" : "?establishment=" + establishment), await http.TokenOfAsync(card));

    private DateOnly Paris(int days) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(host.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime).AddDays(days);

    private Task<int> EndsAsync(Guid session, DateTimeOffset end) =>
        host.InStoreAsync(db => db.Sessions.Where(one => one.Id == session).ExecuteUpdateAsync(set => set.SetProperty(s => s.Card.EndsAt, end)));
}
