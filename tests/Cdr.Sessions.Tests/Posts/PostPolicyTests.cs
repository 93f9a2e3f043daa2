using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Posts;
using Cdr.Sessions.Tests.Hosts;

namespace Cdr.Sessions.Tests.Posts;

public sealed class PostPolicyTests
{
    private const string New = "igc-sante";
    private const string Old = "igc-cps2ter";
    private static readonly PostPolicy Policy = new(PostPolicy.Embedded());

    internal static PostReport Report(string? cryptolib, string system = "windows", bool galss = false, string? cardFamily = "cps3", string? vitaleApi = null, string post = "post-1") =>
        new(TestAgent.PostOf(post), "Accueil 2", "1.0", system, system switch { "windows" => "10.0.26100.0", "macos" => "15.5", _ => "Debian GNU/Linux 12 (bookworm)" }, false, cryptolib, false, cardFamily, [new PostReader("Reader", false)], galss, "firefox", "128.0", vitaleApi);

    /// <summary>Announced on 26 January with five months' notice; from 1 July a new card needs Cryptolib 5, an old one on the same post goes on with a warning.</summary>
    [Theory]
    [InlineData("2018-01-25", New, "accepted")]
    [InlineData("2018-01-26", New, "warned")]
    [InlineData("2018-06-30", New, "warned")]
    [InlineData("2018-07-01", New, "refused")]
    [InlineData("2018-01-25", Old, "accepted")]
    [InlineData("2018-06-30", Old, "warned")]
    [InlineData("2018-07-01", Old, "warned")]
    [InlineData("2021-06-01", Old, "warned")]
    public void The_situation_of_2018(string day, string pki, string outcome)
    {
        var post = Report("4.1.22");
        Assert.Equal(outcome, Outcome(post, pki, day));
        Assert.Equal(pki == New ? new DateOnly(2018, 7, 1) : null, Policy.RefusedFrom(post, pki));
        Assert.Equal("accepted", Outcome(Report("5.0.42"), pki, day));
    }

    [Theory]
    [InlineData("5.0.41", "windows", "warned")]
    [InlineData("5.0.41", "macos", "accepted")]
    [InlineData("5.0.37", "macos", "warned")]
    [InlineData("5.0.0", "linux", "accepted")]
    [InlineData(null, "windows", "accepted")]
    [InlineData("5.0.42-1", "windows", "accepted")]
    [InlineData("unknown", "windows", "accepted")]
    public void Below_what_is_recommended_is_a_warning(string? cryptolib, string system, string outcome) => Assert.Equal(outcome, Outcome(Report(cryptolib, system), New, "2026-01-05"));

    [Fact]
    public void Galss_an_old_vitale_api_and_a_cryptolib_before_cps4_are_told_and_refuse_nobody()
    {
        var codes = Policy.Judge(Report("5.1", galss: true, cardFamily: "cps4", vitaleApi: "5.01"), New, new DateOnly(2026, 1, 5)).Select(finding => (finding.Rule.Code, finding.Refuses));
        Assert.Equal([("cryptolib-below-cps4", false), ("galss", false), ("vitale-api-too-old", false)], codes);
    }

