using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EdgeAgent.Tests.Machine;

/// <summary>The real agent, a process of its own. Its PIN window is a program of the test that speaks pinentry's protocol, and counts what it was told.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private const string Published = "CDR_AGENT_PUBLISHED";
    private readonly TestFolder folder = new("agent");
    private readonly ConcurrentQueue<JsonElement> said = new();
    private readonly ConcurrentQueue<string> written = new();
    private readonly Dictionary<string, string?> environment;
    private readonly List<Process> processes = [];
    private readonly int? user;

    /// <summary>Prepares its folders and programs.</summary>
    /// <param name="pcscd">The card service that it finds; null: none.</param>
    /// <param name="platform">Its platform.</param>
    /// <param name="user">Number of the user that it runs as; null: ours.</param>
    /// <param name="more">Of its environment.</param>
    public AgentProcess(PrivatePcscd? pcscd, Uri? platform, int? user = null, params IEnumerable<KeyValuePair<string, string?>> more)
    {
        this.user = user;
        environment = new()
        {
            ["PCSCLITE_CSOCK_NAME"] = pcscd?.Socket ?? folder.File("no-service"),
            ["XDG_RUNTIME_DIR"] = folder.Folder("run"),
            ["XDG_CONFIG_HOME"] = folder.Folder("config"),
            ["CDR_AGENT_PLATFORM"] = platform?.AbsoluteUri,
            ["CDR_AGENT_PINENTRY"] = "window",
            ["CDR_AGENT_PINPROGRAM"] = folder.File("pinentry"),
            ["CDR_AGENT_BROWSER"] = folder.File("browser"),
            ["XDG_SESSION_ID"] = "7",
            // Of the machine's own buses the agent of a test hears nothing.
            ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=" + folder.File("no-bus"),
            ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + folder.File("no-bus"),
        };
        foreach (var (name, value) in more)
            environment[name] = value;
        Script("browser", $"case \"$1\" in file://*) cp \"${{1#file://}}\" {folder.File("page")} ;; esac; printf '%s\\n' \"$1\" >>{folder.File("opened")}; while [ -e {folder.File("stays")} ]; do sleep .1; done");
        Types("1234");
        if (user is { } owner)
        {
            using var chown = Process.Start("chown", ["-R", $"{owner}:{owner}", folder.Path]);
            chown.WaitForExit();
        }
    }

    /// <summary>Of another agent's user, what this one's programs see: its runtime folder.</summary>
    public string RuntimeFolder => folder.File("run");

    public string Folder => folder.Path;

    /// <summary>The built program; or a published one, which CDR_AGENT_PUBLISHED names.</summary>
    public static string[] Command { get; } = Environment.GetEnvironmentVariable(Published) is { Length: > 0 } published ? [published] : ["dotnet", Repository.Program("services/edge-agent", "Cdr.EdgeAgent")];

    /// <summary>What it has said so far, an object a line.</summary>
    public IEnumerable<JsonElement> Said => said;

    /// <summary>Every line that any of its programs has written so far, on either output.</summary>
    public IReadOnlyList<string> Written => [.. written];

    /// <summary>What its PIN window was told, a command a line.</summary>
    public string[] Window => File.Exists(folder.File("window")) ? File.ReadAllLines(folder.File("window")) : [];

    /// <summary>Addresses that were opened in the browser.</summary>
    public string[] Opened => File.Exists(folder.File("opened")) ? File.ReadAllLines(folder.File("opened")) : [];

    /// <summary>Where the last address leads to, as a browser would follow it.</summary>
    public async Task<Uri> LandingAsync()
    {
        await Deadline.UntilAsync("the browser is opened", TimeSpan.FromSeconds(30), () => Opened.Length > 0, TestContext.Current.CancellationToken);
        return Opened[^1].StartsWith("file://", StringComparison.Ordinal)
            ? new Uri(System.Text.RegularExpressions.Regex.Match(await File.ReadAllTextAsync(folder.File("page"), TestContext.Current.CancellationToken), "content=\"0;url=([^\"]+)\"").Groups[1].Value)
            : new Uri(Opened[^1]);
    }

    /// <summary>A program of its folder; where it lies.</summary>
    public string Makes(string name, string body)
    {
        Script(name, body);
        return folder.File(name);
    }

    /// <summary>Where its commands look for the agent that stays.</summary>
    public string ControlSocket => Path.Combine(RuntimeFolder, "cdr-agent", $"agent-{environment["XDG_SESSION_ID"]}.sock");

    /// <summary>Its browser stays open from now on, and with it its command line.</summary>
    public void BrowserStays() => File.WriteAllText(folder.File("stays"), "");

    /// <summary>From now on its PIN window answers these, one after the other; then it gives up.</summary>
    public void Types(params string[] pins)
    {
        File.WriteAllLines(folder.File("pins"), pins);
        Script("pinentry", $$"""
            [ "$1" = --version ] && echo 'pinentry (test) 1.0.0' && exit
            echo OK ready
            while read -r line; do
              printf '%s\n' "$line" >>{{folder.File("window")}}
              case "$line" in
                GETPIN)
                  pin=$(head -n 1 {{folder.File("pins")}})
                  sed -i 1d {{folder.File("pins")}}
                  [ "$pin" = wait ] && exec sleep 600
                  if [ -n "$pin" ]; then echo "D $pin"; echo OK; else echo 'ERR 83886179 cancelled'; fi ;;
                *) echo OK ;;
              esac
            done
            """);
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int Code, JsonElement Reply)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var last = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in last)
            written.Enqueue(line);
        return (process.ExitCode, last.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(last[^1]));
    }

    /// <summary>Runs a command to its end as a person does: without <c>--json</c>.</summary>
    public async Task<(int Code, string Output, string Errors)> SpeakAsync(params string[] arguments)
    {
        using var process = Process.Start(Described([.. Command, .. arguments]))!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    /// <summary>Lines of a command for programs, and its exit code.</summary>
    public async Task<(int Code, string[] Lines)> LinesAsync(params string[] arguments)
    {
        var (code, output, _) = await SpeakAsync([.. arguments, "--json"]);
        return (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The user's own settings.</summary>
    public void Sets(string json)
    {
        Directory.CreateDirectory(folder.File("config/cdr-agent"));
        File.WriteAllText(folder.File("config/cdr-agent/agent.json"), json);
    }

    /// <summary>A program of its PATH, before the system's.</summary>
    public void Installs(string name, string body)
    {
        Directory.CreateDirectory(folder.File("bin"));
        Script(Path.Combine("bin", name), body);
        environment["PATH"] = folder.File("bin") + ":" + Environment.GetEnvironmentVariable("PATH");
    }

    /// <summary>Starts one that stays; what it says is kept.</summary>
    public Process Stay(params string[] arguments) => Keep(Start(arguments));

    /// <summary>The same, in a terminal of its own that nobody looks at.</summary>
    public Process StayInTerminal(params string[] arguments) => Keep(Start(arguments, inTerminal: true));

    /// <summary>Waits until it says this.</summary>
    public async Task<JsonElement> SaysAsync(string code, TimeSpan? within = null)
    {
        JsonElement found = default;
        await Deadline.UntilAsync($"the agent says {code} (it said {string.Join(", ", said.Select(CodeOf))})", within ?? TimeSpan.FromSeconds(90), () =>
        {
            found = said.FirstOrDefault(one => CodeOf(one) == code);
            return found.ValueKind == JsonValueKind.Object;
        }, TestContext.Current.CancellationToken);
        return found;
    }

    public void Forget() => said.Clear();

    /// <summary>What a command asks of the agent that runs, without starting one for it.</summary>
    public async Task<JsonElement> AskAsync(object request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(environment["XDG_RUNTIME_DIR"]!, "cdr-agent", $"agent-{environment["XDG_SESSION_ID"]}.sock")), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(request, JsonSerializerOptions.Web), TestContext.Current.CancellationToken);
        await stream.WriteAsync("\n"u8.ToArray(), TestContext.Current.CancellationToken);
        return await JsonSerializer.DeserializeAsync<JsonElement>(stream, cancellationToken: TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> StateAsync() => (await AskAsync(new { verb = "status" })).GetProperty("state");

    /// <summary>Waits until the agent sees a card of the family in so many readers.</summary>
    public Task SeesAsync(int cards) => Deadline.UntilAsync($"the agent sees {cards} cards", TimeSpan.FromSeconds(90), async () =>
        (await StateAsync()).GetProperty("readers").EnumerateArray().Count(reader => reader.GetProperty("signsIn").GetBoolean()) == cards, TestContext.Current.CancellationToken);

    public static string CodeOf(JsonElement reply) => reply.GetProperty("code").GetString()!;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        folder.Dispose();
    }

    private Process Keep(Process process)
    {
        processes.Add(process);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not { Length: > 0 } text)
                return;
            written.Enqueue(text);
            // A terminal is told how to behave before it is told anything.
            if (text.IndexOf('{', StringComparison.Ordinal) is >= 0 and var at)
                said.Enqueue(JsonSerializer.Deserialize<JsonElement>(text[at..]));
        };
        process.BeginOutputReadLine();
        return process;
    }

    private Process Start(string[] arguments, bool inTerminal = false)
    {
        string[] words = [.. Command, .. arguments, "--json"];
        if (user is { } number)
            words = ["setpriv", $"--reuid={number}", $"--regid={number}", "--clear-groups", .. words];
        if (inTerminal)
            words = ["script", "-qfec", string.Join(' ', words), "/dev/null"];
        var process = Process.Start(Described(words))!;
        if (!inTerminal)
            process.StandardInput.Close();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                written.Enqueue(line.Data);
        };
        process.BeginErrorReadLine();
        return process;
    }

    private ProcessStartInfo Described(string[] words)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // Of the tests, not of the agent.
        start.Environment.Remove(Published);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private void Script(string name, string body)
    {
        File.WriteAllText(folder.File(name), "#!/bin/bash\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File(name), (UnixFileMode)0b111_101_101);
    }
}
