using System.Diagnostics.Metrics;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Usage;
using Cdr.Usage.Counting;
using Cdr.Usage.Features.CountConsultations;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>One database, one Rights, and as many replicas of the counting as a test likes.</summary>
internal sealed class CountingDesk(Action<DbContextOptionsBuilder<UsageDb>> store) : IDbContextFactory<UsageDb>
{
    private UsageMeter? meter;

    public UsageMeter Meter => meter ??= new UsageMeter(Meters, TimeProvider.System);

    /// <summary>Whose measurements are this desk's.</summary>
    public IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private readonly Warnings<JournalCatchUp> skipped = new();
    private readonly Warnings<CountingAgain> skippedAgain = new();

    public JournalsDouble Journals { get; } = new() { KeptSince = Facts.Noon.AddMonths(-12) };

    /// <summary>What the catch-up warned of.</summary>
    public IReadOnlyCollection<string> Skipped => skipped.Told;

    /// <summary>What the rebuild warned of.</summary>
    public IReadOnlyCollection<string> SkippedAgain => skippedAgain.Told;

    public int BatchesPerFetch { get; set; } = 3;

    public FakeTimeProvider Clock { get; } = new(Facts.Noon.AddHours(1));

    // As each replica has its own; a desk is several of them where a test wants it.
    public JournalCounter Counter => new(this, new CellBook(this), Clock, Meter);

    public Recount Recount => new(this);

    public JournalCatchUp CatchUp => new(Journals, Counter, Options.Create(new UsageOptions { BatchesPerFetch = BatchesPerFetch }), skipped);

    /// <summary>Of a rebuild: everything at once, or so many facts and a few more.</summary>
    public CountingAgain Again(int factsAtOnce = 1_000_000) =>
        new(Journals, Counter, new ServiceDefaults.Stores.Store(UsageModule.StoreName, typeof(UsageDb), AppendOnly: false, null, null, null), Options.Create(new UsageOptions { BatchesPerFetch = BatchesPerFetch }), Clock, skippedAgain) { FactsAtOnce = factsAtOnce };

    /// <summary>Nobody takes the journals from a rebuild.</summary>
    public static Task<bool> Undisturbed(CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>As the verb does.</summary>
    public async Task<JournalHead?> RebuildAsync(int factsAtOnce, CancellationToken cancellationToken)
    {
        var (first, heads) = (await Recount.ForgetAsync(Journals, cancellationToken))!.Value;
        return await Again(factsAtOnce).RunAsync(first, heads, Undisturbed, cancellationToken);
    }

    public UsageDb CreateDbContext()
    {
        var options = new DbContextOptionsBuilder<UsageDb>();
        store(options);
        return new UsageDb(options.Options);
    }

    /// <param name="batch">What is told.</param>
    /// <param name="cancellationToken">Of the test.</param>
    /// <param name="turns">Of one process; null: of its own.</param>
    /// <param name="holeWait">In milliseconds.</param>
    public Task DeliverAsync(ConsultationsAnswered batch, CancellationToken cancellationToken, CountingTurns? turns = null, int holeWait = 0) =>
        new CountConsultations(
            Counter, CatchUp, turns ?? new CountingTurns(), Options.Create(new UsageOptions { BatchesPerFetch = BatchesPerFetch, HoleWait = TimeSpan.FromMilliseconds(holeWait) }),
            Meter, Clock, NullLogger<CountConsultations>.Instance)
            .CountAsync(batch, cancellationToken);

    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var head in await Journals.HeadsAsync(cancellationToken))
            await CatchUp.RunAsync(head.Journal, head.LastBatch, cancellationToken);
    }

    /// <summary>Of the days.</summary>
    public async Task<long> TotalAsync(CancellationToken cancellationToken) => (await DailyAsync(cancellationToken)).Sum(count => count.Consultations);

    public async Task<List<DailyUsage>> DailyAsync(CancellationToken cancellationToken)
    {
        await using var db = CreateDbContext();
        var rows = await RollupReading.ReadAsync(db, new Selection(Grain.Day, 0, int.MaxValue, Dimensions.All, ByPeriod: true, []), cancellationToken).ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new DailyUsage(
                DateOnly.FromDayNumber(row.Period), row.Keys[0], row.Keys[1], row.Keys[2], row.Keys[3], row.Keys[4], row.Keys[5], row.Keys[6],
                Enum.Parse<ConsultationOutcome>(row.Keys[7], ignoreCase: true), Enum.Parse<Freshness>(row.Keys[8], ignoreCase: true), row.Consultations))
                .OrderBy(row => row.Day).ThenBy(row => row.Establishment),
        ];
    }

    /// <summary>A table as the export writes it.</summary>
    public async Task<string> CsvAsync(Grain grain, CancellationToken cancellationToken, int from = 0, int to = int.MaxValue)
    {
        await using var db = CreateDbContext();
        using var bytes = new MemoryStream();
        await UsageCsv.WriteAsync(bytes, RollupReading.ReadAsync(db, new Selection(grain, from, to, Dimensions.All, ByPeriod: true, [], WithLatency: true), cancellationToken), grain, cancellationToken);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Each table and each sum as it is: grain, dimensions, period, values, measures.</summary>
    public async Task<List<string>> RowsAsync(CancellationToken cancellationToken)
    {
        List<string> rows = [];
        await using var db = CreateDbContext();
        await db.Database.OpenConnectionAsync(cancellationToken);
        foreach (var table in RollupTable.All)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText =
                $"SELECT c.shape, r.period, {string.Join(", ", Shape.Columns.Select(column => "c." + column.Column))}, {string.Join(", ", RollupTable.Measures.Select(measure => "r." + measure))} FROM {table.Name} r JOIN cells c ON c.id = r.cell";
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(table.Name + '|' + string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(n => Convert.ToString(reader.GetValue(n), System.Globalization.CultureInfo.InvariantCulture))));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    public async Task<List<RollupRow>> ReadAsync(Selection selection, CancellationToken cancellationToken)
    {
        await using var db = CreateDbContext();
        return await RollupReading.ReadAsync(db, selection, cancellationToken).ToListAsync(cancellationToken);
    }

    public async Task<List<RegimeDailyCount>> RegimesAsync(CancellationToken cancellationToken)
    {
        await using var db = CreateDbContext();
        return await db.RegimeDaily.AsNoTracking().OrderBy(count => count.Regime).ThenBy(count => count.Outcome).ToListAsync(cancellationToken);
    }

    public async Task<List<Presence>> PresencesAsync(CancellationToken cancellationToken)
    {
        await using var db = CreateDbContext();
        return await db.Presences.AsNoTracking().OrderBy(presence => presence.Establishment).ThenBy(presence => presence.Function).ToListAsync(cancellationToken);
    }
}
