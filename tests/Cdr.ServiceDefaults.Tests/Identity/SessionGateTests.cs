using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.ServiceDefaults.Tests.Identity;

public sealed class SessionGateTests : IAsyncLifetime
{
    private readonly TestCaller caller = new();
    private readonly CopyDouble copy = new();
    private TestTokens sessions = null!;
    private DefaultsHost host = null!;

    public enum Copy
    {
        Alive,
        Doubtful,
        Ended,
        Absent,
        Silent,
    }

    public enum Told
    {
        Alive,
        Ended,
        Silent,
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(app => app.MapGet("/desk", () => "in").RequireAuthorization(DefaultsHost.Clerks), builder => builder.Services.AddSingleton<ISharedState>(copy));
        host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await sessions.DisposeAsync();
    }

    [Theory]
    [InlineData(Copy.Alive, Told.Alive, SessionState.Alive, 0, HttpStatusCode.OK)]
    [InlineData(Copy.Alive, Told.Ended, SessionState.Alive, 0, HttpStatusCode.OK)]
    [InlineData(Copy.Alive, Told.Silent, SessionState.Alive, 0, HttpStatusCode.OK)]
    [InlineData(Copy.Doubtful, Told.Alive, SessionState.Doubtful, 0, HttpStatusCode.ServiceUnavailable)]
    [InlineData(Copy.Ended, Told.Alive, SessionState.Ended, 0, HttpStatusCode.Unauthorized)]
    [InlineData(Copy.Ended, Told.Ended, SessionState.Ended, 0, HttpStatusCode.Unauthorized)]
    [InlineData(Copy.Ended, Told.Silent, SessionState.Ended, 0, HttpStatusCode.Unauthorized)]
    [InlineData(Copy.Absent, Told.Alive, SessionState.Alive, 1, HttpStatusCode.OK)]
    [InlineData(Copy.Absent, Told.Ended, SessionState.Ended, 1, HttpStatusCode.Unauthorized)]
    [InlineData(Copy.Absent, Told.Silent, SessionState.Silent, 0, HttpStatusCode.ServiceUnavailable)]
    [InlineData(Copy.Silent, Told.Alive, SessionState.Alive, 1, HttpStatusCode.OK)]
    [InlineData(Copy.Silent, Told.Ended, SessionState.Ended, 1, HttpStatusCode.Unauthorized)]
    [InlineData(Copy.Silent, Told.Silent, SessionState.Silent, 0, HttpStatusCode.ServiceUnavailable)]
    public async Task The_copy_is_believed_sessions_asked_where_it_says_nothing_and_silence_is_503(Copy copied, Told told, SessionState state, int asked, HttpStatusCode status)
    {
        var token = sessions.Mint(caller);
        await host.Client(token).GetAsync("/health/live", Cancel);
        await WarmKeysAsync();
        copy.State = copied;
        if (told == Told.Ended)
            sessions.End(caller.Session!.Value);
        sessions.Silent = told == Told.Silent;

        Assert.Equal(state, await Gate.CheckAsync(caller.Session!.Value.ToString(), Cancel));
        var response = await host.Client(token).GetAsync("/desk", Cancel);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(asked, sessions.LivenessAsked);
    }

    [Fact]
    public async Task What_sessions_said_is_kept_for_a_second_by_the_hosts_clock()
    {
        copy.State = Copy.Absent;
        var session = caller.Session!.Value.ToString();
        Assert.Equal(SessionState.Alive, await Gate.CheckAsync(session, Cancel));
        sessions.End(caller.Session!.Value);

        host.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(SessionState.Alive, await Gate.CheckAsync(session, Cancel));
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(SessionState.Ended, await Gate.CheckAsync(session, Cancel));

        Assert.Equal(2, sessions.LivenessAsked);
    }

    [Fact]
    public async Task Silence_is_not_kept()
    {
        copy.State = Copy.Silent;
        sessions.Silent = true;
        Assert.Equal(SessionState.Silent, await Gate.CheckAsync(caller.Session!.Value.ToString(), Cancel));

        sessions.Silent = false;

        Assert.Equal(SessionState.Alive, await Gate.CheckAsync(caller.Session!.Value.ToString(), Cancel));
    }

    [Fact]
    public async Task Why_nobody_could_say_is_told_once_in_ten_seconds()
    {
        copy.State = Copy.Silent;
        sessions.Silent = true;
        int Told() => host.Logs.Text.Split("neither in the shared state nor at Sessions (").Length - 1;
        async Task AskAsync() => Assert.Equal(SessionState.Silent, await Gate.CheckAsync(caller.Session!.Value.ToString(), Cancel));

        await AskAsync();
        await AskAsync();
        Assert.Equal(1, Told());
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await AskAsync();

        Assert.Equal(2, Told());
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_silence()
    {
        copy.State = Copy.Absent;
        using var left = new CancellationTokenSource();
        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Gate.CheckAsync(caller.Session!.Value.ToString(), left.Token));
    }

    [Fact]
    public void Sessions_that_hang_are_waited_for_less_than_a_clerk_waits() =>
        Assert.InRange(host.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("tests:ISessionLivenessApi").Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

    private SessionGate Gate => host.App.Services.GetRequiredService<SessionGate>();

    private async Task WarmKeysAsync()
    {
        copy.State = Copy.Alive;
        var other = sessions.Mint(new TestCaller());
        Assert.Equal(HttpStatusCode.OK, (await host.Client(other).GetAsync("/desk", Cancel)).StatusCode);
    }

    private sealed class CopyDouble : ISharedState
    {
        public Copy State { get; set; }

        public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => State switch
        {
            Copy.Alive => Task.FromResult<byte[]?>(SessionGate.Alive),
            Copy.Doubtful => Task.FromResult<byte[]?>([.. SessionGate.Doubtful, (byte)'9']),
            Copy.Ended => Task.FromResult<byte[]?>(SessionGate.Ended),
            Copy.Absent => Task.FromResult<byte[]?>(null),
            _ => Task.FromException<byte[]?>(new SharedStateUnavailableException()),
        };

        public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Raised>> RaiseAsync(IReadOnlyList<(string Key, long Number)> numbers, string marks, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<bool>> ExistAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

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
    }
}
