using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Data;
using Cdr.Sessions.Features.LeaveProvider;
using Cdr.Sessions.OpenId;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Tests.OpenId;

/// <summary>Pro Santé Connect as a provider of the tests plays it, over real HTTP; and the same for an organisation's staff.</summary>
public sealed class ProviderTests(PrintedCards cards) : IAsyncLifetime
{
    private const string Professionals = "pro-sante-connect";
    private const string Staff = "organisation";
    private const string Nurse = "cps-infirmier";

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private TestProvider connect = null!;
    private TestProvider organisation = null!;
    private SessionsHost host = null!;

    public async ValueTask InitializeAsync()
    {
        connect = await TestProvider.StartAsync(clock);
        organisation = await TestProvider.StartAsync(clock);
        connect.Person = Professional(Deck.Find(Nurse)!.Number);
        organisation.Person = new() { ["sub"] = "s.petit", ["given_name"] = "Sacha", ["family_name"] = "PETIT" };
        organisation.How = new() { ["amr"] = new[] { "pwd", "otp" } };
        host = new SessionsHost(cards,
        [
            .. connect.Settings(Professionals, "Pro Santé Connect", ("Acr:0", "eidas1"), ("Scope", "openid scope_all")),
            .. organisation.Settings(Staff, "Compte de l'organisation", ("Amr:0", "otp"), ("Amr:1", "hwk"), ("Holders", "Staff")),
        ]) { Clock = clock };
    }

    [Fact]
    public async Task Pro_Sante_Connect_opens_the_same_persons_session_as_their_card()
    {
        var opening = (await SignInAsync()).Value;
        var grant = (await new TestAgent(host).RedeemAsync(opening.Ticket, opening.Activities[0].Id)).Value;
        var card = await new TestAgent(host).SignInAsync(Nurse);
        Assert.Equal(new JsonWebToken(card.Token.Value).Subject, new JsonWebToken(grant.Token.Value).Subject);
        Assert.Equal("person", new JsonWebToken(grant.Token.Value).GetClaim("kind").Value);
        Assert.Equal(card.Activity, grant.Activity);
        Assert.Equal("Lou DURAND", grant.Holder);
        Assert.Equal(200, (await new TestAgent(host).RenewAsync(grant)).Status);
        Assert.Equal("ticket-used", (await new TestAgent(host).RedeemAsync(opening.Ticket, opening.Activities[0].Id)).Code);
    }

