using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults.Stores;
using Cdr.Usage.Counting;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Refit;

namespace Cdr.Usage.Features.RebuildUsage;

/// <summary>The verb <c>usage rebuild</c> of the program: forgets what the journal holds and counts it again, then ends. Services may run meanwhile; what they tell is lower until it ends.</summary>
internal static class RebuildUsage
{
    /// <returns>0 all is counted again; 3 the journals or the store do not answer, or not with all they say they have, or the lock is lost, and the running service counts the rest; or another rebuild runs.</returns>
    /// <param name="services">Of the program.</param>
    /// <param name="output">For whoever gave the command.</param>
    /// <param name="errors">Why it did not come to its end.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <param name="isDry">Says what would be forgotten and counted again, and changes nothing.</param>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancellationToken, bool isDry = false)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        await using var scope = services.CreateAsyncScope();
        try
        {
            await using var db = await scope.ServiceProvider.GetRequiredService<IDbContextFactory<UsageDb>>().CreateDbContextAsync(cancellationToken);
            await using var turn = await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Recount, cancellationToken);
            if (turn is null)
            {
                await errors.WriteLineAsync("Another rebuild runs. Nothing was forgotten; wait for it to end, or end it, and give this command again.");
                return 3;
            }

            var journals = scope.ServiceProvider.GetRequiredKeyedService<IJournalApi>(UsageModule.Name);
            if (isDry)
                return await LookAsync(scope.ServiceProvider.GetRequiredService<Recount>(), journals, output, cancellationToken);
            var (recount, again) = (scope.ServiceProvider.GetRequiredService<Recount>(), scope.ServiceProvider.GetRequiredService<CountingAgain>());
            // Forgotten again, what it had counted may be purged by now.
            if (await recount.UnfinishedAsync(journals, cancellationToken) is { } unfinished)
            {
                await output.WriteLineAsync("An earlier rebuild did not come to its end. It is ended first…");
                if (await again.RunAsync(first: null, unfinished, turn.IsHeldAsync, cancellationToken) is { } lacking)
                    return await WantingAsync(errors, lacking);
            }

            if (await recount.ForgetAsync(journals, cancellationToken) is not var (first, heads))
            {
                await output.WriteLineAsync("Rights has no journal yet: there is nothing to count again, and nothing was forgotten.");
                return 0;
            }

            await output.WriteLineAsync(FormattableString.Invariant($"Months before {first:yyyy-MM} stay as they are. Counting {heads.Count} journals again…"));
            var began = clock.GetTimestamp();
            if (await again.RunAsync(first, heads, turn.IsHeldAsync, cancellationToken) is { } wanting)
                return await WantingAsync(errors, wanting);

            foreach (var head in heads)
                await output.WriteLineAsync(FormattableString.Invariant($"Journal {head.Journal}: {head.LastBatch} batches."));
            await output.WriteLineAsync(FormattableString.Invariant($"Counted again in {clock.GetElapsedTime(began).TotalSeconds:0.0} s."));
            return 0;
        }
        catch (TurnLostException)
        {
            await errors.WriteLineAsync("The lock of this rebuild is lost: its connection to the store was cut. Whatever was counted again stays; the running service counts the rest, or this command given again.");
            return 3;
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase)
        {
            await errors.WriteLineAsync("The journals do not answer. What is forgotten is counted again when they do, by the running service, or by this command given again.");
            return 3;
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            await errors.WriteLineAsync("The store does not answer. Whatever was counted again stays; the running service counts the rest.");
            return 3;
        }
    }

    private static async Task<int> LookAsync(Recount recount, IJournalApi journals, TextWriter output, CancellationToken cancellationToken)
    {
        if (await recount.LookAsync(journals, cancellationToken) is not var (first, heads))
        {
            await output.WriteLineAsync("Rights has no journal yet: there is nothing to count again.");
            return 0;
        }

        await output.WriteLineAsync(FormattableString.Invariant($"Would forget what is from {first:yyyy-MM} on, and count it again; older months stay as they are."));
        foreach (var head in heads)
            await output.WriteLineAsync(FormattableString.Invariant($"Journal {head.Journal}: {head.LastBatch} batches."));
        return 0;
    }

    private static async Task<int> WantingAsync(TextWriter errors, JournalHead wanting)
    {
        await errors.WriteLineAsync(FormattableString.Invariant($"The journals do not hand out what they say they have (journal {wanting.Journal}, up to batch {wanting.LastBatch}). The running service counts the rest when they do."));
        return 3;
    }
}
