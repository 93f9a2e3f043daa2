namespace Cdr.Deployment.Tests.Observability;

/// <summary>
/// On a platform that runs and was used for some minutes, every query has data. deploy/verify brings one up and names its Prometheus; nobody
/// else runs these.
/// </summary>
public sealed class RunningPlatformTests
{
    private const string Variable = "CDR_PROMETHEUS";
    private static readonly MetricBook Book = MetricBook.Read(Files.Read("docs", "metrics.md"));

    /// <summary>What has no data on a machine of containers on which all is well: by its beginning, and why.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["kubelet_volume_stats_"] = "in a cluster only",
        ["probe_ssl_earliest_cert_expiry"] = "where the door has TLS",
        ["cdr_certificate_left_seconds"] = "where a process shows a certificate",
        ["cdr_sessions_revocation_list_failures_total"] = "once a list was not fetched",
        ["cdr_rights_cache_forgotten_total"] = "once a regime forgot what was kept",
        ["cdr_rights_journal_purged_total"] = "once records are past their time",
        ["cdr_support_erased_total"] = "once tickets are past their time",
        ["cdr_support_mail_"] = "where mail is sent and answers are read",
        ["cdr_support_webhook_deliveries_total"] = "once a program was told",
        ["rabbitmq_queue_messages_ready{queue=~\".*_error\"}"] = "once a consumer failed on a message each time it tried",
    };

    [Fact]
    public async Task Every_query_of_a_dashboard_has_data()
    {
        var prometheus = Running();
        List<string> silent = [];
        foreach (var query in DashboardTests.Queries())
        {
            if (!await prometheus.HasDataAsync(query) && !await IsElsewhereAsync(prometheus, PromQl.Selectors(query)))
                silent.Add(query);
        }

        Assert.Empty(silent);
    }

    /// <summary>A recorded one is data itself; an alert is silent where all is well, but what it reads is not.</summary>
    [Fact]
    public async Task Every_rule_has_data()
    {
        var prometheus = Running();
        List<string> silent = [];
        foreach (var name in RuleFiles.Recorded.Keys)
        {
            if (!await prometheus.HasDataAsync(name))
                silent.Add(name);
        }

        foreach (var selector in RuleFiles.Alerts.SelectMany(rule => PromQl.Selectors(rule.Expr)).Distinct())
        {
            if (!await prometheus.HasDataAsync(selector) && !await IsElsewhereAsync(prometheus, [selector]))
                silent.Add(selector);
        }

        Assert.Empty(silent);
    }

    [Fact]
    public async Task Every_rule_was_evaluated() => Assert.Empty(await Running().RulesInTroubleAsync(RuleFiles.All.Count));

    /// <summary>The platform's own are those of docs/metrics.md with their labels, and all of them; a name says its kind and its unit.</summary>
    [Fact]
    public async Task Every_metric_has_the_name_and_the_labels_that_it_should()
    {
        var prometheus = Running();
        var names = await prometheus.NamesAsync("{job=~\"cdr-.+\"}");
        var own = names.Where(name => name.StartsWith("cdr_", StringComparison.Ordinal)).ToList();
        Assert.Empty(own.Except(Book.Own.Keys));
        var missing = Book.Own.Keys.Except(own).ToList();
        missing.RemoveAll(name => Elsewhere.Keys.Any(begin => name.StartsWith(begin, StringComparison.Ordinal)));
        Assert.Empty(missing);
        foreach (var name in own)
            Assert.Empty((await prometheus.LabelsAsync(name)).Except(Book.Own[name]).Except(["__name__", "job", "instance", "le"]).Select(label => $"{label} of {name}"));

        // By OpenTelemetry's rules for Prometheus; what is recorded here has colons, and what is of Prometheus itself other rules.
        Assert.All(names.Where(name => !RuleFiles.Recorded.ContainsKey(name) && name is not ("up" or "ALERTS" or "ALERTS_FOR_STATE")), name => Assert.Matches("^[a-z][a-z0-9]*(_[a-z0-9]+)+$", name));
        foreach (var (name, kind) in await prometheus.KindsAsync())
        {
            if (names.Contains(name))
                Assert.Equal(kind == "counter", name.EndsWith("_total", StringComparison.Ordinal));
        }
    }

    /// <summary>That it has no data is right where what it reads is named above, and has none indeed.</summary>
    private static async Task<bool> IsElsewhereAsync(PrometheusServer prometheus, IEnumerable<string> selectors)
    {
        foreach (var selector in selectors)
        {
            if (Elsewhere.FirstOrDefault(one => selector.StartsWith(one.Key, StringComparison.Ordinal)) is not { Value: { } why } || await prometheus.HasDataAsync(selector))
                continue;
            Console.WriteLine($"No data here, {why}: {selector}");
            return true;
        }

        return false;
    }

    private static PrometheusServer Running()
    {
        var address = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(address is { Length: > 0 }, $"deploy/verify runs this on the platform that it brings up; {Variable} names its Prometheus.");
        return new PrometheusServer(new Uri(address!));
    }
}
