using System.Text.Encodings.Web;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.ServiceDefaults.Tests.Identity;

public sealed class VerifiedTokensTests : IDisposable
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 15, 8, 0, 0, TimeSpan.Zero));
    private readonly TokenDesk desk;
    private readonly VerifiedTokens verified;
    private readonly JwtBearerOptions options = new();

    public VerifiedTokensTests()
    {
        desk = new TokenDesk(clock);
        verified = new VerifiedTokens(Options.Create(new IdentityOptions()), clock);
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(verified);
        options.TokenValidationParameters = IdentityRegistration.Parameters(new IdentityOptions(), verified);
        options.TokenValidationParameters.IssuerSigningKey = desk.Key;
    }

    public void Dispose()
    {
        verified.Dispose();
        desk.Dispose();
    }

    [Fact]
    public async Task A_token_of_sessions_is_believed_again_and_again()
    {
        var token = desk.Token(SubjectKinds.Person, "s");

        Assert.True(await IsBelievedAsync(token));
        Assert.True(await IsBelievedAsync(token));
    }

    [Fact]
    public async Task No_character_of_a_signature_can_change_though_the_original_is_kept()
    {
        var token = desk.Token(SubjectKinds.Person, "s");
        Assert.True(await IsBelievedAsync(token));

        // The last character carries two bits that the decoder ignores; the one before it none.
        for (var place = token.LastIndexOf('.') + 1; place < token.Length - 1; place++)
        {
            var tampered = token[..place] + (token[place] == 'A' ? 'B' : 'A') + token[(place + 1)..];
            Assert.False(await IsBelievedAsync(tampered), $"place {place}");
        }
    }

    [Fact]
    public async Task Claims_cannot_be_exchanged_under_a_kept_signature()
    {
        var clerk = desk.Token(SubjectKinds.Person, "s", CdrRoles.Clerk);
        var administrator = desk.Token(SubjectKinds.Person, "s", CdrRoles.Administrator);
        Assert.True(await IsBelievedAsync(clerk));

        var forged = administrator[..administrator.LastIndexOf('.')] + clerk[clerk.LastIndexOf('.')..];

        Assert.False(await IsBelievedAsync(forged));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public async Task A_kept_token_ends_when_it_says_five_seconds_of_clock_difference_allowed(int secondsAfterTheEnd, bool valid)
    {
        var token = desk.Token(SubjectKinds.Person, "s");
        Assert.True(await IsBelievedAsync(token));

        clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(secondsAfterTheEnd));

        Assert.Equal(valid, await IsBelievedAsync(token));
    }

    [Fact]
    public async Task Who_a_token_is_of_is_verified_once()
    {
        var token = desk.Token(SubjectKinds.Person, "s");
        Assert.True(await IsBelievedAsync(token));

        options.TokenValidationParameters.IssuerSigningKey = null;

        Assert.True(await IsBelievedAsync(token));
        Assert.False(await IsBelievedAsync(desk.Token(SubjectKinds.Person, "another")));
    }

    [Fact]
    public async Task Of_the_ways_to_write_a_header_only_the_plain_one_is_kept()
    {
        var token = desk.Token(SubjectKinds.Person, "s");
        Assert.True(await IsBelievedAsync("  " + token));

        options.TokenValidationParameters.IssuerSigningKey = null;

        Assert.False(await IsBelievedAsync("  " + token));
    }

    private async Task<bool> IsBelievedAsync(string token)
    {
        var schemes = new AuthenticationSchemeProvider(Options.Create(new AuthenticationOptions()));
        schemes.AddScheme(new AuthenticationScheme(CdrSchemes.Bearer, null, typeof(BearerHandler)));
        using var services = new ServiceCollection()
            .AddSingleton(new BearerHandler(new OneOptions(options), NullLoggerFactory.Instance, UrlEncoder.Default, verified)).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Request.Headers.Authorization = "Bearer " + token;
        var callers = new KnownCallers(schemes, new AuthenticationHandlerProvider(schemes), new NoopClaimsTransformation(), Options.Create(new AuthenticationOptions()), verified);
        return (await callers.AuthenticateAsync(http, CdrSchemes.Bearer)).Succeeded;
    }

    private sealed class OneOptions(JwtBearerOptions one) : IOptionsMonitor<JwtBearerOptions>
    {
        public JwtBearerOptions CurrentValue => one;

        public JwtBearerOptions Get(string? name) => one;

        public IDisposable? OnChange(Action<JwtBearerOptions, string?> listener) => null;
    }

    [Fact]
    public async Task A_token_of_another_audience_type_or_time_to_come_is_refused()
    {
        Assert.False(await IsBelievedAsync(desk.Token(SubjectKinds.Person, "s", audience: "elsewhere")));
        Assert.False(await IsBelievedAsync(desk.Token(SubjectKinds.Person, "s", type: "JWT")));
        using var early = new VerifiedTokens(Options.Create(new IdentityOptions()), new FakeTimeProvider(clock.GetUtcNow().AddMinutes(-1)));
        var then = IdentityRegistration.Parameters(new IdentityOptions(), early);
        then.IssuerSigningKey = desk.Key;
        Assert.False((await early.ValidateTokenAsync(desk.Token(SubjectKinds.Person, "s"), then)).IsValid);
    }
}
