using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.Pkcs11;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.Commands;

public sealed class CommandTests(RunningPlatform platform)
{
    [Fact]
    public async Task Diagnose_tells_the_post_and_nothing_of_a_person()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await Deadline.UntilAsync("the card is seen", TimeSpan.FromSeconds(90), async () =>
            (await agent.RunAsync("readers")).Reply.GetProperty("readers")[0].GetProperty("signsIn").GetBoolean(), TestContext.Current.CancellationToken);

        var (code, report) = await agent.RunAsync("diagnose");
        Assert.Equal(0, code);
        var post = report.GetProperty("post");
        Assert.Equal("linux", post.GetProperty("system").GetString());
        Assert.Contains("GNU/Linux", post.GetProperty("systemVersion").GetString(), StringComparison.Ordinal);
        Assert.Equal("Virtual PCD", Assert.Single(post.GetProperty("readers").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(("browser", null), (post.GetProperty("browser").GetString(), post.GetProperty("browserVersion").GetString()));
        var slots = report.GetProperty("readers").GetProperty("slots");
        Assert.Equal((true, false), (slots[0].GetProperty("signsIn").GetBoolean(), slots[1].GetProperty("signsIn").GetBoolean()));
        var seen = Assert.Single(report.GetProperty("cards").EnumerateArray());
        Assert.Equal(("cps3", 3, 2048), (seen.GetProperty("family").GetString(), seen.GetProperty("triesLeft").GetInt32(), seen.GetProperty("keyBits").GetInt32()));
        Assert.Equal("file", report.GetProperty("browser").GetProperty("handOver").GetString());
        Assert.Equal("1.0.0", report.GetProperty("pinEntry").GetProperty("version").GetString());
        var reached = report.GetProperty("platform");
        Assert.True(reached.GetProperty("answers").GetBoolean());
        Assert.InRange(reached.GetProperty("clockAheadSeconds").GetDouble(), -2, 2);

        var text = report.GetRawText();
        Assert.All(["Vermersch", "lodie", CardProfile.Cps3.Serial, "590991014", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/"], named => Assert.DoesNotContain(named, text, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(agent.Window);
        Assert.Empty(agent.Opened);
    }

    [Fact]
    public async Task Diagnose_says_of_this_machine_what_it_says_of_itself_and_leaves_nothing_out()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        using var token = new SoftToken(TestCards.Authentication, TestCards.Signature);
        await using var agent = new AgentProcess(
            pcscd, await platform.DoorAsync(), null,
            [new("CDR_AGENT_POSTLABEL", "Accueil 2"), new("CDR_AGENT_CRYPTOLIBONSERVER", "true"), new("CDR_AGENT_PKCS11", SoftToken.Library), new("SOFTHSM2_CONF", token.Configuration)]);
        var (code, report) = await agent.RunAsync("diagnose");
        Assert.Equal(0, code);
        Assert.Equal(
            ["done", "code", "at", "zone", "agent", "settings", "resident", "post", "policy", "readers", "cards", "pkcs11", "pinEntry", "browser", "platform"], report.EnumerateObject().Select(member => member.Name));

        var own = report.GetProperty("agent");
        Assert.Equal(
            (PostProbes.AgentVersion, RuntimeInformation.FrameworkDescription, RuntimeInformation.ProcessArchitecture.ToString(), "7"),
            (own.GetProperty("version").GetString(), own.GetProperty("runtime").GetString(), own.GetProperty("architecture").GetString(), own.GetProperty("osSession").GetString()));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("resident").ValueKind);

        // Everything that is sent with a session, and each beside the machine's own word.
        var post = report.GetProperty("post").Deserialize<PostReport>(JsonSerializerOptions.Web)!;
        Assert.Equal(typeof(PostReport).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)), report.GetProperty("post").EnumerateObject().Select(member => member.Name));
        var packages = await OutputAsync("dpkg-query", "-W");
        Assert.Equal(await OutputAsync("sh", "-c", ". /etc/os-release && printf %s \"$PRETTY_NAME\""), post.SystemVersion);
        Assert.Equal((packages.Contains("cryptolib", StringComparison.Ordinal), true), (post.Cryptolib is not null, post.CryptolibOnServer));
        Assert.Equal(File.Exists("/etc/galss.ini") || Directory.Exists("/usr/local/galss"), post.Galss);
        Assert.Equal(("Accueil 2", PostProbes.AgentVersion, "linux", "browser", null, null, null), (post.Label, post.AgentVersion, post.System, post.Browser, post.BrowserVersion, post.VitaleApi, post.CardFamily));
        Assert.Equal(new PostReader("Virtual PCD", false), Assert.Single(post.Readers));

