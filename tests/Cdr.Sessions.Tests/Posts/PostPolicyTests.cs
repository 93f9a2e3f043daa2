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
        new(TestAgent.PostOf(post), "Accueil 2", "1.0", system, "10", false, cryptolib, false, cardFamily, [new PostReader("Reader", false)], galss, "firefox", "128.0", vitaleApi);

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
    [InlineData("""[{"code":"x","title":"x","next":"x","galss":true,"warnFrom":"2026-02-01","refuseFrom":"2026-01-01"}]""")]
    public void A_rule_about_everybody_or_without_notice_is_no_rule(string policy) => Assert.Throws<InvalidDataException>(() => new PostPolicy(Encoding.UTF8.GetBytes(policy)));

    private static string Outcome(PostReport report, string pki, string day)
    {
        var findings = Policy.Judge(report, pki, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
        return findings is [] ? "accepted" : findings[0].Refuses ? "refused" : "warned";
    }
}