    /// <summary>The same dates; what the clerk is told to ask for is another machine's.</summary>
    [Theory]
    [InlineData("4.1", New, "2018-06-30", "cryptolib-of-server-too-old,cryptolib-of-server-below-recommended", "warned")]
    [InlineData("4.1", New, "2018-07-01", "cryptolib-of-server-too-old,cryptolib-of-server-below-recommended", "refused")]
    [InlineData("4.1", Old, "2018-07-01", "cryptolib-of-server-too-old-for-new-cards,cryptolib-of-server-below-recommended", "warned")]
    [InlineData("5.0.41", New, "2026-01-05", "cryptolib-of-server-below-recommended", "warned")]
    [InlineData("5.0.42", New, "2026-01-05", "", "accepted")]
    [InlineData(null, New, "2026-01-05", "cryptolib-of-server-untold", "warned")]
    public void Of_a_Cryptolib_that_runs_from_a_server_the_servers_is_judged(string? cryptolib, string pki, string day, string codes, string outcome)
    {
        var post = Report(cryptolib) with { CryptolibOnServer = true };
        Assert.Equal(outcome, Outcome(post, pki, day));
        var findings = Policy.Judge(post, pki, Day(day));
        Assert.Equal(codes, string.Join(',', findings.Select(finding => finding.Rule.Code)));
        Assert.All(findings, finding => Assert.Contains("serveur", finding.Rule.Title + finding.Rule.Next, StringComparison.Ordinal));
        // On the post itself the same versions are of the post, and none at all is no fault.
        Assert.DoesNotContain(Policy.Judge(post with { CryptolibOnServer = false }, pki, Day(day)), finding => finding.Rule.Code.Contains("server", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("windows", "6.3.9600.0", true)]
    [InlineData("windows", "10.0.14393.0", false)]
    [InlineData("windows", "10.0.26100.0", false)]
    [InlineData("macos", "13.7.1", true)]
    [InlineData("macos", "14.0", false)]
    [InlineData("macos", "26.1", false)]
    // No number of one system says anything of another.
    [InlineData("linux", "Debian GNU/Linux 9 (stretch)", false)]
    public void A_system_that_the_agent_is_not_made_for_is_a_warning(string system, string version, bool warned) =>
        Assert.Equal(warned ? "system-too-old" : "", Codes(Report("5.2", system) with { SystemVersion = version }));

    [Theory]
    [InlineData("firefox", "120.0.1", true)]
    [InlineData("firefox", "121.0", false)]
    [InlineData("chrome", "104.0.5112.79", true)]
    [InlineData("chrome", "105.0.5195.52", false)]
    [InlineData("edge", "104.0.1293.47", true)]
    [InlineData("edge", "105.0.1343.25", false)]
    [InlineData("chromium", "104.0.5112.101", true)]
    // Each counts in its own way; what is not told, or not known, is not held against the post.
    [InlineData("chrome", "118.0.5993.70", false)]
    [InlineData("konqueror", "23.8", false)]
    [InlineData("firefox", null, false)]
    [InlineData(null, null, false)]
    public void A_browser_that_would_print_a_hidden_page_is_a_warning(string? browser, string? version, bool warned) =>
        Assert.Equal(warned ? "browser-too-old" : "", Codes(Report("5.2") with { Browser = browser, BrowserVersion = version }));

    /// <summary>What an operator may write who has more to ask than the policy that is shipped.</summary>
    [Theory]
    [InlineData("""{"agentBelow":"1.4"}""", "1.3.9", "linux", "Ubuntu 24.04.1 LTS", true)]
    [InlineData("""{"agentBelow":"1.4"}""", "1.4.0", "linux", "Ubuntu 24.04.1 LTS", false)]
    [InlineData("""{"agentBelow":"1.4"}""", "tiroir", "linux", "Ubuntu 24.04.1 LTS", false)]
    [InlineData("""{"agentBelow":"1.4","systems":["windows","macos"]}""", "1.3.9", "linux", "Ubuntu 24.04.1 LTS", false)]
    [InlineData("""{"systems":["linux"],"systemName":"Ubuntu","systemBelow":"24.04"}""", "1.4", "linux", "Ubuntu 22.04.5 LTS", true)]
    [InlineData("""{"systems":["linux"],"systemName":"Ubuntu","systemBelow":"24.04"}""", "1.4", "linux", "Ubuntu 24.04.1 LTS", false)]
    [InlineData("""{"systems":["linux"],"systemName":"Ubuntu","systemBelow":"24.04"}""", "1.4", "linux", "Debian GNU/Linux 12 (bookworm)", false)]
    [InlineData("""{"systems":["linux"],"systemName":"Debian","systemBelow":"12"}""", "1.4", "linux", "Debian GNU/Linux 11 (bullseye)", true)]
    [InlineData("""{"systems":["linux"],"systemName":"Debian","systemBelow":"12"}""", "1.4", "linux", "Debian GNU/Linux 12 (bookworm)", false)]
    [InlineData("""{"systems":["windows"],"systemBelow":"10.0.22000"}""", "1.4", "windows", "10.0.19045.0", true)]
    [InlineData("""{"systems":["windows"],"systemBelow":"10.0.22000"}""", "1.4", "windows", "10.0.22631.0", false)]
    public void The_agents_and_the_systems_versions_are_an_operators_to_ask_for(string conditions, string agent, string system, string version, bool about)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        var policy = Parse($$"""[{"code":"x","title":"x","next":"x","refuseFrom":"2026-01-01",{{conditions[1..]}}]""");
        var report = Report("5.2", system) with { AgentVersion = agent, SystemVersion = version };
        Assert.Equal(about ? true : (bool?)null, policy.Judge(report, New, Day("2026-01-01")).SingleOrDefault()?.Refuses);
        Assert.Equal(about ? false : (bool?)null, policy.Judge(report, New, Day("2025-12-31")).SingleOrDefault()?.Refuses);
        Assert.Equal(about ? Day("2026-01-01") : (DateOnly?)null, policy.RefusedFrom(report, New));
    }

    [Theory]
    [InlineData("""{"readers":["consulteur","Old Maker"]}""", "Lecteur CONSULTEUR 2", true)]
    [InlineData("""{"readers":["consulteur","Old Maker"]}""", "PC/SC 1;old maker x", true)]
    [InlineData("""{"readers":["consulteur"]}""", "PC/SC 1", false)]
    [InlineData("""{"readers":["consulteur"]}""", "", false)]
    [InlineData("""{"readersOtherThan":["Certified A","Certified B"]}""", "PC/SC 1;Another", true)]
    // The other reader is the carte Vitale's.
    [InlineData("""{"readersOtherThan":["Certified A","Certified B"]}""", "Another;certified b 04.00", false)]
    // Whether one is missing is another rule's.
    [InlineData("""{"readersOtherThan":["Certified A"]}""", "", false)]
    [InlineData("""{"noReader":true}""", "", true)]
    [InlineData("""{"noReader":true}""", "PC/SC 1", false)]
    public void A_reader_that_is_not_compatible_not_certified_or_not_there_is_told_from_its_day(string conditions, string readers, bool about)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(readers);
        var policy = Parse($$"""[{"code":"x","title":"x","next":"x","warnFrom":"2026-02-01","refuseFrom":"2026-03-01",{{conditions[1..]}}]""");
        var report = Report("5.2") with { Readers = [.. readers.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(name => new PostReader(name, false))] };
        bool? On(string day) => policy.Judge(report, New, Day(day)).SingleOrDefault()?.Refuses;
        Assert.Equal(about ? (null, false, false, true) : ((bool?)null, (bool?)null, (bool?)null, (bool?)null), (On("2026-01-31"), On("2026-02-01"), On("2026-02-28"), On("2026-03-01")));
    }

