using System.Globalization;
using System.Xml.Linq;
using Cdr.Contracts.Usage;
using Cdr.Domain;
using Cdr.Portal.Figures;

namespace Cdr.Portal.Tests;

public sealed class FigureRulesTests
{
    [Fact]
    public void An_address_says_what_its_page_shows()
    {
        const string Address = "/usage?from=2026-01-01&to=2026-03-31&department=2A&establishment=590780193&unit=urgences&function=emergencies&regime=cnam&reason=emergency&scope=country&by=unit&measure=equipment&month=2026-02&campaign=01930000-0000-7000-8000-0000000000d1&phase=2&days=60";
        Assert.Equal(Address, FigureQuery.Read(Address).At("/usage"));
        Assert.Equal("/usage", FigureQuery.Read("/usage").At("/usage"));
        Assert.Empty(FigureQuery.Read(Address).Refused);
    }

    [Theory]
    // What a hospital's directory may have: codes of 64 characters, of many digits, and functions of its own.
    [InlineData("unit=1234567890")]
    [InlineData("unit=urgences-adultes-et-pediatriques-du-site-nord-batiment-b-niv-12a")]
    [InlineData("unit=12345678901234567890")]
    [InlineData("function=pharmacy")]
    [InlineData("regime=regime-of-a-name-that-is-longer-than-forty-characters")]
    public void A_code_of_the_directory_is_a_filter(string query)
    {
        var read = FigureQuery.Read("/usage?" + query);
        Assert.Equal("/usage?" + query, read.At("/usage"));
        Assert.Equal("/usage?" + query, read.Link("/usage"));
        Assert.Empty(read.Refused);
    }

    [Theory]
    [InlineData("unit=2840575112901", "unit")]
    [InlineData("unit=284057511290154", "unit")]
    [InlineData("unit=urg-2%2084%2005%2075%20112%20901%2054", "unit")]
    [InlineData("unit=2_84_05_2A_112_901", "unit")]
    [InlineData("unit=urgences-adultes-et-pediatriques-du-site-nord-batiment-b-niveau-12", "unit")]
    [InlineData("unit=a&unit=b", "unit")]
    [InlineData("regime=2840575112901&function=2840575112901", "function regime")]
    [InlineData("establishment=590780194", "establishment")]
    [InlineData("reason=Martin&from=28/05/1984", "from reason")]
    [InlineData("phase=-1&days=99999&month=2026-13&department=99&campaign=1&to=x", "to department month campaign phase days")]
    [InlineData("unit=&by=nir&scope=own&measure=usage", "")]
    public void A_filter_that_is_not_known_is_refused_by_its_name(string query, string names)
    {
        var read = FigureQuery.Read("/usage?" + query);
        Assert.Equal(names, string.Join(' ', read.Refused));
        Assert.Equal("/usage", read.At("/usage"));
    }

    [Fact]
    public void No_link_carries_what_its_page_would_refuse()
    {
        Assert.Null(new FigureQuery { Unit = "2840575112901" }.Link("/usage"));
        Assert.Null(new FigureQuery { Reason = "other", Department = "59" }.Link("/usage"));
        Assert.Equal("/usage?department=59&unit=1234567890", new FigureQuery { Department = "59", Unit = "1234567890" }.Link("/usage"));
    }

    [Theory]
    [InlineData("/usage?from=2026-10-20&to=2026-10-25", "2026-10-01", "2026-10-31")]
    [InlineData("/usage?from=2026-10-20&to=2026-11-05", "2026-10-01", "2026-11-20")]
    [InlineData("/usage?from=2026-10-20&to=2026-12-31", "2026-10-01", "2026-11-20")]
    [InlineData("/usage?from=2026-12-05&to=2026-12-06", "2026-12-01", "2026-12-31")]
    [InlineData("/usage", "2025-11-01", "2026-11-20")]
    public async Task Months_are_whole_and_end_today(string address, string from, string to)
    {
        var (usage, query, today) = (new AskedUsage(), FigureQuery.Read(address), new DateOnly(2026, 11, 20));
        await FigureCalls.MonthsAsync(usage, query, today, seesAll: true, TestContext.Current.CancellationToken);
        Assert.Equal((from, to), (usage.Filter!.From, usage.Filter.To));
        Assert.Equal((from, to), FigureCalls.WholeMonths(query, today) is var (first, last) ? (FigureQuery.Text(first), FigureQuery.Text(last)) : default);
    }

    [Theory]
    [InlineData("unit=2840575112901")]
    [InlineData("unit=2%2084%2005%2075%20112%20901%2054")]
    [InlineData("regime=2840575112901")]
    [InlineData("establishment=2840575112901")]
    [InlineData("reason=Martin")]
    [InlineData("from=28/05/1984")]
    [InlineData("by=nir&phase=-1&days=99999&month=2026-13&department=99")]
    [InlineData("unit=a&unit=b")]
    public void What_is_no_code_is_not_carried_on(string query) => Assert.Equal("/usage", FigureQuery.Read("/usage?" + query).At("/usage"));

