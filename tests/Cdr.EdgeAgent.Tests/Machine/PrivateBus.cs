using Cdr.Testing;
using Cdr.Testing.Servers;
using Tmds.DBus.Protocol;

namespace Cdr.EdgeAgent.Tests.Machine;

/// <summary>A real D-Bus of this test alone, the system's and the user's at once, with a logind that the test words.</summary>
internal sealed class PrivateBus : IAsyncDisposable
{
    private const string Login = "org.freedesktop.login1";
    private readonly TestFolder folder = new("bus");
    private OwnedProcess? process;
    private DBusConnection? logind;
    private DBusConnection? stranger;

    public string Address => "unix:path=" + folder.File("bus");

    /// <summary>What an agent's environment needs.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings => [new("DBUS_SYSTEM_BUS_ADDRESS", Address), new("DBUS_SESSION_BUS_ADDRESS", Address)];

    /// <summary>Path of the session of that number.</summary>
    public static string PathOf(string session) => "/org/freedesktop/login1/session/_3" + session;

    public async Task StartAsync()
    {
        process = OwnedProcess.Start(folder.File("bus.log"), new Dictionary<string, string?>(), "dbus-daemon", ["--session", "--nofork", "--nosyslog", "--address=" + Address]);
        await Deadline.UntilAsync("the bus answers", TimeSpan.FromSeconds(30), () => File.Exists(folder.File("bus")), TestContext.Current.CancellationToken);
        logind = new DBusConnection(Address);
        await logind.ConnectAsync();
        logind.AddMethodHandler(new Manager());
        Assert.True(await logind.TryRequestNameAsync(Login, RequestNameOptions.None));
        stranger = new DBusConnection(Address);
        await stranger.ConnectAsync();
    }

    /// <summary>logind asks for a session to be locked.</summary>
    public void Lock(string session, bool byAStranger = false) => Emit(byAStranger ? stranger! : logind!, PathOf(session), Login + ".Session", "Lock", null, (ref _) => { });

    public void Changed(string session, string property, bool value) => Emit(logind!, PathOf(session), "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", (ref writer) =>
    {
        writer.WriteString(Login + ".Session");
        writer.WriteDictionary([new KeyValuePair<string, VariantValue>(property, VariantValue.Bool(value))]);
        writer.WriteArrayEnd(writer.WriteArrayStart(DBusType.String));
    });

    public void Sleeps(bool begins) => Emit(logind!, "/org/freedesktop/login1", Login + ".Manager", "PrepareForSleep", "b", (ref writer) => writer.WriteBool(begins));

    /// <summary>A desktop's screen saver, on the user's own bus.</summary>
    public void ScreenSaver(string desktop, bool active) =>
        Emit(stranger!, "/org/" + desktop + "/ScreenSaver", $"org.{desktop}.ScreenSaver", "ActiveChanged", "b", (ref writer) => writer.WriteBool(active));

    public async ValueTask DisposeAsync()
    {
        logind?.Dispose();
        stranger?.Dispose();
        if (process is not null)
        {
            await process.KillAsync();
            process.Dispose();
        }

        folder.Dispose();
    }

    private delegate void Body(ref MessageWriter writer);

    private static void Emit(DBusConnection from, string path, string kind, string member, string? signature, Body body)
    {
        var writer = from.GetMessageWriter();
        writer.WriteSignalHeader(null, path, kind, member, signature);
        body(ref writer);
        Assert.True(from.TrySendMessage(writer.CreateMessage()));
    }

    private sealed class Manager : IPathMethodHandler
    {
        public string Path => "/org/freedesktop/login1";

        public bool HandlesChildPaths => false;

        public ValueTask HandleMethodAsync(MethodContext context)
        {
            if (context.Request.MemberAsString != "GetSession")
                return ValueTask.CompletedTask;
            var session = context.Request.GetBodyReader().ReadString();
            var writer = context.CreateReplyWriter("o");
            writer.WriteObjectPath(PathOf(session));
            context.Reply(writer.CreateMessage());
            return ValueTask.CompletedTask;
        }
    }
}
