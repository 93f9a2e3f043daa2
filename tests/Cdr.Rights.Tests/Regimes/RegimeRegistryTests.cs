using System.Text;
using Cdr.Rights.Regimes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Tests.Regimes;

public sealed class RegimeRegistryTests
{
    private static readonly string Shipped = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "regimes.json"));

    [Fact]
    public void The_shipped_registry_has_seventeen_regimes()
    {
        var rows = RegimeHarness.Shipped.Rows;

        Assert.Equal(17, rows.Count);
        Assert.Equal(["cnam", "msa"], rows.Where(row => row.Capabilities.WorkAccidents).Select(row => row.Id.Value));
        Assert.Equal(new DailyClosure(new(23, 30), new(4, 30)), Assert.Single(Recorded.Row("canssm").ClosedDaily));
        Assert.Equal(TimeSpan.FromHours(4), rows[0].Cache.Found);
    }

    [Theory]
    [InlineData("\"id\": \"msa\"", "\"id\": \"cnam\"", "cnam: the id is there 2 times.")]
    [InlineData("\"successor\": null", "\"successor\": \"rsi\"", "its successor rsi is not another regime")]
    [InlineData("\"protocol\": \"rest\"", "\"protocol\": \"grpc\"", "$.regimes[0].protocol")]
    [InlineData("\"dates\": \"dd/MM/yyyy\"", "\"dates\": \"MM/dd/yyyy\"", "$.regimes[1].dialect.dates")]
    [InlineData("\"unknown\": \"fault\"", "\"unknown\": \"empty\"", "ccas-ratp: dialect.unknown has no such value")]
    [InlineData("\"encoding\": \"utf-8\"", "\"encoding\": null", "cprpf: dialect.encoding is missing.")]
    [InlineData("\"from\": \"23:30\"", "\"from\": \"25:30\"", "closedDaily")]
    [InlineData("\"from\": \"23:30\"", "\"from\": \"04:30\"", "canssm: a daily closure starts when it ends.")]
    [InlineData("\"timeout\": \"00:00:03\"", "\"timeout\": \"00:00:00\"", "cnam: limits.timeout")]
    [InlineData("\"concurrency\": 256", "\"concurrency\": 0", "cnam: limits.concurrency")]
    [InlineData("\"found\": \"04:00:00\"", "\"found\": \"2.00:00:00\"", "the same day only")]
    [InlineData("\"address\": \"regimes/cnam/\"", "\"address\": \"regimes/cnam\"", "cnam: the address must end with a slash")]
    [InlineData("\"closedDaily\"", "\"closedDayly\"", "closedDayly")]
    [InlineData("\"01\"", "\"1\"", "cnam: codes must be of two digits")]
    [InlineData("\"concurrency\": 256", "\"concurrency\": 256, \"perSecond\": 0", "cnam: limits.perSecond")]
    [InlineData("\"closedDaily\": []", "\"downtime\": [{\"from\":\"2026-12-01T02:00:00Z\",\"to\":\"2026-12-01T01:00:00Z\"}], \"closedDaily\": []", "cnam: downtime: an interruption ends before it starts.")]
    [InlineData("\"555555\": 1000", "\"555555\": 0", "msa: likelihood: a factor must be above zero.")]
    [InlineData("\"12\": 2", "\"99\": 2", "msa: likelihood.departments: 99 is not")]
    [InlineData("\"to\": 49", "\"to\": -1", "likelihood.ages: an age ends before it starts.")]
    public void A_fault_is_named_with_its_place(string good, string bad, string expected)
    {
        var at = Shipped.IndexOf(good, StringComparison.Ordinal);
        Assert.True(at >= 0);
        var wrong = Shipped[..at] + bad + Shipped[(at + good.Length)..];

        var fault = Assert.Throws<InvalidDataException>(() => RegimeRegistry.Read(Encoding.UTF8.GetBytes(wrong), "regimes.json"));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_that_is_not_there_is_named() =>
        Assert.Contains("nowhere.json", Assert.Throws<InvalidDataException>(() => RegimeRegistry.Load("nowhere.json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("regimes/")]
    [InlineData("ftp://regimes.test/")]
    [InlineData("http://regimes.test/all")]
    public async Task The_service_does_not_start_without_a_usable_address(string? address)
    {
        using var host = new HostBuilder()
            .ConfigureAppConfiguration(one => one.AddInMemoryCollection(new Dictionary<string, string?> { ["Regimes:BaseAddress"] = address }))
            .ConfigureServices(services => services.AddRegimes())
            .Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }
}
