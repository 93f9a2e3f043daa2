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
    /// <returns>0 all is counted again; 3 the journals or the store do not answer, or not with all they say they have, and the running service counts the rest; or another rebuild runs.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
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
            if (await scope.ServiceProvider.GetRequiredService<Recount>().ForgetAsync(journals, cancellationToken) is not var (first, heads))
            {
                await output.WriteLineAsync("Rights has no journal yet: there is nothing to count again, and nothing was forgotten.");
                return 0;
            }

            await output.WriteLineAsync(FormattableString.Invariant($"Months before {first:yyyy-MM} stay as they are. Counting {heads.Count} journals again…"));
            var began = clock.GetTimestamp();
            if (await scope.ServiceProvider.GetRequiredService<CountingAgain>().RunAsync(first, heads, cancellationToken) is { } wanting)
            {
                await errors.WriteLineAsync(FormattableString.Invariant($"The journals do not hand out what they say they have (journal {wanting.Journal}, up to batch {wanting.LastBatch}). The running service counts the rest when they do."));
                return 3;
            }

            foreach (var head in heads)
                await output.WriteLineAsync(FormattableString.Invariant($"Journal {head.Journal}: {head.LastBatch} batches."));
            await output.WriteLineAsync(FormattableString.Invariant($"Counted again in {clock.GetElapsedTime(began).TotalSeconds:0.0} s."));
            return 0;
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
}
