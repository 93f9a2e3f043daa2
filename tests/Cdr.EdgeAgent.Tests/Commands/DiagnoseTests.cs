using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Cdr.EdgeAgent.Tests.Machine;

namespace Cdr.EdgeAgent.Tests.Commands;

/// <summary>A report must be complete where something is wrong: that is when it is made.</summary>
public sealed class DiagnoseTests(RunningPlatform platform)
{
    [Fact]
    public async Task It_says_when_and_how_the_card_service_is_and_what_the_policy_of_the_day_says_of_the_post()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), null, [new("TZ", "Europe/Paris"), new("DISPLAY", ":99"), new("CDR_AGENT_POSTLABEL", "Accueil 2"), new("CDR_AGENT_CRYPTOLIBONSERVER", "true")]);
        var before = TimeProvider.System.GetUtcNow();
        var report = await ReportAsync(agent);

        var at = DateTimeOffset.ParseExact(report.GetProperty("at").GetString()!, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        Assert.InRange(at, before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal(TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris").GetUtcOffset(at), at.Offset);
        Assert.Equal("Europe/Paris", report.GetProperty("zone").GetString());

        var readers = report.GetProperty("readers");
        Assert.Equal(("pcscd", await PcscdVersionAsync(), "answers", "Le service répond."), (Text(readers, "service"), Text(readers, "version"), Text(readers, "state"), Text(readers, "words")));

        var policy = report.GetProperty("policy");
        Assert.Matches("^[0-9a-f]{12}$", Text(policy, "version"));
        Assert.Equal("told", Text(policy, "state"));
        var verdict = policy.GetProperty("verdicts").EnumerateArray().Single(one => Text(one, "pki") == "igc-sante");
        Assert.Equal(("warned", "cryptolib-of-server-untold"), (Text(verdict, "outcome"), Assert.Single(verdict.GetProperty("codes").EnumerateArray()).GetString()));
        Assert.Contains("n'a pas été trouvée", Text(Assert.Single(policy.GetProperty("words").EnumerateArray()), "title"), StringComparison.Ordinal);

        Assert.True(report.GetProperty("browser").GetProperty("canOpen").GetBoolean());
        Assert.Empty(agent.Opened);
        Assert.Empty(agent.Window);
        Assert.True(report.GetProperty("pinEntry").GetProperty("canOpen").GetBoolean());
        Assert.Equal(2, report.GetRawText().Split("Accueil 2").Length);
        Assert.Equal(JsonValueKind.Null, report.GetProperty("settings").GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task Without_the_card_service_a_browser_or_a_pin_window_it_says_each_in_words_and_what_to_do()
    {
        await using var agent = new AgentProcess(null, null, null, [new("DISPLAY", ":99"), new("CDR_AGENT_BROWSER", "/nowhere/firefox"), new("CDR_AGENT_PINPROGRAM", "pinentry-nowhere")]);
        var report = await ReportAsync(agent);

        Assert.Equal(("stopped", "8010001D", await PcscdVersionAsync()), (Text(report.GetProperty("readers"), "state"), Text(report.GetProperty("readers"), "error"), Text(report.GetProperty("readers"), "version")));
        Assert.Contains("pcscd", Text(report.GetProperty("readers"), "words"), StringComparison.Ordinal);
        Assert.Equal(("platform-unset", JsonValueKind.Null), (Text(report.GetProperty("policy"), "state"), report.GetProperty("policy").GetProperty("version").ValueKind));
        foreach (var (member, named) in new[] { ("browser", "/nowhere/firefox"), ("pinEntry", "pinentry-nowhere") })
        {
            Assert.False(report.GetProperty(member).GetProperty("canOpen").GetBoolean());
            Assert.Contains(named, Text(report.GetProperty(member), "words"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_nothing_can_be_shown_no_window_and_no_browser_opens()
    {
        await using var agent = new AgentProcess(null, null, null, [new("DISPLAY", null), new("WAYLAND_DISPLAY", null)]);
        var report = await ReportAsync(agent);
        foreach (var member in new[] { "browser", "pinEntry" })
        {
            Assert.False(report.GetProperty(member).GetProperty("canOpen").GetBoolean());
            Assert.Contains("DISPLAY", Text(report.GetProperty(member), "words"), StringComparison.Ordinal);
        }

        Assert.Empty(agent.Window);
        Assert.Empty(agent.Opened);

        // The same for eyes.
        var (_, output, _) = await agent.SpeakAsync("diagnose");
        Assert.Contains("Aucun écran ici", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"platform\": \"PLATFORM\",\n  \"pinEntry\": \"Mme Vermersch\"\n}", "value-invalid", "pinEntry", 3, "window")]
    [InlineData("{\n  \"platform\": \"PLATFORM\",\n  // typed by hand\n  \"pinentri\": \"window\"\n}", "setting-unknown", "pinentri", 4, "pinEntry")]
    [InlineData("{\n  \"platform\": \"PLATFORM\"\n  \"reset\": \"Never\"\n}", "file-unreadable", null, 3, "ligne 3")]
    public async Task Settings_that_cannot_be_understood_are_in_the_report_with_their_line_and_it_goes_on(string json, string code, string? key, int line, string next)
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_PINENTRY", null), new("CDR_AGENT_PLATFORM", null)]);
        agent.Sets(json.Replace("PLATFORM", (await platform.DoorAsync()).AbsoluteUri, StringComparison.Ordinal));
        var report = await ReportAsync(agent);

        var error = report.GetProperty("settings").GetProperty("error");
        Assert.Equal((code, key, line), (Text(error, "code"), Text(error, "key"), error.GetProperty("line").GetInt32()));
        Assert.Contains(next, Text(error, "next"), StringComparison.Ordinal);
        Assert.EndsWith("agent.json", Text(error, "file"), StringComparison.Ordinal);
        Assert.DoesNotContain("Vermersch", report.GetRawText(), StringComparison.Ordinal);
        // What can be told is told.
        Assert.Equal("linux", Text(report.GetProperty("post"), "system"));
        Assert.Equal(key is not null, report.GetProperty("platform").TryGetProperty("answers", out var answers) && answers.GetBoolean());
    }

    [Fact]
    public async Task A_misspelt_variable_is_in_the_report_too()
    {
        await using var agent = new AgentProcess(null, await platform.DoorAsync(), null, [new("CDR_AGENT_POST_LABEL", "Accueil 2")]);
        var report = await ReportAsync(agent);
        var error = report.GetProperty("settings").GetProperty("error");
        Assert.Equal(("variable-unknown", "CDR_AGENT_POST_LABEL"), (Text(error, "code"), Text(error, "key")));
        Assert.Contains("CDR_AGENT_POSTLABEL", Text(error, "next"), StringComparison.Ordinal);
        Assert.True(report.GetProperty("platform").GetProperty("answers").GetBoolean());
    }

    [Theory]
    [InlineData("284057511290154")]
    [InlineData("vermersch")]
    public async Task What_is_no_slip_of_a_settings_name_is_not_repeated(string key)
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_" + key.ToUpperInvariant(), "x")]);
        agent.Sets($$"""{ "{{key}}": "x" }""");
        var settings = (await ReportAsync(agent)).GetProperty("settings");
        Assert.Equal(("setting-unknown", null), (Text(settings.GetProperty("error"), "code"), Text(settings.GetProperty("error"), "key")));
        Assert.Equal("variable-unknown", Text(Assert.Single(settings.GetProperty("otherErrors").EnumerateArray()), "code"));
        Assert.DoesNotContain(key, settings.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task No_path_names_a_user()
    {
        await using var agent = new AgentProcess(null, null, null,
            [new("HOME", "/home/martin.legrand"), new("CDR_AGENT_BROWSER", "/home/martin.legrand/apps/firefox"), new("CDR_AGENT_PINPROGRAM", "/home/durand/bin/pinentry"), new("CDR_AGENT_PKCS11", "/Users/lefevre/libcps.so")]);
        var report = await ReportAsync(agent);
        var settings = report.GetProperty("settings");
        Assert.Equal(("~/apps/firefox", "~*/pinentry", "~*/libcps.so"), (Text(settings, "browser"), Text(settings, "pinProgram"), Text(settings, "pkcs11")));
        Assert.All(["legrand", "durand", "lefevre"], name => Assert.DoesNotContain(name, report.GetRawText(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_browser_is_asked_its_version_only_where_it_is_a_known_ones_program_and_no_script_that_bears_its_name()
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_BROWSER", null)]);
        var kiosk = agent.Makes("firefox", "printf '%s\\n' \"$*\" >>\"$(dirname \"$0\")/opened\"; echo 'Mozilla Firefox 128.5.0'");
        agent.Sets($$"""{ "browser": "{{kiosk}}" }""");
        var post = (await ReportAsync(agent)).GetProperty("post");
        Assert.Equal(("firefox", null), (Text(post, "browser"), Text(post, "browserVersion")));
        Assert.Empty(agent.Opened);

        // Of a program that tells its version as browsers do.
        File.Delete(kiosk);
        File.Copy("/bin/cat", kiosk);
        post = (await ReportAsync(agent)).GetProperty("post");
        Assert.Equal("firefox", Text(post, "browser"));
        Assert.Matches(@"^\d+\.\d+", Text(post, "browserVersion"));
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_is_in_the_report()
    {
        await using var agent = new AgentProcess(null, null);
        Directory.CreateDirectory(Path.GetDirectoryName(agent.ControlSocket)!);
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(agent.ControlSocket));
        silent.Listen();
        var report = await ReportAsync(agent).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("agent-silent", Text(report.GetProperty("resident"), "code"));
        Assert.Contains("ne répond pas", Text(report.GetProperty("resident"), "words"), StringComparison.Ordinal);
        Assert.Equal("linux", Text(report.GetProperty("post"), "system"));
    }

    private static async Task<JsonElement> ReportAsync(AgentProcess agent)
    {
        var (code, lines) = await agent.LinesAsync("diagnose");
        Assert.Equal(0, code);
        return JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines));
    }

    private static string? Text(JsonElement of, string member) => of.GetProperty(member).GetString();

    private static async Task<string> PcscdVersionAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("pcscd", ["--version"]) { RedirectStandardOutput = true })!;
        return (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n')[0].Split(' ')[^1].TrimEnd('.');
    }
}
