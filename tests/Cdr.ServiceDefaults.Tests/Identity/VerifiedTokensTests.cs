using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.ServiceDefaults.Tests.Identity;

public sealed class VerifiedTokensTests : IDisposable
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 15, 8, 0, 0, TimeSpan.Zero));
    private readonly TokenDesk desk;
    private readonly VerifiedTokens verified;
    private readonly TokenValidationParameters parameters;

    public VerifiedTokensTests()
    {
        desk = new TokenDesk(clock);
        verified = new VerifiedTokens(Options.Create(new IdentityOptions()), clock);
        parameters = IdentityRegistration.Parameters(new IdentityOptions(), verified);
        parameters.IssuerSigningKey = desk.Key;
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

        Assert.True((await verified.ValidateTokenAsync(token, parameters)).IsValid);
        Assert.True((await verified.ValidateTokenAsync(token, parameters)).IsValid);
    }

    [Fact]
    public async Task No_character_of_a_signature_can_change_though_the_original_is_kept()
    {
        var token = desk.Token(SubjectKinds.Person, "s");
        Assert.True((await verified.ValidateTokenAsync(token, parameters)).IsValid);

        // The last character carries two bits that the decoder ignores; the one before it none.
        for (var place = token.LastIndexOf('.') + 1; place < token.Length - 1; place++)
        {
            var tampered = token[..place] + (token[place] == 'A' ? 'B' : 'A') + token[(place + 1)..];
            Assert.False((await verified.ValidateTokenAsync(tampered, parameters)).IsValid, $"place {place}");
        }
    }

    [Fact]
    public async Task Claims_cannot_be_exchanged_under_a_kept_signature()
    {
        var clerk = desk.Token(SubjectKinds.Person, "s", CdrRoles.Clerk);
        var administrator = desk.Token(SubjectKinds.Person, "s", CdrRoles.Administrator);
        Assert.True((await verified.ValidateTokenAsync(clerk, parameters)).IsValid);

        var forged = administrator[..administrator.LastIndexOf('.')] + clerk[clerk.LastIndexOf('.')..];

        Assert.False((await verified.ValidateTokenAsync(forged, parameters)).IsValid);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public async Task A_kept_token_ends_when_it_says_five_seconds_of_clock_difference_allowed(int secondsAfterTheEnd, bool valid)
    {
        var token = desk.Token(SubjectKinds.Person, "s");
        Assert.True((await verified.ValidateTokenAsync(token, parameters)).IsValid);

        clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(secondsAfterTheEnd));

        Assert.Equal(valid, (await verified.ValidateTokenAsync(token, parameters)).IsValid);
    }

    [Fact]
    public async Task A_token_of_another_audience_type_or_time_to_come_is_refused()
    {
        Assert.False((await verified.ValidateTokenAsync(desk.Token(SubjectKinds.Person, "s", audience: "elsewhere"), parameters)).IsValid);
        Assert.False((await verified.ValidateTokenAsync(desk.Token(SubjectKinds.Person, "s", type: "JWT"), parameters)).IsValid);
        using var early = new VerifiedTokens(Options.Create(new IdentityOptions()), new FakeTimeProvider(clock.GetUtcNow().AddMinutes(-1)));
        var parametersThen = IdentityRegistration.Parameters(new IdentityOptions(), early);
        parametersThen.IssuerSigningKey = desk.Key;
        Assert.False((await early.ValidateTokenAsync(desk.Token(SubjectKinds.Person, "s"), parametersThen)).IsValid);
    }
}
