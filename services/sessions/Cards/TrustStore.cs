using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>The trust material in force. When its folder changes it is read anew beside, and exchanged when it is ready: no opening waits for a list.</summary>
internal sealed partial class TrustStore(IOptions<TrustOptions> options, ILogger<TrustStore> log)
{
    private readonly Lock loading = new();
    private volatile Loaded? inForce;

    // Its lists stay in hand while the folder is not readable.
    private Trust? lastRead;

    public string Folder => options.Value.Folder!;

    /// <summary>Null when nothing there can be trusted: no card opens anything.</summary>
    public Trust? Current() => (inForce ?? Load()).Trust;

    /// <summary>Reads the folder again where it changed; true when something else is in force now.</summary>
    public bool Refresh() => Trust.Stamp(Folder) != inForce?.Stamp && Load() is not null;

    /// <summary>Why the folder, as it is now, must not be trusted by this installation; null where it may, and where it cannot be read: then nothing is trusted until it can.</summary>
    public string? Unfit()
    {
        try
        {
            return Trust.Load(Folder, null).Unfit(options.Value);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    private Loaded Load()
    {
        lock (loading)
        {
            var stamp = Trust.Stamp(Folder);
            if (inForce is { } known && known.Stamp == stamp)
                return known;
            return inForce = new Loaded(stamp, Read());
        }
    }

    private Trust? Read()
    {
        try
        {
            var trust = Trust.Load(Folder, lastRead);
            if (trust.Unfit(options.Value) is { } why)
            {
                Log.Unfit(log, why);
                return null;
            }

            Log.Loaded(log, trust.Roots.Count, trust.Issuers.Count, trust.Lists, trust.Entries);
            if (trust.Roots.Count == 0)
                return null;
            return lastRead = trust;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            Log.Unreadable(log, Folder, e);
            return null;
        }
    }

    private static bool IsUnreadable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or JsonException or InvalidDataException;

    private sealed record Loaded(string Stamp, Trust? Trust);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Trust: {Roots} roots, {Issuers} issuers, {Lists} revocation lists of {Entries} entries.")]
        public static partial void Loaded(ILogger logger, int roots, int issuers, int lists, int entries);

        [LoggerMessage(2, LogLevel.Critical, "Trust: no card is accepted. {Why}")]
        public static partial void Unfit(ILogger logger, string why);

        [LoggerMessage(3, LogLevel.Error, "Trust: {Folder} is not readable. No card is accepted until it is.")]
        public static partial void Unreadable(ILogger logger, string folder, Exception exception);
    }
}