    [Theory]
    [InlineData("Lecteur Consulteur", "reader-consulteur")]
    [InlineData("Lecteur bi-mode", "")]
    // The drawer, and a card behind PKCS#11 alone.
    [InlineData(null, "")]
    public void A_consulteur_is_a_warning_as_shipped(string? reader, string codes) =>
        Assert.Equal(codes, Codes(Report("5.2") with { Readers = reader is null ? [] : [new PostReader("Other", false), new PostReader(reader, false)] }));

    /// <summary>Each is shown to a clerk as it stands, and those that share a code are shown to a referent in the words of one.</summary>
    [Fact]
    public void Every_rule_says_what_is_wrong_and_whom_to_ask_and_one_code_is_one_thing()
    {
        Assert.All(Policy.Rules, rule => Assert.Matches("^Demandez à votre référent .+\\.$", rule.Next));
        Assert.All(Policy.Rules, rule => Assert.Matches("^[A-ZÉ].+\\.$", rule.Title));
        Assert.All(Policy.Rules.GroupBy(rule => rule.Code), same => Assert.Single(same.Select(rule => (rule.Title, rule.Next)).Distinct()));
    }

    [Theory]
    [InlineData("5.0.42", "5", false)]
    [InlineData("4.9.9", "5", true)]
    [InlineData("5", "5.0.0", false)]
    [InlineData("5.0.9", "5.0.42", true)]
    [InlineData("5.10", "5.2", false)]
    [InlineData("5.01", "5.02", true)]
    [InlineData("", "5", false)]
    public void Versions_are_compared_number_by_number(string version, string minimum, bool below) => Assert.Equal(below, PostRule.IsBelow(version, minimum));

    [Theory]
    [InlineData("""[{"code":"x","title":"x","next":"x"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","systems":["windows"]}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","galss":true,"warnFrom":"2026-02-01","refuseFrom":"2026-01-01"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","browserBelow":"105"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","browser":"firefox","galss":true}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","systemBelow":"10"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","systems":["windows","macos"],"systemBelow":"10"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","systems":["linux"],"systemBelow":"12"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","systems":["linux"],"systemName":"Debian","galss":true}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","cryptolibUntold":true}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","agentBelow":"latest"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","systems":["Windows"],"cryptolibBelow":"5"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","cardFamily":"CPS4","cryptolibBelow":"5.2"}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","readers":[]}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","readersOtherThan":[" "]}]""")]
    [InlineData("""[{"code":"x","title":"x","next":"x","readers":["consulteur"],"noReader":true}]""")]
    [InlineData("""[{"code":"x","title":"x","galss":true}]""")]
    [InlineData("""[{"title":"x","next":"x","galss":true}]""")]
    public void A_rule_about_everybody_or_nobody_or_without_notice_is_no_rule(string policy) => Assert.Throws<InvalidDataException>(() => Parse(policy));

    /// <summary>Otherwise it would be about more posts than it says.</summary>
    [Fact]
    public void A_condition_that_is_not_known_is_not_passed_over() =>
        Assert.Throws<System.Text.Json.JsonException>(() => Parse("""[{"code":"x","title":"x","next":"x","cryptolibBelow":"5","sytems":["windows"],"refuseFrom":"2026-01-01"}]"""));

    private static PostPolicy Parse(string policy) => new(Encoding.UTF8.GetBytes(policy));

    private static string Codes(PostReport report) => string.Join(',', Policy.Judge(report, New, Day("2026-01-05")).Select(finding => finding.Rule.Code));

    private static DateOnly Day(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);

    private static string Outcome(PostReport report, string pki, string day)
    {
        var findings = Policy.Judge(report, pki, Day(day));
        return findings is [] ? "accepted" : findings[0].Refuses ? "refused" : "warned";
    }
}
