using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Cdr.EdgeAgent.Commands;
using Cdr.Testing.Platforms;

namespace Cdr.EdgeAgent.Tests.Publish;

/// <summary>What an establishment copies onto its posts: those of Windows and macOS are run nowhere here, but the words they call the agent with are the agent's own.</summary>
public sealed partial class InstallFilesTests
{
    private const string Link = "cdr:sign-in?browser=AbC";

    [Fact]
    public void Systemd_starts_an_agent_that_stays() => Stays(Words(Line("cdr-agent.service", "ExecStart=")));

    [Fact]
    public void A_linux_desktop_hands_it_the_link() => Follows(Words(Line("cdr-agent.desktop", "Exec=")), "%u");

    [Fact]
    public void Launchd_starts_an_agent_that_stays()
    {
        using var reader = XmlReader.Create(new StringReader(File.ReadAllText(Installed("fr.cdr.agent.plist"))), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        var list = XDocument.Load(reader).Root!.Element("dict")!;
        string Key(XElement key) => ((XElement)key.NextNode!).Name.LocalName;
        Stays([.. list.Elements("key").Single(key => key.Value == "ProgramArguments").ElementsAfterSelf().First().Elements("string").Select(word => word.Value)]);
        Assert.Equal("true", list.Elements("key").Where(key => key.Value == "RunAtLoad").Select(Key).Single());
    }

    [Fact]
    public void Windows_starts_an_agent_that_stays_and_hands_it_the_link()
    {
        // Two keys have an unnamed value: the class's own, then the command's.
        var values = Values().Matches(File.ReadAllText(Installed("cdr-agent.reg"))).GroupBy(match => match.Groups["name"].Value).ToDictionary(one => one.Key, one => Unescaped(one.Last().Groups["value"].Value), StringComparer.Ordinal);
        // The console's host comes before the agent's own words.
        Stays(Words(values["\"cdr-agent\""][values["\"cdr-agent\""].IndexOf("\"C:", StringComparison.Ordinal)..]));
        Follows(Words(values["@"]), "%1");
    }

    [Fact]
    public void Macos_hands_it_the_link_as_an_argument_and_never_as_a_script()
    {
        var script = File.ReadAllText(Installed("cdr-link.applescript"));
        Assert.Contains("open location", script, StringComparison.Ordinal);
        Assert.Contains("cdr-agent open \" & quoted form of", script, StringComparison.Ordinal);
    }

    private static void Stays(string[] words)
    {
        Assert.Equal("watch", CommandLine.Read(words[1..], out _)!.Verb);
        Assert.Contains("cdr-agent", words[0], StringComparison.Ordinal);
    }

    private static void Follows(string[] words, string place)
    {
        var line = CommandLine.Read([.. words[1..].Select(word => word == place ? Link : word)], out _)!;
        Assert.Equal(("open", Link), (line.Verb, line.Link));
        Assert.Contains("cdr-agent", words[0], StringComparison.Ordinal);
    }

    private static string[] Words(string line) => [.. Quoted().Matches(line).Select(match => match.Value.Trim('"'))];

    private static string Line(string file, string begins) => Assert.Single(File.ReadAllLines(Installed(file)), line => line.StartsWith(begins, StringComparison.Ordinal))[begins.Length..];

    private static string Unescaped(string value) => value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);

    private static string Installed(string file) => Path.Combine(Repository.Root, "services", "edge-agent", "install", file);

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^(?<name>@|"cdr-agent")="(?<value>(?:[^"\\]|\\.)*)"\r?$""", RegexOptions.Multiline)]
    private static partial Regex Values();
}
