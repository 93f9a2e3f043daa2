using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>The trust material in force: read again when its folder changes, so that a list of this morning needs no restart.</summary>
internal sealed partial class TrustStore(IOptions<TrustOptions> options, IConfiguration configuration, IHostEnvironment environment, ILogger<TrustStore> log)
{
    private readonly Lock gate = new();
    private Trust? current;
    private string? stamp;

    public string Folder { get; } = options.Value.Folder ?? Path.Combine(configuration["Data:Folder"]!, "trust");

    /// <summary>The drawer's cards are for whoever holds the drawer: every machine with this program.</summary>
    public bool DemoAllowed { get; } = environment.IsDevelopment() || configuration.GetValue<bool>("Drawer:Embedded");

    /// <summary>Null when nothing there can be trusted: no card opens anything.</summary>
    public Trust? Current()
    {
        lock (gate)
        {
            var now = Trust.Stamp(Folder);
            if (now == stamp)
                return current;
            stamp = now;
            current = Load();
            return current;
        }
    }

    public bool HoldsDemoRoot()
    {
        try
        {
            return Trust.Load(Folder).HasDemoRoot;
        }
        catch (Exception e) when (e is CryptographicException or IOException)
        {
            // Nothing is trusted until it is readable.
            return false;
        }
    }

    private Trust? Load()
    {
        try
        {
            var trust = Trust.Load(Folder);
            if (trust.HasDemoRoot && !DemoAllowed)
            {
                Log.DemoRoot(log);
                return null;
            }

            Log.Loaded(log, trust.Roots.Count, trust.Issuers.Count, trust.Lists);
            return trust.Roots.Count > 0 ? trust : null;
        }
        catch (Exception e) when (e is CryptographicException or IOException)
        {
            Log.Unreadable(log, Folder, e);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Trust: {Roots} roots, {Issuers} issuers, {Lists} revocation lists.")]
        public static partial void Loaded(ILogger logger, int roots, int issuers, int lists);

        [LoggerMessage(2, LogLevel.Critical, "Trust: the root of the demo cards is in the folder of a production installation. No card is accepted until it is removed.")]
        public static partial void DemoRoot(ILogger logger);

        [LoggerMessage(3, LogLevel.Error, "Trust: {Folder} is not readable. No card is accepted until it is.")]
        public static partial void Unreadable(ILogger logger, string folder, Exception exception);
    }
}
