using System.Threading.RateLimiting;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Knowledge;

/// <summary>What is published, for whoever asks without a session: however often that is, the store is asked twice a minute, and where it is silent once in five seconds.</summary>
internal sealed class PublicArticles(IDbContextFactory<SupportDb> contexts, TimeProvider clock) : IDisposable
{
    // So long what was withdrawn is still in the list; its text is not shown.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    // So long whoever comes next is told at once what the last one waited for.
    private static readonly TimeSpan KeptSilent = TimeSpan.FromSeconds(5);

    /// <summary>Articles that are read at once, of the pool that tickets use: who has no session leaves them the most of it.</summary>
    internal const int AtOnce = 4;

    /// <summary>And that wait for it.</summary>
    internal const int Waiting = 100;

    private readonly SemaphoreSlim reading = new(1, 1);
    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private volatile Known? known;
    private long silentUntil;

    public async Task<IReadOnlyList<ArticleLine>> ListAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } lines)
            return lines;
        ThrowWhereSilent();
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } since)
                return since;
            ThrowWhereSilent();
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            known = new Known(await ReadAsync(db, cancellationToken), clock.GetUtcNow());
            return known.Lines;
        }
        catch (Exception e) when (e is not StillSilentException && StoreOutage.Is(e))
        {
            Volatile.Write(ref silentUntil, (clock.GetUtcNow() + KeptSilent).UtcTicks);
            throw;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>To read one: not acquired where too many wait.</summary>
    public ValueTask<RateLimitLease> TurnAsync(CancellationToken cancellationToken) => turns.AcquireAsync(1, cancellationToken);

    /// <summary>Without their words.</summary>
    public static async Task<List<ArticleLine>> ReadAsync(SupportDb db, CancellationToken cancellationToken) =>
        InOrder(await db.Articles.Where(row => row.State == ArticleState.Published).Select(row => new ArticleLine(row.Id, row.Topic, row.State, row.Title, row.UpdatedAt, null)).ToListAsync(cancellationToken));

    public static List<ArticleLine> InOrder(IEnumerable<ArticleLine> lines) => [.. lines.OrderBy(line => line.Topic).ThenBy(line => SearchWords.Fold(line.Title), StringComparer.Ordinal)];

    public void Dispose()
    {
        reading.Dispose();
        turns.Dispose();
    }

    private List<ArticleLine>? Fresh() => known is { } one && clock.GetUtcNow() - one.At < Kept ? one.Lines : null;

    private void ThrowWhereSilent()
    {
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref silentUntil))
            throw new StillSilentException();
    }

    /// <summary>One of its own for each: an exception that is thrown again grows.</summary>
    private sealed class StillSilentException() : TimeoutException("The store was silent a moment ago.");

    private sealed record Known(List<ArticleLine> Lines, DateTimeOffset At);
}
