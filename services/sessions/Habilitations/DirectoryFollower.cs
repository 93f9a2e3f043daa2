using System.Text.Json;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

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
        catch (Exception e) when (e is IOException or DbUpdateException || IsOfTheStore(e))
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

    // Away, or without its database, its role or its schema yet (SQLSTATE 3D, 28, 3F, 42). What it does not take of the file is the file's fault.
    private static bool IsOfTheStore(Exception exception) => exception switch
    {
        PostgresException { SqlState: ['4', '2', ..] or ['3', 'D' or 'F', ..] or ['2', '8', ..] } => true,
        InvalidOperationException or DbUpdateException when exception.InnerException is PostgresException inner => IsOfTheStore(inner),
        _ => StoreOutage.Is(exception),
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