        Assert.Equal([PrivatePcscd.First, PrivatePcscd.Second], report.GetProperty("readers").GetProperty("slots").EnumerateArray().Select(slot => slot.GetProperty("name").GetString()));
        Assert.Empty(report.GetProperty("cards").EnumerateArray());
        var library = report.GetProperty("pkcs11");
        Assert.Equal((SoftToken.Library, true, 1), (library.GetProperty("configured").GetString(), library.GetProperty("loads").GetBoolean(), library.GetProperty("tokens").GetInt32()));
        Assert.Equal((true, 200), (report.GetProperty("platform").GetProperty("answers").GetBoolean(), report.GetProperty("platform").GetProperty("status").GetInt32()));

        // The same to a file, for the hotline.
        var file = Path.Combine(agent.Folder, "report.json");
        Assert.Equal("diagnosed", CodeOf((await agent.RunAsync("diagnose", "--output", file)).Reply));
        Assert.True(JsonElement.DeepEquals(report.GetProperty("post"), JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).GetProperty("post")));
    }

    [Fact]
    public async Task Diagnose_of_an_agent_that_stays_has_the_platforms_word_on_the_post_and_no_number_of_a_reader()
    {
        const string Serial = "KJ0AQMG07M";
        await using var pcscd = new PrivatePcscd($"Virtual PCD ({Serial})");
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), null, [new("CDR_AGENT_READER", $"Virtual PCD ({Serial}) 00 00")]);
        using var card = await platform.CardAsync("cpe-service");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        Assert.Equal("card-cpe-service", CodeOf(await agent.AskAsync(new { verb = "login" })));

        var report = (await agent.RunAsync("diagnose")).Reply;
        Assert.Equal("card-cpe-service", report.GetProperty("resident").GetProperty("lastSignIn").GetString());
        const string First = "Virtual PCD 00 00";
        Assert.Equal(
            [First, First, First, First],
            [
                report.GetProperty("readers").GetProperty("slots")[0].GetProperty("name").GetString(), report.GetProperty("cards")[0].GetProperty("reader").GetString(),
                report.GetProperty("resident").GetProperty("readers")[0].GetProperty("name").GetString(), report.GetProperty("settings").GetProperty("reader").GetString(),
            ]);
        Assert.Equal("Virtual PCD", Assert.Single(report.GetProperty("post").GetProperty("readers").EnumerateArray()).GetProperty("name").GetString());
        Assert.DoesNotContain(Serial, report.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_card_service_every_command_says_so()
    {
        await using var agent = new AgentProcess(null, await platform.DoorAsync());
        var (code, reply) = await agent.RunAsync("readers");
        Assert.Equal((1, "reader-service-gone"), (code, CodeOf(reply)));
        Assert.Equal("8010001D", (await agent.RunAsync("diagnose")).Reply.GetProperty("readers").GetProperty("error").GetString());
        Assert.Equal((3, "agent-not-running"), await StatusAsync(agent));
        agent.Stay("watch");
        await agent.SaysAsync("monitor-lost");
        Assert.Equal((0, "status"), await StatusAsync(agent));
        Assert.Equal("8010001D", (await agent.StateAsync()).GetProperty("monitor").GetString());
        Assert.Equal("reader-service-gone", CodeOf((await agent.RunAsync("login", "--ticket")).Reply));
        // One agent an OS session.
        var (second, running) = await agent.RunAsync("watch");
        // As its unit has it: not to be begun again.
        Assert.Equal((2, "agent-running"), (second, CodeOf(running)));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("--version")]
    public async Task Who_only_asks_what_there_is_did_nothing_wrong(string argument) => Assert.Equal(0, await EdgeAgentProgram.Main([argument]));

    [Theory]
    [InlineData(2, "")]
    [InlineData(2, "sign")]
    [InlineData(2, "login", "--reader")]
    [InlineData(2, "logout", "--because", "tired")]
    [InlineData(2, "status", "--ticket")]
    [InlineData(2, "open", "https://evil.example/")]
    public async Task What_is_not_understood_is_refused(int code, params string[] arguments)
    {
        await using var agent = new AgentProcess(null, null);
        Assert.Equal(code, (await agent.RunAsync(arguments)).Code);
    }

    [Fact]
    public async Task A_link_brings_a_ticket_to_the_browser_that_asked_and_to_no_other()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var link = Link();
        var (code, reply) = await agent.RunAsync("open", link);
        Assert.Equal((0, "signed-in"), (code, CodeOf(reply)));
        Assert.False(reply.TryGetProperty("ticket", out _));
        Assert.StartsWith(new Uri(await platform.DoorAsync(), "connexion/agent#").AbsoluteUri, (await agent.LandingAsync()).AbsoluteUri, StringComparison.Ordinal);
        Assert.Single(agent.Opened);
    }

    [Fact]
    public async Task Where_the_browser_fails_no_session_stays_open_that_nobody_has()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), null, [new("CDR_AGENT_BROWSER", "false")]);
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var (code, reply) = await agent.RunAsync("open", Link());
        Assert.Equal((1, "browser-missing"), (code, CodeOf(reply)));
        Assert.Contains("refermée", reply.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal("none", (await agent.StateAsync()).GetProperty("session").GetString());
    }

    [Fact]
    public async Task Whoever_clicked_a_link_where_the_settings_are_wrong_is_told_in_the_window_of_those_that_are_right()
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_HANDOVER", "pipe")]);
        var (code, reply) = await agent.RunAsync("open", Link());
        Assert.Equal((2, "settings-unreadable"), (code, CodeOf(reply)));
        Assert.Contains(agent.Window, line => line.StartsWith("SETDESC ", StringComparison.Ordinal) && line.Contains("CDR_AGENT_HANDOVER", StringComparison.Ordinal) && line.Contains("settings-unreadable", StringComparison.Ordinal));
        Assert.Equal("MESSAGE", agent.Window[^1]);
        // Whoever typed a command has its words before them.
        Assert.Equal(2, (await agent.RunAsync("login")).Code);
        Assert.Single(agent.Window, "MESSAGE");
    }

    [Fact]
    public async Task Whoever_clicked_a_link_where_the_library_is_missing_is_told_in_the_window()
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_PKCS11", "/nowhere/libcps.so")]);
        var (code, reply) = await agent.RunAsync("open", Link());
        Assert.Equal((2, "library-missing"), (code, CodeOf(reply)));
        Assert.Single(agent.Window, "MESSAGE");
    }

    [Fact]
    public async Task What_is_wrong_with_a_post_that_signs_in_is_told_in_its_status_and_to_who_asked_for_a_ticket()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        // The version of the server's Cryptolib is not found: the shipped policy warns.
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), null, [new("CDR_AGENT_CRYPTOLIBONSERVER", "true")]);
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        const string Warned = "Attention : La version de la Cryptolib du serveur qui affiche ce poste n'a pas été trouvée.";
        var (_, before, _) = await agent.SpeakAsync("status");
        Assert.DoesNotContain("Attention", before, StringComparison.Ordinal);

        Assert.Equal("signed-in", CodeOf((await agent.RunAsync("open", Link())).Reply));
        // The browser's page says it: no window stands before that.
        Assert.DoesNotContain("MESSAGE", agent.Window);
        Assert.Single(agent.Opened);

        var (_, spoken, _) = await agent.SpeakAsync("status");
        Assert.Contains(Warned, spoken, StringComparison.Ordinal);
        var told = (await agent.RunAsync("status")).Reply;
        Assert.Equal("cryptolib-of-server-untold", Assert.Single(told.GetProperty("state").GetProperty("postWarnings").EnumerateArray()).GetString());
        // The program that asked for a ticket tells them itself.
        agent.Types("1234");
        Assert.StartsWith(Warned["Attention : ".Length..], (await agent.AskAsync(new { verb = "login" })).GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_clicked_a_link_where_no_window_can_be_shown_is_told_in_their_browser()
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_PINPROGRAM", "/nowhere/pinentry")]);
        Assert.Equal("platform-unset", CodeOf((await agent.RunAsync("open", Link())).Reply));
        Assert.StartsWith("file://", Assert.Single(agent.Opened), StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(Path.Combine(agent.Folder, "page"), TestContext.Current.CancellationToken);
        Assert.Contains("Code : platform-unset", page, StringComparison.Ordinal);
        Assert.Contains("/etc/cdr-agent/agent.json", page, StringComparison.Ordinal);
        // Of its own user alone.
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(new Uri(agent.Opened[0]).LocalPath));
    }

    [Fact]
    public async Task Whoever_clicked_a_link_is_told_and_asked_in_windows()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        var link = Link();
        Assert.Equal("card-absent", CodeOf((await agent.RunAsync("open", link)).Reply));
        Assert.Equal("reader-unknown", CodeOf((await agent.RunAsync("login", "--ticket", "--reader", "Ailleurs")).Reply));
        Assert.Contains(agent.Window, line => line.StartsWith("SETDESC Aucune carte CPx", StringComparison.Ordinal));
        Assert.Equal("MESSAGE", agent.Window[^1]);

        using var one = await platform.CardAsync("cpe-admissions-nord");
        using var two = await platform.CardAsync("cps-infirmier", CardProfile.Cps3 with { Serial = "80250000010000009999" });
        using var oneIn = InsertedCard.Insert(one, pcscd.PortOf(0));
        using var twoIn = InsertedCard.Insert(two, pcscd.PortOf(1));
        await agent.SeesAsync(2);
        Assert.Equal("signed-in", CodeOf((await agent.RunAsync("open", link)).Reply));
        Assert.Single(agent.Window, "CONFIRM");
        Assert.Equal((1, 0), (one.Signed.Count, two.Signed.Count));
    }

    /// <summary>As the sign-in page makes it.</summary>
    private static string Link()
    {
        using var browser = System.Security.Cryptography.ECDiffieHellman.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        return "cdr:sign-in?browser=" + System.Buffers.Text.Base64Url.EncodeToString(browser.ExportSubjectPublicKeyInfo());
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(int, string)> StatusAsync(AgentProcess agent)
    {
        var (code, reply) = await agent.RunAsync("status");
        return (code, CodeOf(reply));
    }
}
