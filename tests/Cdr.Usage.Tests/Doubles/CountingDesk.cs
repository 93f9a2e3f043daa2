using Cdr.Contracts.Rights;
using Cdr.Usage.Counting;
using Cdr.Usage.Features.CountConsultations;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>One database, one Rights, and as many replicas of the counting as a test likes.</summary>
internal sealed class CountingDesk(Action<DbContextOptionsBuilder<UsageDb>> store) : IDbContextFactory<UsageDb>
{
    private readonly UsageMeter meter = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());

    public JournalsDouble Journals { get; } = new();

    public int BatchesPerFetch { get; set; } = 3;

    public JournalCounter Counter => new(this, meter);

    public JournalCatchUp CatchUp => new(Journals, Counter, Options.Create(new UsageOptions { BatchesPerFetch = BatchesPerFetch }), NullLogger<JournalCatchUp>.Instance);

    public UsageDb CreateDbContext()
    {
        var options = new DbContextOptionsBuilder<UsageDb>();
        store(options);
        return new UsageDb(options.Options);
    }

    public Task DeliverAsync(ConsultationsAnswered batch, CancellationToken cancellationToken) =>
        new CountConsultations(Counter, CatchUp, meter, NullLogger<CountConsultations>.Instance).CountAsync(batch, cancellationToken);

    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var head in await Journals.HeadsAsync(cancellationToken))
            await CatchUp.RunAsync(head.Journal, head.LastBatch, cancellationToken);
    }

    public async Task<long> TotalAsync(CancellationToken cancellationToken)
    {
        await using var db = CreateDbContext();
        return await db.Daily.SumAsync(count => count.Consultations, cancellationToken);
    }

    public async Task<List<DailyCount>> DailyAsync(CancellationToken cancellationToken)
    {
        await using var db = CreateDbContext();
        return await db.Daily.AsNoTracking().OrderBy(count => count.Day).ThenBy(count => count.Establishment).ToListAsync(cancellationToken);
    }

    public async Task<List<RegimeDailyCount>> RegimesAsync(CancellationToken cancellationToken)
    {
        await using var db = CreateDbContext();
        return await db.RegimeDaily.AsNoTracking().OrderBy(count => count.Regime).ThenBy(count => count.Outcome).ToListAsync(cancellationToken);
    }
}
