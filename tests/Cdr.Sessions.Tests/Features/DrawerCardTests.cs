using System.Net.Http.Json;
using System.Text;
using Cdr.Contracts.Drawer;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Sessions.Tests;

public sealed class DrawerCardTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly SessionsHost host = shared.Sessions;

    public static TheoryData<string> Opening => [.. Deck.Cards.Where(card => card.Opens).Select(card => card.Id)];

    public static TheoryData<string, string> Refused => new()
    {
        { "cps-liberal", "liberal-practice" },
        { "cpe-liberal", "liberal-practice" },
        { "cpe-service", "card-cpe-service" },
        { "cde-directeur", "card-cde" },
        { "cda-directrice", "card-cda" },
        { "cpa-sans-role", "card-without-role" },
        { "cpe-ehpad", "establishment-not-eligible" },
        { "cpe-expiree", "certificate-expired" },
        { "cpe-opposee", "certificate-revoked" },
    };

    [Theory]
    [MemberData(nameof(Opening))]
    public async Task A_card_meant_to_open_gives_a_token_for_each_of_its_activities(string card)
    {
        var opening = (await SignInAsync(card)).Value;
        Assert.NotEmpty(opening.Activities);
        foreach (var activity in opening.Activities)
        {
            var again = (await SignInAsync(card)).Value;
            var grant = (await new TestAgent(host).RedeemAsync(again.Ticket, activity.Id)).Value;
            var token = new JsonWebToken(grant.Token.Value);
            Assert.Equal("at+jwt", token.Typ);
            Assert.Equal("ES256", token.Alg);
            Assert.Equal(activity.Role, token.GetClaim(CdrClaims.Role).Value);
            Assert.Equal(grant.Session.ToString(), token.GetClaim(CdrClaims.Session).Value);
            Assert.Equal(SubjectKinds.Person, token.GetClaim(CdrClaims.Kind).Value);
            Assert.Equal(activity.Finess, token.TryGetClaim(CdrClaims.Finess, out var finess) ? finess.Value : null);
            Assert.Equal(activity.Unit, token.TryGetClaim(CdrClaims.Unit, out var unit) ? unit.Value : null);
            Assert.Equal(Deck.Find(card)!.Holder, grant.Holder);
        }
    }

    [Theory]
    [MemberData(nameof(Opening))]
    public async Task A_token_holds_no_name_and_no_national_identifier(string card)
    {
        var printed = Deck.Find(card)!;
        var opening = (await SignInAsync(card)).Value;
        var grant = (await new TestAgent(host).RedeemAsync(opening.Ticket, opening.Activities[0].Id)).Value;
        var payload = Encoding.UTF8.GetString(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(grant.Token.Value.Split('.')[1]));
        foreach (var personal in new[] { printed.FamilyName, printed.GivenName, printed.Number, printed.Number[1..] })
            Assert.DoesNotContain(personal, payload, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_card_that_opens_nothing_is_told_why_and_what_to_do(string card, string code)
    {
        var answer = await SignInAsync(card);
        Assert.Equal(403, answer.Status);
        Assert.Equal(code, answer.Code);
        Assert.Contains("\"detail\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refused_card_of_the_deck_has_its_test() =>
        Assert.Equal(Deck.Cards.Where(card => !card.Opens).Select(card => card.Id).Order(), Refused.Select(row => row.Data.Item1).Order());

    [Fact]
    public async Task Each_role_has_a_card()
    {
        var roles = new HashSet<string>();
        foreach (var card in Deck.Cards.Where(card => card.Opens))
            roles.UnionWith((await SignInAsync(card.Id)).Value.Activities.Select(activity => activity.Role));
        Assert.Equal(CdrRoles.All.Order(), roles.Order());
    }

    [Fact]
    public async Task A_cpa_is_never_a_clerk()
    {
        foreach (var card in Deck.Cards.Where(card => card.Opens && card.Kind == Domain.CardKind.Cpa))
            Assert.DoesNotContain((await SignInAsync(card.Id)).Value.Activities, activity => activity.Role == CdrRoles.Clerk);
    }

    [Fact]
    public async Task The_drawer_shows_its_cards_and_no_identifier()
    {
        var body = await host.Drawer.GetStringAsync("/drawer/cards", TestContext.Current.CancellationToken);
        var cards = await host.Drawer.GetFromJsonAsync<DemoCard[]>("/drawer/cards", TestContext.Current.CancellationToken);
        Assert.Equal(Deck.Cards.Select(card => card.Id), cards!.Select(card => card.Id));
        Assert.All(Deck.Cards, card => Assert.DoesNotContain(card.Number, body, StringComparison.Ordinal));
    }

    private async Task<Answer<Opening>> SignInAsync(string card)
    {
        using var response = await host.Drawer.PostAsJsonAsync($"/drawer/cards/{card}/sign-in", new PinRequest(Deck.Pin), TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<Opening>(response);
    }
}
