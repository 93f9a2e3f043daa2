using Cdr.Contracts.Sessions;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Portal.Tests;

public sealed class TokenKeeperTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private FakePlatform platform = null!;
    private PortalHost portal = null!;

    private TokenKeeper Keeper => portal.Services.GetRequiredService<TokenKeeper>();

    public async ValueTask InitializeAsync()
    {
        platform = await FakePlatform.StartAsync();
        platform.Sessions.Now = clock.GetUtcNow;
        portal = await PortalHost.StartAsync(platform, clock: clock);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_renewed_a_minute_before_its_end()
    {
        var person = Person(clock.GetUtcNow().AddMinutes(5));
        await Keeper.TokenAsync(person, TestContext.Current.CancellationToken);
        Assert.Equal(0, platform.Sessions.Renewals);
        clock.Advance(TimeSpan.FromMinutes(4.5));
        await Keeper.TokenAsync(person, TestContext.Current.CancellationToken);
        await Keeper.TokenAsync(person, TestContext.Current.CancellationToken);
        Assert.Equal(1, platform.Sessions.Renewals);
    }

    [Fact]
    public async Task An_ended_session_has_no_token()
    {
        platform.Sessions.EndedBecause = "withdrawn";
        Assert.Null(await Keeper.TokenAsync(Person(clock.GetUtcNow()), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Silence_of_Sessions_is_not_an_ending()
    {
        await platform.DisposeAsync();
        await Assert.ThrowsAsync<Refit.ApiRequestException>(() => Keeper.TokenAsync(Person(clock.GetUtcNow()), TestContext.Current.CancellationToken));
    }

    private SignedIn Person(DateTimeOffset tokenEnds)
    {
        var grant = Circuit.Grant() with { Token = FakeToken.For(CdrRoles.Clerk, tokenEnds) };
        Keeper.Keep(grant.Session, grant.Token);
        return SignedIn.From(SignedIn.Principal(grant))!;
    }
}
