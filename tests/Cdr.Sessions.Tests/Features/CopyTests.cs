using System.Globalization;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

public sealed class CopyTests : IDisposable
{
    private readonly FragileState state;
    private readonly SessionsHost host;
    private readonly TestAgent agent;

    public CopyTests(PrintedCards cards)
    {
        state = new FragileState(() => host!.Clock.GetUtcNow());
        host = new SessionsHost(cards, services: services => services.AddSingleton<ISharedState>(state));
        agent = new TestAgent(host);
    }

    [Fact]
    public async Task An_opened_session_is_alive_for_a_minute_without_asking()
    {
        var grant = await agent.SignInAsync("cps-infirmier");
        Assert.Equal(SessionGate.Alive, await CopyAsync(grant));
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(await CopyAsync(grant));
        await agent.RenewAsync(grant);
        Assert.Equal(SessionGate.Alive, await CopyAsync(grant));
    }

    [Fact]
    public async Task An_ended_session_stays_ended_longer_than_its_tokens()
    {
        var grant = await agent.SignInAsync("cps-infirmier");
        await EndAsync(grant);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(SessionGate.Ended, await CopyAsync(grant));
    }

    [Fact]
    public async Task The_end_is_said_again_until_the_shared_state_heard_it()
    {
        var grant = await agent.SignInAsync("cps-infirmier");
        state.Silent = true;
        await EndAsync(grant);
        await RoundAsync();
        state.Silent = false;
        Assert.Equal(SessionGate.Alive, await CopyAsync(grant));
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        await RoundAsync();
        Assert.Equal(SessionGate.Ended, await CopyAsync(grant));
        Assert.Null(await host.InStoreAsync(db => db.Sessions.Where(one => one.Id == grant.Session).Select(one => one.CopyDueAt).SingleAsync()));
    }

    [Fact]
    public async Task Alive_is_never_written_over_ended()
    {
        var grant = await agent.SignInAsync("cps-infirmier");
        var session = await host.InStoreAsync(db => db.Sessions.AsNoTracking().SingleAsync(one => one.Id == grant.Session));
        await EndAsync(grant);
        // As one that read the session before it ended.
        await host.Services.GetRequiredService<SessionCopies>().AliveAsync(session, TestContext.Current.CancellationToken);
        Assert.Equal(SessionGate.Ended, await CopyAsync(grant));
    }

    [Fact]
    public async Task Sign_in_goes_on_while_the_shared_state_is_silent()
    {
        state.Silent = true;
        var grant = await agent.SignInAsync("cps-infirmier");
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task Housekeeping_ends_what_is_past_its_time_and_forgets_what_is_spent()
    {
        var grant = await agent.SignInAsync("cps-infirmier");
        host.Clock.Advance(TimeSpan.FromHours(13));
        await RoundAsync();
        Assert.Equal("expired", await host.InStoreAsync(db => db.Sessions.Where(one => one.Id == grant.Session).Select(one => one.EndedBecause).SingleAsync()));
        Assert.Equal(0, await host.InStoreAsync(async db => await db.Challenges.CountAsync() + await db.Tickets.CountAsync()));
    }

    public void Dispose() => host.Dispose();

    private Task<byte[]?> CopyAsync(SessionGrant grant) => state.GetAsync(SessionGate.Key(grant.Session.ToString()), TestContext.Current.CancellationToken);

    private Task EndAsync(SessionGrant grant) => host.Api.EndAsync(grant.Session, "Bearer " + grant.Token.Value, TestContext.Current.CancellationToken);

    private Task RoundAsync() => host.Services.GetRequiredService<Housekeeping>().RoundAsync(TestContext.Current.CancellationToken);

    /// <summary>A shared state that can fall silent.</summary>
    private sealed class FragileState(Func<DateTimeOffset> now) : ISharedState
    {
        private readonly Dictionary<string, (byte[] Value, DateTimeOffset Until)> entries = [];

        public bool Silent { get; set; }

        public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
        {
            lock (Entries())
                return Task.FromResult(entries.TryGetValue(key, out var entry) && entry.Until > now() ? entry.Value : null);
        }

        public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            lock (Entries())
                entries[key] = (value, now() + lifetime);
            return Task.CompletedTask;
        }

        public async Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            if (await GetAsync(key, cancellationToken) is not null)
                return false;
            await SetAsync(key, value, lifetime, cancellationToken);
            return true;
        }

        public async Task<IReadOnlyList<Raised>> RaiseAsync(IReadOnlyList<(string Key, long Number)> numbers, string marks, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            List<Raised> raised = [];
            foreach (var (key, number) in numbers)
                raised.Add(await RaiseAsync(key, marks, number, lifetime, cancellationToken));
            return raised;
        }

        public async Task<IReadOnlyList<bool>> ExistAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
            [.. (await Task.WhenAll(keys.Select(key => GetAsync(key, cancellationToken)))).Select(value => value is not null)];

        public Task<(byte[]? First, byte[]? Second)> GetTwoAsync(string first, string second, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(byte[]? First, byte[]? Second, bool Locked)> GetTwoOrLockAsync(
            string first, string second, string lockOfSecond, byte[] mark, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReplaceAsync(string key, byte[] expected, byte[] value, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveAsync(string key, byte[]? expected, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AddToSetAsync(string key, string member, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ReadSetAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveFromSetAsync(string key, IReadOnlyCollection<string> members, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AddToListAsync(string key, string text, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(IReadOnlyList<string> Texts, long Next)> ReadListAsync(string key, long from, CancellationToken cancellationToken) => throw new NotSupportedException();

        private async Task<Raised> RaiseAsync(string key, string marks, long number, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            if (await GetAsync(key, cancellationToken) is not { } present)
                return Raised.Absent;
            if (!marks.Contains((char)present[0], StringComparison.Ordinal))
                return Raised.OtherMark;
            if (present.Length > 1 && long.Parse(Encoding.ASCII.GetString(present.AsSpan(1)), CultureInfo.InvariantCulture) >= number)
                return Raised.NotHigher;
            await SetAsync(key, Encoding.ASCII.GetBytes(marks[0] + number.ToString(CultureInfo.InvariantCulture)), lifetime, cancellationToken);
            return Raised.Yes;
        }

        private Dictionary<string, (byte[] Value, DateTimeOffset Until)> Entries() => Silent ? throw new SharedStateUnavailableException() : entries;
    }
}