    [Theory]
    [InlineData("/usage?from=2026-09-01&to=2026-11-20", true)]
    [InlineData("/usage?from=2025-10-01&to=2025-10-31", true)]
    [InlineData("/usage?from=2025-09-01&to=2025-09-30", false)]
    [InlineData("/usage", false)]
    public void Days_are_drawn_of_few_days_that_are_still_counted_by_day(string address, bool drawn) =>
        Assert.Equal(drawn, FigureCalls.HasDays(FigureQuery.Read(address), new DateOnly(2026, 11, 20)));

    [Theory]
    [InlineData("2026-11-20T08:00:00Z", "2026-11-19", "2026-11-20")]
    // The day of 25 hours, at half past eleven in the evening: the minute of 24 hours ago is of the same day.
    [InlineData("2026-10-25T22:30:00Z", "2026-10-25", "2026-10-25")]
    public async Task Minutes_are_asked_for_from_the_day_of_24_hours_ago(string now, string from, string to)
    {
        var usage = new AskedUsage();
        await FigureCalls.MinutesAsync(usage, new FigureQuery(), DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), seesAll: true, by: null, TestContext.Current.CancellationToken);
        Assert.Equal((from, to), (usage.Filter!.From, usage.Filter.To));
    }

    [Fact]
    public void A_number_below_nought_is_a_number_in_a_file_and_a_formula_is_not()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fr-FR");
        var csv = new FigureTable(["a", "b", "c", "d"], [new FigureRow([-100.5, -3L, "-urg", "=1+1"])]).Csv(null!);
        Assert.Equal("a;b;c;d\r\n-100,5;-3;'-urg;'=1+1\r\n", csv);
    }

    [Fact]
    public void The_map_has_each_departement_once_and_those_around_Paris_again()
    {
        Assert.Equal(Department.All.Select(one => one.Code).Order(StringComparer.Ordinal), FranceShapes.All.Where(shape => !shape.IsAgain).Select(shape => shape.Code).Order(StringComparer.Ordinal));
        Assert.Equal(["75", "92", "93", "94"], FranceShapes.All.Where(shape => shape.IsAgain).Select(shape => shape.Code));
        Assert.Equal(6, FranceShapes.Insets.Count);
    }

    [Fact]
    public void Shades_are_bounded_at_numbers_that_are_easily_said_and_are_the_same_for_all_months()
    {
        var series = new UsageSeries("month", default, default, [.. Enumerable.Range(1, 40).Select(n => new UsageLine($"{n:00}", [new("2026-01", new UsageCount(n * n * 7, null, null, false), null, null)]))]);
        var bounds = MapFigures.Bounds(series);
        Assert.Equal([550, 2000, 4500, 7500], bounds);
        Assert.Equal((1, 2, 5), (MapFigures.Shade(bounds, 549), MapFigures.Shade(bounds, 550), MapFigures.Shade(bounds, 9000)));
        Assert.Empty(MapFigures.Bounds(series with { Lines = [] }));
    }

    [Theory]
    [InlineData("fr-FR")]
    [InlineData("en-GB")]
    public void A_drawing_is_well_formed_in_every_language_and_leaves_a_gap_where_nothing_is_known(string language)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language);
        var drawing = Drawing.Curves("a < b & \"c\"", ["1", "2", "3", "4"], [new Curve("<x>", [1.5, null, 3.25, 2])], value => value.ToString("0.0", CultureInfo.CurrentCulture));
        var svg = XElement.Parse(drawing.Value);
        var curve = svg.Elements("path").Single();
        Assert.Equal(2, ((string)curve.Attribute("d")!).Count(c => c == 'M'));
        Assert.DoesNotContain(',', (string)curve.Attribute("d")!);
        Assert.Equal(3, svg.Elements("circle").Count());
        Assert.Equal("0 0 960 34", (string?)XElement.Parse(Drawing.Bars("b", [new Bar("x;<y>", null, "–")]).Value).Attribute("viewBox"));
    }

    [Fact]
    public void Nothing_counted_is_drawn_too()
    {
        var svg = XElement.Parse(Drawing.Curves("n", ["1"], [new Curve("x", [0])], value => value.ToString("0", CultureInfo.InvariantCulture)).Value);
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
    }

    private sealed class AskedUsage : IUsageApi
    {
        public UsageFilter? Filter { get; private set; }

        public Task<UsageSeries> SeriesAsync(UsageFilter filter, string? step, string? by, int? top, string? compare, string? latency, CancellationToken cancellationToken)
        {
            Filter = filter;
            return Task.FromResult(new UsageSeries(step!, default, default, []));
        }

        public Task<IReadOnlyList<DailyUsage>> DailyAsync(DateOnly? from, DateOnly? to, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UsageBreakdown> BreakdownAsync(UsageFilter filter, string by, int? top, string? compare, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UsageSummary> SummaryAsync(UsageFilter filter, string? compare, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UsageMonths> MonthsAsync(UsageFilter filter, string? compare, CancellationToken cancellationToken)
        {
            Filter = filter;
            return Task.FromResult(new UsageMonths([]));
        }

        public Task<UsageObjectives> ObjectivesAsync(string? department, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UsageRegimes> RegimesAsync(DateOnly? from, DateOnly? to, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
