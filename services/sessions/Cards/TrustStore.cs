using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>The trust material in force. When its folder changes it is read anew beside, and exchanged when it is ready: no opening waits for a list.</summary>
internal sealed partial class TrustStore(IOptions<TrustOptions> options, ILogger<TrustStore> log)
{
    private readonly Lock loading = new();
    private volatile Loaded? inForce;

    public string Folder => options.Value.Folder!;

    /// <summary>Null when nothing there can be trusted: no card opens anything.</summary>
    public Trust? Current() => (inForce ?? Load()).Trust;

    /// <summary>Reads the folder again where it changed; true when something else is in force now.</summary>
    public bool Refresh() => Trust.Stamp(Folder) != inForce?.Stamp && Load() is not null;

    public bool HoldsDemoRoot()
    {
        try
        {
            return Trust.Load(Folder, null).HasDemoRoot;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            // Nothing is trusted until it is readable.
            return false;
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
            var trust = Trust.Load(Folder, inForce?.Trust);
            if (trust.HasDemoRoot && !options.Value.DemoAllowed)
            {
                Log.DemoRoot(log);
                return null;
            }

            Log.Loaded(log, trust.Roots.Count, trust.Issuers.Count, trust.Lists, trust.Entries);
            return trust.Roots.Count > 0 ? trust : null;
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

        [LoggerMessage(2, LogLevel.Critical, "Trust: the root of the demo cards is in the folder of a production installation. No card is accepted until it is removed.")]
        public static partial void DemoRoot(ILogger logger);

        [LoggerMessage(3, LogLevel.Error, "Trust: {Folder} is not readable. No card is accepted until it is.")]
        public static partial void Unreadable(ILogger logger, string folder, Exception exception);
    }
}
