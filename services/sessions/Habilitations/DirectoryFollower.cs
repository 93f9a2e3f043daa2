using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Habilitations;

/// <summary>
/// Imports the directory at start, and again when the file changes. A wrong file stops a start, but not a running service; a database that is away,
/// or waits for its migration, stops neither.
/// </summary>
internal sealed partial class DirectoryFollower(DirectoryImport import, IOptions<SessionsOptions> options, ILogger<DirectoryFollower> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private DateTime imported;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.DirectoryFile is { } path)
        {
            try
            {
                if (File.Exists(path))
                    await FollowAsync(path, cancellationToken);
                else
                    Log.Missing(log, path);
            }
            catch (Exception e) when (IsOfTheStore(e))
            {
                Log.Later(log, e);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.DirectoryFile is not { } path)
            return;
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryFollowAsync(path, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryFollowAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            // Said once: the same file says nothing new.
            imported = File.GetLastWriteTimeUtc(path);
            Log.Wrong(log, e.Message);
        }
        catch (Exception e) when (e is IOException || IsOfTheStore(e))
        {
            Log.Later(log, e);
        }
    }

    private async Task FollowAsync(string path, CancellationToken cancellationToken)
    {
        var written = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : imported;
        if (written == imported)
            return;
        await import.ImportAsync(path, cancellationToken);
        imported = written;
    }

    // Away, without a schema yet, or with one of before.
    private static bool IsOfTheStore(Exception exception) => exception switch
    {
        DbException or DbUpdateException or TimeoutException => true,
        InvalidOperationException { InnerException: { } inner } => IsOfTheStore(inner),
        _ => false,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The directory file {Path} does not exist yet; it is imported once it does.")]
        public static partial void Missing(ILogger logger, string path);

        [LoggerMessage(2, LogLevel.Error, "The directory is as before. {Error}")]
        public static partial void Wrong(ILogger logger, string error);

        [LoggerMessage(3, LogLevel.Warning, "The directory was not imported; tried again in a few seconds.")]
        public static partial void Later(ILogger logger, Exception exception);
    }
}
