using Tmds.DBus.Protocol;

namespace Cdr.EdgeAgent.Locks;

/// <summary>
/// Linux: systemd-logind on the system's bus tells of this session alone (locked, another one in front, the machine going to sleep); the
/// desktop's screen saver tells on the user's own bus. Nothing is polled; a bus that is not there is looked for again now and then.
/// </summary>
internal sealed class BusLockWatch(TimeProvider clock) : ILockWatch
{
    private const string Login = "org.freedesktop.login1";
    private const string LoginPath = "/org/freedesktop/login1";
    private const string LoginSession = Login + ".Session";

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    // Each desktop has its own name for the same signal.
    private static readonly string[] ScreenSavers =
        ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver", "org.xfce.ScreenSaver"];

    private int buses;

    public bool Watches => Volatile.Read(ref buses) > 0;

    public Task RunAsync(Action locked, CancellationToken cancellationToken) => Task.WhenAll(
        KeepAsync(DBusAddress.System, bus => WatchLoginAsync(bus, locked), cancellationToken),
        KeepAsync(DBusAddress.Session, bus => WatchScreenAsync(bus, locked), cancellationToken));

    private async Task KeepAsync(string? address, Func<DBusConnection, Task<bool>> watch, CancellationToken cancellationToken)
    {
        while (address is not null && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var bus = new DBusConnection(address);
                await bus.ConnectAsync();
                using var stop = cancellationToken.Register(bus.Dispose);
                if (await watch(bus))
                {
                    Interlocked.Increment(ref buses);
                    try
                    {
                        await bus.DisconnectedAsync();
                    }
                    finally
                    {
                        Interlocked.Decrement(ref buses);
                    }
                }
            }
            catch (Exception e) when (e is DBusExceptionBase or IOException or System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // Not there, or gone.
            }

            try
            {
                await Task.Delay(Again, clock, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>False where logind knows no session of ours: nothing would ever be told.</summary>
    private static async Task<bool> WatchLoginAsync(DBusConnection bus, Action locked)
    {
        var session = await SessionAsync(bus);
        await OnAsync(bus, new MatchRule { Sender = Login, Path = LoginPath, Interface = Login + ".Manager", Member = "PrepareForSleep" }, IsTrue, locked);
        await OnAsync(bus, new MatchRule { Sender = Login, Path = session, Interface = LoginSession, Member = "Lock" }, (_, _) => true, locked);
        await OnAsync(bus, new MatchRule { Sender = Login, Path = session, Interface = "org.freedesktop.DBus.Properties", Member = "PropertiesChanged", Arg0 = LoginSession }, SaysLocked, locked);
        return true;
    }

    private static async Task<bool> WatchScreenAsync(DBusConnection bus, Action locked)
    {
        foreach (var saver in ScreenSavers)
            await OnAsync(bus, new MatchRule { Interface = saver, Member = "ActiveChanged" }, IsTrue, locked);
        return true;
    }

    /// <summary>Of this process, or of the user's display: a unit of systemd's user manager belongs to no session itself.</summary>
    private static Task<string> SessionAsync(DBusConnection bus)
    {
        var writer = bus.GetMessageWriter();
        writer.WriteMethodCallHeader(Login, LoginPath, Login + ".Manager", "GetSession", "s");
        writer.WriteString(Environment.GetEnvironmentVariable("XDG_SESSION_ID") is { Length: > 0 } id ? id : "auto");
        return bus.CallMethodAsync(writer.CreateMessage(), (message, _) => message.GetBodyReader().ReadObjectPathAsString());
    }

    private static async Task OnAsync(DBusConnection bus, MatchRule rule, MessageValueReader<bool> isLocked, Action locked)
    {
        rule.Type = MessageType.Signal;
        await bus.AddMatchAsync(rule, isLocked, (Notification<bool> told) =>
        {
            if (told is { HasValue: true, Value: true })
                locked();
        }, emitOnCapturedContext: false);
    }

    private static bool IsTrue(Message message, object? state) => message.GetBodyReader().ReadBool();

    /// <summary>Locked by the desktop, or another person's session is in front.</summary>
    private static bool SaysLocked(Message message, object? state)
    {
        var body = message.GetBodyReader();
        body.ReadString();
        var changed = body.ReadDictionaryOfStringToVariantValue();
        return changed.TryGetValue("LockedHint", out var hint) && hint.GetBool() || changed.TryGetValue("Active", out var active) && !active.GetBool();
    }
}
