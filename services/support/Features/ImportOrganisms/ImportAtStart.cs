using Cdr.Support.Escalation;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.ImportOrganisms;

/// <summary>A first table of destination organisms, where the settings name a file and no table was ever imported: for a platform that is tried out.</summary>
internal sealed partial class ImportAtStart(
    IDbContextFactory<SupportDb> contexts, IHostApplicationLifetime lifetime, IOptions<SupportOptions> options, TimeProvider clock, ILogger<ImportAtStart> log) : BackgroundService
{
    /// <summary>Version of the table: anybody's own begins later.</summary>
    public const string Version = "first";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.OrganismFile is not { } file)
            return;
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        try
        {
            await ImportAsync(file, stoppingToken);
        }
        catch (Exception e) when (e is IOException or DbUpdateException && !stoppingToken.IsCancellationRequested)
        {
            Log.NotRead(log, e.GetType().Name);
        }
    }

    private async Task ImportAsync(string file, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.OrganismTables.AnyAsync(cancellationToken))
            return;
        // Nobody is signed in, with whose token the registry could be asked.
        var (organisms, faults) = OrganismFile.Read(await File.ReadAllTextAsync(file, cancellationToken), regimes: null);
        if (faults.Count > 0)
        {
            Log.Wrong(log, faults[0].Line, faults[0].Code);
            return;
        }

        db.OrganismTables.Add(new OrganismTableRow { Version = Version, From = new DateOnly(2011, 1, 1), ImportedAt = clock.GetUtcNow(), ImportedBy = SupportModule.Name });
        db.Organisms.AddRange(organisms.Select(one => one.In(Version)));
        await db.SaveChangesAsync(cancellationToken);
        Log.Imported(log, organisms.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The first table of destination organisms has {Organisms}.")]
        public static partial void Imported(ILogger logger, int organisms);

        [LoggerMessage(2, LogLevel.Error, "The first table of destination organisms is wrong at line {Line} ({Code}): nothing was imported.")]
        public static partial void Wrong(ILogger logger, int line, string code);

        [LoggerMessage(3, LogLevel.Error, "The first table of destination organisms could not be read ({Error}): nothing was imported.")]
        public static partial void NotRead(ILogger logger, string error);
    }
}
