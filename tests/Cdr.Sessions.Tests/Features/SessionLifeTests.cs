using System.Net;
using System.Net.Http.Headers;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Data;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Tests.Features;

public sealed class SessionLifeTests(PrintedCards cards) : IDisposable
{
    private const string Card = "cpe-admissions-nord";
    private readonly SessionsHost host = new(cards);

    [Fact]
    public async Task A_live_session_obtains_new_tokens()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        host.Clock.Advance(TimeSpan.FromMinutes(4));
        var token = (await agent.RenewAsync(grant)).Value;
        Assert.Equal(TimeSpan.FromMinutes(4), token.ExpiresAt - grant.Token.ExpiresAt);
    }

    [Fact]
    public async Task Renewal_after_the_end_is_401_and_ending_twice_is_no_error()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        Assert.Equal(HttpStatusCode.NoContent, await EndAsync(grant.Session, grant.Token.Value));
        Assert.Equal(HttpStatusCode.NoContent, await EndAsync(grant.Session, grant.Token.Value));
        var renewed = await agent.RenewAsync(grant);
        Assert.Equal((401, "session-ended"), (renewed.Status, renewed.Code));
        Assert.Equal(SessionEnds.SignedOut, await WhyAsync(grant.Session));
    }

    [Fact]
    public async Task Nobody_ends_anothers_session()
    {
        var agent = new TestAgent(host);
        var (mine, theirs) = (await agent.SignInAsync(Card), await agent.SignInAsync("cpa-administrateur"));
        Assert.Equal(HttpStatusCode.Forbidden, await EndAsync(mine.Session, theirs.Token.Value));
        Assert.Equal(200, (await agent.RenewAsync(mine)).Status);
    }

    [Fact]
    public async Task A_wrong_renewal_secret_is_401_and_so_is_an_unknown_session()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        Assert.Equal((401, "renewal-wrong"), Of(await agent.RenewAsync(grant with { Renewal = "wrong" })));
        Assert.Equal((401, "renewal-wrong"), Of(await agent.RenewAsync(grant with { Session = Guid.CreateVersion7(host.Clock.GetUtcNow()) })));
    }

    [Fact]
    public async Task A_session_lasts_twelve_hours_and_its_last_token_not_longer()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        var end = host.Clock.GetUtcNow().AddHours(12);
        for (var quarter = 0; quarter < 47; quarter++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(15));
            Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
        }

        host.Clock.Advance(TimeSpan.FromMinutes(13));
        Assert.InRange((await agent.RenewAsync(grant)).Value.ExpiresAt, end.AddSeconds(-1), end);
        host.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal((401, "session-ended"), Of(await agent.RenewAsync(grant)));
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal((401, "session-ended"), Of(await agent.RenewAsync(grant)));
    }

    [Fact]
    public async Task A_withdrawn_card_ends_its_session_by_the_ticket_alone()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync(Card)).Value;
        var grant = (await agent.RedeemAsync(opening.Ticket)).Value;
        await host.Api.WithdrawAsync(new WithdrawalRequest(opening.Ticket), TestContext.Current.CancellationToken);
        Assert.Equal((401, "session-ended"), Of(await agent.RenewAsync(grant)));
        Assert.Equal(SessionEnds.Withdrawn, await WhyAsync(grant.Session));
    }

    [Fact]
    public async Task A_card_withdrawn_before_redemption_leaves_no_ticket()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync(Card)).Value;
        await host.Api.WithdrawAsync(new WithdrawalRequest(opening.Ticket), TestContext.Current.CancellationToken);
        Assert.Equal("ticket-used", (await agent.RedeemAsync(opening.Ticket)).Code);
    }

    [Theory]
    [InlineData("Stays", 200, 200)]
    [InlineData("SameCard", 401, 200)]
    [InlineData("Ends", 401, 401)]
    public async Task Signing_in_anew_ends_the_session_before_and_those_elsewhere_by_the_policy(string policy, int sameCard, int otherCard)
    {
        using var own = new SessionsHost(cards, [new("Sessions:Presence:Elsewhere", policy)]);
        var agent = new TestAgent(own);
        using var before = own.Cards.Authentication(Card);
        var (first, elsewhere, another) = (await agent.SignInAsync(Card), new TestAgent(own), new TestAgent(own));
        var there = await elsewhere.SignInAsync(Card);
        // A card renewed ends none of the sessions of the one before by itself.
        using var authority = DemoAuthority.Ensure(Path.Combine(own.Folder, "drawer"), own.Clock.GetUtcNow());
        using var renewed = CardPrinter.Print(Deck.Find(Card)!, CertificateUse.Authentication, authority, own.Clock.GetUtcNow());
        var opening = (await another.OpenAsync(renewed)).Value;
        var withOther = (await another.RedeemAsync(opening.Ticket)).Value;
        Assert.Equal(otherCard, (await elsewhere.RenewAsync(there)).Status);
        there = await elsewhere.SignInAsync(Card);
        first = await agent.SignInAsync(Card);
        Assert.Equal(sameCard, (await elsewhere.RenewAsync(there)).Status);
        Assert.Equal(otherCard, (await another.RenewAsync(withOther)).Status);
        var second = await agent.SignInAsync(Card);
        Assert.Equal(401, (await agent.RenewAsync(first)).Status);
        Assert.Equal(200, (await agent.RenewAsync(second)).Status);
    }

    [Fact]
    public async Task A_closed_habilitation_ends_the_session_at_its_next_token()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Card);
        await host.InStoreAsync(db => db.Habilitations.Where(one => one.Id == grant.Activity.Id).ExecuteUpdateAsync(set => set.SetProperty(h => h.Until, new DateOnly(2025, 1, 1))));
        Assert.Equal((401, "session-ended"), Of(await agent.RenewAsync(grant)));
        Assert.Equal(SessionEnds.Revoked, await WhyAsync(grant.Session));
        Assert.Equal("no-establishment", (await agent.OpenAsync(Card)).Code);
    }

    public void Dispose() => host.Dispose();

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private async Task<HttpStatusCode> EndAsync(Guid session, string token)
    {
        using var http = host.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.DeleteAsync(new Uri($"/api/sessions/{session}", UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private Task<string?> WhyAsync(Guid session) => host.InStoreAsync(db => db.Sessions.Where(one => one.Id == session).Select(one => one.EndedBecause).SingleAsync());
}
