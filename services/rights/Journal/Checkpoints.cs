using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal;

/// <summary>Each minute in which the journal grew, signs where every chain stands.</summary>
internal sealed partial class Checkpoints(IDbContextFactory<RightsDb> contexts, BatchSigner signer, TimeProvider clock, ILogger<Checkpoints> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await MakeAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.NotMade(log, e.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    internal async Task MakeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var heads = await JournalReader.Heads(db).Select(b => new { b.Journal, b.Batch, b.Hash }).ToListAsync(cancellationToken);
        var text = string.Join('\n', heads.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Journal} {h.Batch} {Convert.ToHexStringLower(h.Hash)}")).Order(StringComparer.Ordinal));
        var latest = await db.Checkpoints.OrderByDescending(c => c.Id).Select(c => c.Heads).FirstOrDefaultAsync(cancellationToken);
        if (text.Length == 0 || text == latest)
            return;
        var now = clock.GetUtcNow();
        var (key, signature) = signer.Sign(Encoding.UTF8.GetBytes(text));
        db.Checkpoints.Add(new JournalCheckpoint { Id = Guid.CreateVersion7(now), At = now, Heads = text, SignatureKey = key, Signature = signature });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No checkpoint was made ({Error}); the next minute tries again.")]
        public static partial void NotMade(ILogger logger, string error);
    }
}
