namespace Cdr.Deployment.Tests.Observability;

/// <summary>The alerts ring when they should, read what is measured, and each says what to do.</summary>
public sealed class RuleTests
{
    private static readonly MetricBook Book = MetricBook.Read(Files.Read("docs", "metrics.md"));

    public static TheoryData<string> Suites => [.. RuleFiles.Tests.Select(path => Path.GetFileName(path))];

    [Fact]
    public async Task Every_rule_is_well_written()
    {
        Assert.True(RuleFiles.All.Count >= 40);
        var (code, output) = await Tool.RunAsync("promtool", ["check", "rules", .. RuleFiles.Paths]);
        Assert.True(code == 0, output);
    }

    /// <summary>An outage pages within two minutes, one percent of errors within the hour, a healthy day nobody.</summary>
    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Alerts_ring_when_they_should(string suite)
    {
        var (code, output) = await Tool.RunAsync("promtool", "test", "rules", Files.At("deploy", "prometheus", "tests", suite));
        Assert.True(code == 0, output);
    }

    [Fact]
    public void Every_alert_was_seen_to_ring()
    {
        var tests = string.Concat(RuleFiles.Tests.Where(path => !path.EndsWith("healthy.test.yml", StringComparison.Ordinal)).Select(File.ReadAllText));
        Assert.All(RuleFiles.Alerts, rule => Assert.Contains(rule.Alert!, tests, StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_read_what_is_measured() => Assert.Empty(RuleFiles.All.SelectMany(rule => Book.Faults(rule.Expr, RuleFiles.Recorded)));

    [Fact]
    public void Every_alert_says_how_urgent_it_is_and_what_it_means() => Assert.Empty(RuleFiles.Alerts
        .Where(rule => rule.Labels.GetValueOrDefault("severity") is not ("page" or "ticket") || rule.Annotations.Keys.Order().ToArray() is not ["description", "runbook", "summary"])
        .Select(rule => rule.Alert));

    [Fact]
    public void Every_alert_has_its_runbook_and_every_runbook_its_alerts()
    {
        var named = RuleFiles.Alerts.ToLookup(rule => rule.Annotations["runbook"], rule => rule.Alert!);
        var there = Files.In("docs/runbooks", "*.md").Select(path => "docs/runbooks/" + Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(there.Order(), named.Select(group => group.Key).Order());
        // A runbook names the alerts that lead to it, and answers the same three questions.
        foreach (var group in named)
        {
            var text = Files.Read(group.Key);
            Assert.All(group.Select(alert => $"`{alert}`").Concat(["## What it means", "## What to look at", "## What to do"]), part => Assert.Contains(part, text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("sum by (le) (rate(cdr_rights_consultation_duration_seconds_bucket{cdr_consultation_outcome=\"Found\"}[5m]))")]
    [InlineData("cdr:errors:ratio_rate5m > 2e-3 and max_over_time(up[5m]) == 1")]
    public void A_query_of_what_is_measured_is_well(string expression) => Assert.Empty(Book.Faults(expression, RuleFiles.Recorded));

    [Theory]
    [InlineData("rate(cdr_rights_consultation_duration_count[5m])")]
    [InlineData("cdr_rights_consultation_refused")]
    [InlineData("sum by (establishment) (cdr_rights_consultation_refused_total)")]
    [InlineData("cdr_rights_consultation_refused_total{end=\"Failed\"}")]
    [InlineData("cdr:errors:ratio_rate7m > 1")]
    [InlineData("vector(1)")]
    public void A_query_of_what_is_not_measured_is_seen(string expression) => Assert.NotEmpty(Book.Faults(expression, RuleFiles.Recorded));

    [Fact]
    public void What_a_query_reads_is_found_in_it() => Assert.Equal(
        ["cdr:errors:ratio_rate5m", "probe_success", "rabbitmq_queue_messages_ready{queue!~\".*_error|x\"}", "up{job=\"a\"}"],
        PromQl.Selectors("max by (job) (min_over_time(up{job=\"a\"}[1m])) == 1 and on (queue) cdr:errors:ratio_rate5m > 8 * 2e-3 or (rate(rabbitmq_queue_messages_ready{queue!~\".*_error|x\"}[10m]) / probe_success) - time() < 5").Order(StringComparer.Ordinal));
}
