using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Causes;
using Cdr.Support.Features.ExportTickets;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Retention;

/// <summary>The program's verbs <c>tickets purge [--dry-run]</c> and <c>tickets export FILE</c>. It reads the service's settings, does its work and ends.</summary>
internal static class TicketTool
{
    public const string Usage = """
        tickets purge [--dry-run]    removes what is past its time, as the owner, and says so in rows that stay; --dry-run says what would go
        tickets export FILE          every ticket as a line of CSV, without its subject and words; FILE is not there yet
                       [--dry-run]   says how many there are
        """;

    /// <returns>0 done, 2 not understood or a setting lacks, 3 not now.</returns>
    public static async Task<int> RunAsync(string[] words, IServiceProvider services, TimeProvider clock, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var isDry = words.Contains("--dry-run");
        var plain = Plain(words);
        if (!Knows(words))
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            // Who only reads sets no store of another version aside.
            if (plain is ["purge"])
                await services.PrepareEmbeddedStoresAsync();
            return plain is ["export", var file]
                ? await ExportAsync(file, isDry, services, clock, output, errors, cancellationToken)
                : await PurgeAsync(isDry, services, clock, output, errors, cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or OptionsValidationException && !StoreOutage.Is(e))
        {
            await errors.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            await errors.WriteLineAsync("The tickets' store does not answer.");
            return 3;
        }
    }

    /// <summary>Whether it is one of them: said before any setting is read. A mistyped option is none.</summary>
    public static bool Knows(string[] words) => Plain(words) is ["purge"] or ["export", not ("" or ['-', ..])];

    private static string[] Plain(string[] words) => [.. words.Where(word => word != "--dry-run")];

    /// <summary>What the hotline's own export holds, of all establishments.</summary>
    private static async Task<int> ExportAsync(string file, bool isDry, IServiceProvider services, TimeProvider clock, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        // Opened, it would be made, empty.
        if (services.GetRequiredKeyedService<Cdr.ServiceDefaults.Stores.Store>(SupportModule.StoreName) is { File: { } store } && !File.Exists(store))
        {
            await errors.WriteLineAsync($"There is no store of tickets yet: {store}");
            return 2;
        }

        await using var db = await services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(cancellationToken);
        var tickets = db.Tickets.AsNoTracking();
        if (isDry)
        {
            await output.WriteLineAsync(FormattableString.Invariant($"Would export: {await tickets.CountAsync(cancellationToken)} tickets."));
            return 0;
        }

        if (File.Exists(file))
        {
            await errors.WriteLineAsync($"{file} is there already: nothing was exported.");
            return 2;
        }

        // Whole or not at all: what is cut looks like a file of fewer tickets.
        var unfinished = file + ".part";
        try
        {
            var causes = (await CauseBook.ReadAsync(db, cancellationToken)).ToDictionary(one => one.Code, one => one.Label, StringComparer.Ordinal);
            int written;
            await using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
                written = await TicketCsv.WriteAsync(stream, tickets, byDue: false, isHotline: true, causes, clock.GetUtcNow(), cancellationToken);
            // Never over what is there.
            File.Move(unfinished, file);
            await output.WriteLineAsync(FormattableString.Invariant($"Exported: {written} tickets."));
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(File.Exists(file) ? $"{file} is there already: nothing was exported." : $"{file} cannot be written ({e.GetType().Name}).");
            return 2;
        }
        finally
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    private static async Task<int> PurgeAsync(bool isDry, IServiceProvider services, TimeProvider clock, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        await using var db = OwnedStore.Open(services);
        await using var taken = await StoreLock.TryTakeAsync(db, TicketPurge.LockKey, cancellationToken);
        if (taken is null)
        {
            await errors.WriteLineAsync("Another process purges: try again later.");
            return 3;
        }

        var purge = new TicketPurge(db, services.GetRequiredService<IOptions<RetentionOptions>>().Value, clock);
        var counts = new SortedDictionary<string, (int Tickets, DateTimeOffset Until)>(StringComparer.Ordinal);
        await foreach (var erased in purge.RunAsync(isDry, cancellationToken))
            counts[erased.Policy] = (counts.GetValueOrDefault(erased.Policy).Tickets + 1, erased.Until);
        foreach (var (policy, (tickets, until)) in counts)
            await output.WriteLineAsync(FormattableString.Invariant($"{(isDry ? "Would purge" : "Purged")}: {policy}, of {tickets} tickets, what is older than {until:yyyy-MM-dd}"));
        if (counts.Count == 0)
            await output.WriteLineAsync("Nothing is past its time.");
        return 0;
    }
}

/// <summary>The store as the role that may remove: the application's own cannot.</summary>
internal static class OwnedStore
{
    /// <exception cref="InvalidOperationException">The owner's role is not in the settings.</exception>
    public static SupportDb Open(IServiceProvider services) => Open(services.GetRequiredService<IDbContextFactory<SupportDb>>(), services.GetRequiredKeyedService<Cdr.ServiceDefaults.Stores.Store>(SupportModule.StoreName));

    /// <exception cref="InvalidOperationException">The owner's role is not in the settings.</exception>
    public static SupportDb Open(IDbContextFactory<SupportDb> contexts, Cdr.ServiceDefaults.Stores.Store store)
    {
        if (store.IsEmbedded)
            return contexts.CreateDbContext();
        var owner = string.IsNullOrEmpty(store.OwnerConnectionString) ? throw new InvalidOperationException("ConnectionStrings:SupportOwner is not set: a purge needs the owner's role.") : store.OwnerConnectionString;
        return new SupportDb(new DbContextOptionsBuilder<SupportDb>().UseNpgsql(owner).Options);
    }
}
