using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>Whether a session is alive.</summary>
public enum SessionState
{
    /// <summary>Alive.</summary>
    Alive,

    /// <summary>Ended: the card was withdrawn, the person signed out…</summary>
    Ended,

    /// <summary>Alive, but its post cannot say whether the card is still there: nothing of it is shown or answered until it can.</summary>
    Doubtful,

    /// <summary>Neither the shared state nor Sessions could say: no promise can be kept.</summary>
    Silent,
}

/// <summary>
/// Sessions' database is the truth, the shared state a copy (<see cref="Key"/> → 1 and the number of the last heartbeat: alive; 2 and that number: alive, in doubt; 0: ended; absent says nothing). Where the copy
/// is silent or absent, Sessions is asked, and its word kept for at most one second.
/// </summary>
public sealed partial class SessionGate : IDisposable
{
    /// <summary>Value of an alive session's copy.</summary>
    public static readonly byte[] Alive = "1"u8.ToArray();

    /// <summary>Value of the copy of a session whose post is in doubt.</summary>
    public static readonly byte[] Doubtful = "2"u8.ToArray();

    /// <summary>Value of an ended session's copy.</summary>
    public static readonly byte[] Ended = "0"u8.ToArray();

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private readonly IServiceProvider services;
    private readonly ISharedState shared;
    private readonly TimeProvider clock;
    private readonly HostName host;
    private readonly ILogger logger;
    private readonly MemoryCache told = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private long quietUntil;

    /// <summary>Made by the container.</summary>
    public SessionGate(IServiceProvider services, ISharedState shared)
    {
        this.services = services;
        this.shared = shared;
        host = services.GetRequiredService<HostName>();
        clock = services.GetRequiredService<TimeProvider>();
        logger = services.GetRequiredService<ILogger<SessionGate>>();
    }

    /// <summary>Key of a session's copy.</summary>
    public static string Key(string session) => "cdr:session:" + session;

    /// <summary>Asks.</summary>
    public async Task<SessionState> CheckAsync(string session, CancellationToken cancellationToken)
    {
        byte[]? copy = null;
        try
        {
            copy = await shared.GetAsync(Key(session), cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            // Sessions knows.
        }

        return await CheckAsync(session, copy, cancellationToken);
    }

    /// <summary>The same, where the copy was read beside something else: null where there was none, or nobody could say.</summary>
    public async ValueTask<SessionState> CheckAsync(string session, byte[]? copy, CancellationToken cancellationToken) => copy switch
    {
        [(byte)'1', ..] => SessionState.Alive,
        [(byte)'0'] => SessionState.Ended,
        [(byte)'2', ..] => SessionState.Doubtful,
        _ => await AskSessionsAsync(session, cancellationToken),
    };

    /// <inheritdoc />
    public void Dispose() => told.Dispose();

    private async Task<SessionState> AskSessionsAsync(string session, CancellationToken cancellationToken)
    {
        if (told.TryGetValue(session, out Word? known) && known!.Until > clock.GetUtcNow())
            return known.State;
        if (!Guid.TryParse(session, out var id))
            return SessionState.Ended;
        try
        {
            var api = services.GetRequiredKeyedService<ISessionLivenessApi>(host.Value);
            var liveness = await api.LivenessAsync(id, cancellationToken);
            var state = liveness.Alive ? SessionState.Alive : SessionState.Ended;
            told.Set(session, new Word(state, clock.GetUtcNow() + Kept), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
            return state;
        }
        // A refused or cut connection is an ApiRequestException, which is no ApiException.
        catch (Exception e) when (e is HttpRequestException or Refit.ApiExceptionBase or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Say(e);
            return SessionState.Silent;
        }
    }

    /// <summary>Everybody's question ends so while it lasts: said once in ten seconds.</summary>
    private void Say(Exception because)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var until = Interlocked.Read(ref quietUntil);
        if (now >= until && Interlocked.CompareExchange(ref quietUntil, now + Quiet.Ticks, until) == until)
            Log.Silent(logger, because.GetBaseException().GetType().Name, Code(because));
    }

    // Nobody's words: what a message says is not ours.
    private static string Code(Exception? because) => because switch
    {
        null => "-",
        Refit.ApiException refused => ((int)refused.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture),
        HttpRequestException cut => cut.HttpRequestError.ToString(),
        _ => Code(because.InnerException),
    };

    private sealed record Word(SessionState State, DateTimeOffset Until);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Whether a session is alive can be read neither in the shared state nor at Sessions ({Kind}, {Code}). Until one of them answers, questions of such sessions end with session-unknown.")]
        public static partial void Silent(ILogger logger, string kind, string code);
    }
}