    [Fact]
    public async Task Its_session_lasts_four_hours_and_not_twelve()
    {
        var opening = (await SignInAsync()).Value;
        var grant = (await new TestAgent(host).RedeemAsync(opening.Ticket, opening.Activities[0].Id)).Value;
        for (var quarter = 0; quarter < 15; quarter++)
        {
            clock.Advance(TimeSpan.FromMinutes(15));
            Assert.Equal(200, (await new TestAgent(host).RenewAsync(grant)).Status);
        }

        clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(401, (await new TestAgent(host).RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task The_sign_in_page_is_told_which_doors_there_are() =>
        Assert.Equal(
            [new ProviderView(Professionals, "Pro Santé Connect"), new ProviderView(Staff, "Compte de l'organisation")],
            (await new HospitalSoftware(host).SendAsync<ProviderView[]>(HttpMethod.Get, "/api/sessions/providers", null)).Value);

    [Fact]
    public async Task The_request_holds_pkce_state_nonce_and_level_and_its_secrets_are_kept_as_hashes()
    {
        var began = await BeginAsync();
        var asked = QueryHelpers.ParseQuery(new Uri(began.Address).Query);
        Assert.Equal(("login", "0"), (asked["prompt"].ToString(), asked["max_age"].ToString()));
        Assert.Equal(("code", "S256", "eidas1", "openid scope_all", SessionsHost.Origin + "/connexion/retour"),
            (asked["response_type"].ToString(), asked["code_challenge_method"].ToString(), asked["acr_values"].ToString(), asked["scope"].ToString(), asked["redirect_uri"].ToString()));
        Assert.DoesNotContain(began.Binding, began.Address, StringComparison.Ordinal);
        var again = QueryHelpers.ParseQuery(new Uri((await BeginAsync()).Address).Query);
        Assert.All((string[])["state", "nonce", "code_challenge"], name => Assert.NotEqual(asked[name], again[name]));
        var kept = await host.InStoreAsync(db => db.ProviderSignIns.ToListAsync());
        Assert.All(kept, row => Assert.DoesNotContain(asked["state"].ToString(), Encoding.UTF8.GetString([.. row.State, .. row.Nonce, .. row.Verifier, .. row.Binding]), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_browsers_answer_is_refused_and_the_one_that_began_still_goes_on()
    {
        var (mine, theirs) = (await BeginAsync(), await BeginAsync());
        var answer = await VisitAsync(mine);
        Refused("provider-other-browser", await AnswerAsync(answer with { Binding = theirs.Binding }));
        Refused("provider-request-unknown", await AnswerAsync(answer with { State = new string('A', 43) }));
        // The attacker's code in the victim's sign-in: the verifier is another.
        var attacker = await VisitAsync(theirs);
        Refused("provider-code-refused", await AnswerAsync((await VisitAsync(await BeginAsync())) with { Code = attacker.Code }));
        Assert.Equal(200, (await AnswerAsync(answer)).Status);
    }

    [Fact]
    public async Task An_answer_is_good_once_and_so_is_a_code()
    {
        var answer = await VisitAsync(await BeginAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AnswerAsync(answer)));
        Assert.Single(answers, one => one.Status == 200);
        Assert.All(answers.Where(one => one.Status != 200), one => Refused("provider-request-used", one));
        Assert.Equal(1, connect.Exchanged);
        Refused("provider-code-refused", await AnswerAsync((await VisitAsync(await BeginAsync())) with { Code = answer.Code }));
    }

    [Fact]
    public async Task A_sign_in_that_takes_too_long_is_over()
    {
        var began = await BeginAsync();
        clock.Advance(TimeSpan.FromMinutes(10));
        Refused("provider-request-expired", await AnswerAsync(await VisitAsync(began)));
    }

    [Theory]
    [InlineData("https://elsewhere.test")]
    [InlineData(null)]
    public async Task An_answer_of_another_provider_is_refused_before_its_code_goes_anywhere(string? issuer)
    {
        Refused("provider-differs", await AnswerAsync((await VisitAsync(await BeginAsync())) with { Issuer = issuer }));
        Assert.Equal(0, connect.Exchanged);
    }

    [Theory]
    [InlineData("nonce of another sign-in")]
    [InlineData("no nonce")]
    [InlineData("another audience")]
    [InlineData("two audiences without azp")]
    [InlineData("azp of another")]
    [InlineData("another issuer")]
    [InlineData("expired")]
    [InlineData("without an end")]
    [InlineData("issued an hour ago")]
    [InlineData("issued tomorrow")]
    [InlineData("no subject")]
    [InlineData("of another access token")]
    [InlineData("RS512")]
    [InlineData("HS256 with the client's secret")]
    [InlineData("HS256 with the public key")]
    [InlineData("none")]
    [InlineData("a changed signature")]
    [InlineData("a stranger's key under its name")]
    [InlineData("another person's data")]
    public async Task A_token_that_is_not_for_this_sign_in_is_refused(string lie)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        using var stranger = RSA.Create(2048);
        connect.Lie = descriptor => Lie(descriptor, lie, now, stranger);
        if (lie == "none")
            connect.Forge = token => Base64UrlEncoder.Encode("""{"alg":"none"}""") + "." + token.Split('.')[1] + ".";
        if (lie == "a changed signature")
            connect.Forge = token => token[..^8] + "AAAAAAAA";
        if (lie == "another person's data")
            connect.OtherPerson = Professional(Deck.Find("cps-medecin")!.Number, "another");
        Refused("provider-token-refused", await SignInAsync());
    }

    [Fact]
    public async Task Its_next_key_is_believed_at_once_and_the_one_before_no_more()
    {
        Assert.Equal(200, (await SignInAsync()).Status);
        clock.Advance(TimeSpan.FromSeconds(10));
        var before = connect;
        string? old = null;
        connect.Forge = token => old = token;
        Assert.Equal(200, (await SignInAsync()).Status);
        connect.RotateKey();
        connect.Forge = null;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (await SignInAsync()).Status);
        connect.Forge = _ => old!;
        Refused("provider-token-refused", await SignInAsync());
        Assert.Same(before, connect);
    }

    [Theory]
    [InlineData("eidas0")]
    [InlineData(null)]
    public async Task A_level_below_the_asked_one_opens_nothing(string? level)
    {
        connect.How = level is null ? [] : new() { ["acr"] = level };
        Refused("provider-factor-missing", await SignInAsync());
    }

    [Fact]
    public async Task The_next_person_at_a_shared_post_signs_in_as_themselves()
    {
        Assert.Equal("Lou DURAND", (await RedeemAsync(await SignInAsync())).Holder);
        // The provider still knows her; the doctor sits down.
        connect.Person = Professional(Deck.Find("cps-medecin")!.Number, "f:doctor");
        (connect.Person["given_name"], connect.Person["family_name"]) = ("Alix", "BERNARD");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Alix BERNARD", (await RedeemAsync(await SignInAsync())).Holder);
    }

    [Fact]
    public async Task A_provider_that_does_not_ask_again_lets_nobody_in_as_the_one_before()
    {
        Assert.Equal(200, (await SignInAsync()).Status);
        connect.NeverAsksAgain = true;
        clock.Advance(TimeSpan.FromMinutes(1));
        Refused("provider-authentication-old", await SignInAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("now")]
    [InlineData(-11)]
    [InlineData(11)]
    public async Task A_token_that_does_not_say_that_it_was_now_is_refused(object? when)
    {
        connect.Lie = token =>
        {
            if (when is null)
                token.Claims.Remove("auth_time");
            else
                token.Claims["auth_time"] = when is int seconds ? clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds() : when;
        };
        Refused("provider-authentication-old", await SignInAsync());
    }

    [Fact]
    public async Task Who_signs_out_leaves_their_provider_with_its_own_token_once()
    {
        var grant = await RedeemAsync(await SignInAsync());
        // While the session lives its token stays here, and another's secret opens nothing.
        Assert.Equal(401, (await LeaveAsync(grant.Session, grant.Renewal)).Status);
        await host.InStoreAsync(async db =>
        {
            var kept = Assert.Single(await db.ProviderLogins.ToListAsync());
            Assert.DoesNotContain("eyJ", Encoding.Latin1.GetString(kept.IdToken), StringComparison.Ordinal);
            await host.Services.GetRequiredService<Copies.SessionCopies>().EndAsync(db, grant.Session, SessionEnds.SignedOut, TestContext.Current.CancellationToken);
            return 0;
        });
        Assert.Equal(401, (await LeaveAsync(grant.Session, "another")).Status);
        var logout = (await LeaveAsync(grant.Session, grant.Renewal)).Value;
        Assert.Equal((connect.Issuer + "/leave", TestProvider.ClientId, SessionsHost.Origin + "/connexion/sortie"), (logout.Address, logout.Client, logout.Return));
        Assert.True(connect.Remembers);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([new("id_token_hint", logout.IdToken), new("client_id", logout.Client), new("post_logout_redirect_uri", logout.Return)]);
        using var left = await http.PostAsync(new Uri(logout.Address!), form, TestContext.Current.CancellationToken);
        Assert.Equal(logout.Return, left.Headers.Location?.OriginalString);
        Assert.False(connect.Remembers);
        Assert.Null((await LeaveAsync(grant.Session, grant.Renewal)).Value.Address);
        Assert.Empty(await host.InStoreAsync(db => db.ProviderLogins.ToListAsync()));
    }

    [Fact]
    public async Task Whoever_finds_their_provider_silent_may_still_leave_it_later()
    {
        var grant = await RedeemAsync(await SignInAsync());
        await host.InStoreAsync(async db =>
        {
            await host.Services.GetRequiredService<Copies.SessionCopies>().EndAsync(db, grant.Session, SessionEnds.SignedOut, TestContext.Current.CancellationToken);
            return 0;
        });
        connect.Silent = true;
        Assert.Null((await LeaveElsewhereAsync(grant)).Address);
        connect.Silent = false;
        Assert.Equal(connect.Issuer + "/leave", (await LeaveElsewhereAsync(grant)).Address);
        Assert.Null((await LeaveElsewhereAsync(grant)).Address);
    }

    [Fact]
    public async Task What_leaves_a_provider_is_kept_no_longer_than_its_session_can_live()
    {
        await RedeemAsync(await SignInAsync());
        var housekeeping = host.Services.GetRequiredService<Copies.Housekeeping>();
        clock.Advance(TimeSpan.FromHours(4) - TimeSpan.FromSeconds(1));
        await housekeeping.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Single(await host.InStoreAsync(db => db.ProviderLogins.ToListAsync()));
        clock.Advance(TimeSpan.FromSeconds(2));
        await housekeeping.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await host.InStoreAsync(db => db.ProviderLogins.ToListAsync()));
    }

    [Fact]
    public async Task A_card_has_no_provider_to_leave()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync(Nurse);
        Assert.Equal(401, (await LeaveAsync(grant.Session, grant.Renewal)).Status);
        await host.InStoreAsync(async db =>
        {
            await host.Services.GetRequiredService<Copies.SessionCopies>().EndAsync(db, grant.Session, SessionEnds.SignedOut, TestContext.Current.CancellationToken);
            return 0;
        });
        Assert.Null((await LeaveAsync(grant.Session, grant.Renewal)).Value.Address);
    }

    [Theory]
    [InlineData("cps-liberal", "liberal-practice")]
    [InlineData("unknown", "no-establishment")]
    public async Task Eligibility_is_as_for_cards(string card, string code)
    {
        connect.Person = Professional(Deck.Find(card)?.Number ?? "810001234565");
        Refused(code, await SignInAsync());
    }

    [Theory]
    [InlineData("810001234568")]
    [InlineData("10008")]
    [InlineData("3590991014/12")]
    public async Task Whoever_has_no_national_number_of_a_professional_is_told_so(string number)
    {
        connect.Person = Professional(number);
        Refused("provider-identity-without-number", await SignInAsync());
    }

    [Fact]
    public async Task Without_a_profession_a_number_opens_nothing()
    {
        connect.Person.Remove("SubjectRole");
        Refused("provider-identity-without-number", await SignInAsync());
    }

    [Fact]
    public async Task A_silent_provider_is_said_to_be_silent_and_others_go_on()
    {
        var began = await BeginAsync();
        var answer = await VisitAsync(began);
        connect.Silent = true;
        Assert.Equal((503, "provider-silent"), Of(await AnswerAsync(answer)));
        Assert.Equal(200, (await new TestAgent(host).PostAsync<ProviderRequest>($"/api/sessions/providers/{Staff}/requests", null)).Status);
    }

    [Fact]
    public async Task Staff_have_the_roles_of_our_database_and_never_consult()
    {
        Refused("identity-without-role", await SignInAsync(Staff, organisation));
        await GrantAsync(CdrRoles.Hotline);
        await GrantAsync(CdrRoles.Clerk, "590991014");
        var opening = (await SignInAsync(Staff, organisation)).Value;
        Assert.Equal(CdrRoles.Hotline, Assert.Single(opening.Activities).Role);
        var grant = (await new TestAgent(host).RedeemAsync(opening.Ticket)).Value;
        Assert.Equal("hotline", new JsonWebToken(grant.Token.Value).GetClaim("role").Value);
        Assert.Equal("Sacha PETIT", grant.Holder);
    }

    [Fact]
    public async Task Staff_without_a_second_factor_or_with_a_role_in_their_token_get_nothing()
    {
        organisation.How = new() { ["amr"] = new[] { "pwd" } };
        Refused("provider-factor-missing", await SignInAsync(Staff, organisation));
        organisation.How = new() { ["amr"] = new[] { "hwk" }, ["role"] = CdrRoles.Administrator, ["roles"] = new[] { CdrRoles.Administrator } };
        organisation.Person["role"] = CdrRoles.Administrator;
        organisation.Person["SubjectNameID"] = Deck.Find(Nurse)!.Number;
        organisation.Person["SubjectRole"] = "10";
        Refused("identity-without-role", await SignInAsync(Staff, organisation));
    }

    [Theory]
    [InlineData("Issuer", "http://provider.example")]
    [InlineData("Issuer", "provider")]
    [InlineData("Acr:0", null)]
    [InlineData("ClientSecret", "")]
    public void Sessions_does_not_start_with_a_provider_that_proves_too_little(string setting, string? value)
    {
        var settings = connect.Settings(Professionals, "Pro Santé Connect", ("Acr:0", "eidas1")).Where(one => value is not null || !one.Key.EndsWith(setting, StringComparison.Ordinal)).ToList();
        if (value is not null)
            settings.Add(new($"Sessions:Providers:{Professionals}:{setting}", value));
        using var wrong = new SessionsHost(cards, settings);
        Assert.Contains("Sessions:Providers", Assert.ThrowsAny<Exception>(() => wrong.CreateClient()).ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await connect.DisposeAsync();
        await organisation.DisposeAsync();
    }

    private static void Lie(SecurityTokenDescriptor token, string lie, DateTime now, RSA stranger)
    {
        switch (lie)
        {
            case "nonce of another sign-in": token.Claims["nonce"] = new string('A', 43); break;
            case "no nonce": token.Claims.Remove("nonce"); break;
            case "another audience": token.Audience = "another-client"; break;
            case "two audiences without azp": (token.Audience, token.Claims["aud"]) = (null, new[] { TestProvider.ClientId, "another-client" }); break;
            case "azp of another": token.Claims["azp"] = "another-client"; break;
            case "another issuer": token.Issuer = "https://elsewhere.test"; break;
            case "expired": token.Expires = now.AddSeconds(-30); break;
            case "without an end": token.Expires = null; break;
            case "issued an hour ago": token.IssuedAt = now.AddHours(-1); break;
            case "issued tomorrow": token.IssuedAt = now.AddDays(1); break;
            case "no subject": token.Claims.Remove("sub"); break;
            case "of another access token": token.Claims["at_hash"] = new string('A', 22); break;
            case "RS512": token.SigningCredentials = new SigningCredentials(token.SigningCredentials.Key, SecurityAlgorithms.RsaSha512); break;
            case "HS256 with the client's secret": token.SigningCredentials = Symmetric(Encoding.UTF8.GetBytes(TestProvider.ClientSecret.PadRight(64))); break;
            case "HS256 with the public key": token.SigningCredentials = Symmetric(((RsaSecurityKey)token.SigningCredentials.Key).Rsa.ExportSubjectPublicKeyInfo()); break;
            case "a stranger's key under its name":
                token.SigningCredentials = new SigningCredentials(
                    new RsaSecurityKey(stranger) { KeyId = token.SigningCredentials.Key.KeyId, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.RsaSha256);
                break;
        }
    }

    private static SigningCredentials Symmetric(byte[] secret) => new(new SymmetricSecurityKey(secret), SecurityAlgorithms.HmacSha256);

    private static Dictionary<string, object> Professional(string number, string sub = "f:professional") => new()
    {
        ["sub"] = sub, ["SubjectNameID"] = number, ["SubjectRole"] = new[] { "60" }, ["SubjectOrganization"] = "HOPITAL NORD DU MONT-VERT", ["given_name"] = "Lou", ["family_name"] = "DURAND",
    };

    private static void Refused(string code, Answer<Opening> answer) => Assert.Equal((403, code), Of(answer));

    private static (int Status, string? Code) Of(Answer<Opening> answer) => (answer.Status, answer.Code);

    private async Task<Answer<Opening>> SignInAsync(string provider = Professionals, TestProvider? at = null) => await AnswerAsync(await VisitAsync(await BeginAsync(provider)));

    private async Task<ProviderRequest> BeginAsync(string provider = Professionals) =>
        (await new TestAgent(host).PostAsync<ProviderRequest>($"/api/sessions/providers/{provider}/requests", null)).Value;

    private static async Task<ProviderAnswer> VisitAsync(ProviderRequest began)
    {
        var back = QueryHelpers.ParseQuery((await TestProvider.VisitAsync(began.Address, TestContext.Current.CancellationToken)).Query);
        return new ProviderAnswer(back["code"]!, back["state"]!, began.Binding, back["iss"]);
    }

    private Task<Answer<Opening>> AnswerAsync(ProviderAnswer answer) => new TestAgent(host).PostAsync<Opening>("/api/sessions/providers/answers", answer);

    private async Task<SessionGrant> RedeemAsync(Answer<Opening> answer) => (await new TestAgent(host).RedeemAsync(answer.Value.Ticket, answer.Value.Activities[0].Id)).Value;

    private Task<Answer<ProviderLogout>> LeaveAsync(Guid session, string renewal) =>
        new TestAgent(host).PostAsync<ProviderLogout>($"/api/sessions/{session}/provider-logout", new RenewalRequest(renewal));

    /// <summary>Of a process that has not read what the provider publishes of itself.</summary>
    private async Task<ProviderLogout> LeaveElsewhereAsync(SessionGrant grant)
    {
        var own = host.Services;
        return (await host.InStoreAsync(db => LeaveProvider.HandleAsync(
            grant.Session, new RenewalRequest(grant.Renewal), db, own.GetRequiredService<LiveSessions>(), own.GetRequiredService<GivenSecrets>(), own.GetRequiredService<IOptions<ProvidersOptions>>(),
            new ProviderDescriptions(own.GetRequiredService<IHttpClientFactory>(), clock), own.GetRequiredService<ProviderClient>(), own.GetRequiredKeyedService<Sealer>(SessionsModule.Name),
            TestContext.Current.CancellationToken))).Result is Ok<ProviderLogout> { Value: { } told } ? told : throw new InvalidOperationException("Refused.");
    }

    private async Task GrantAsync(string role, string? establishment = null)
    {
        var register = (Habilitations.PersonRegister)host.Services.GetService(typeof(Habilitations.PersonRegister))!;
        await host.InStoreAsync(async db =>
        {
            var number = $"openid|{organisation.Issuer}|s.petit";
            var person = await register.FindAsync(db, number, TestContext.Current.CancellationToken) ?? register.Add(db, number);
            db.Habilitations.Add(new Habilitation
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()), PersonId = person.Id, Role = role, EstablishmentFiness = establishment,
                Key = Habilitation.KeyOf(role, establishment, null, null, null), Origin = HabilitationOrigins.Grant, From = new DateOnly(2026, 1, 1),
            });
            return await db.SaveChangesAsync();
        });
    }
}
