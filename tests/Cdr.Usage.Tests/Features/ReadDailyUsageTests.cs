using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Features;

public sealed class ReadDailyUsageTests(SharedHost shared) : HostTests(shared), IClassFixture<SharedHost>
{
    private const string Paris = "750100018";
    private const string Lyon = "690000005";
    private const string Alone = "2A0000014";

    [Theory]
    [InlineData(CdrRoles.Clerk, Paris, "ghu-paris", Paris)]
    [InlineData(CdrRoles.Referent, Lyon, "hcl", Lyon)]
    [InlineData(CdrRoles.FunctionalCorrespondent, Alone, null, Alone)]
    [InlineData(CdrRoles.GroupManager, null, "ghu-paris", Paris)]
    [InlineData(CdrRoles.GroupManager, Paris, "hcl", Lyon)]
    [InlineData(CdrRoles.Operations, null, null, $"{Alone} {Lyon} {Paris}")]
    [InlineData(CdrRoles.DataProtection, null, null, $"{Alone} {Lyon} {Paris}")]
    [InlineData(CdrRoles.Administrator, Paris, "ghu-paris", $"{Alone} {Lyon} {Paris}")]
    public async Task Each_role_sees_its_own_establishments_only(string role, string? finess, string? group, string seen)
    {
        await CountAsync(
            Facts.One(establishment: Paris), Facts.One(establishment: Lyon, group: "hcl", department: "69"), Facts.One(establishment: Alone, group: "", department: "2A"));

        var rows = await Api(Token(role, finess, group)).DailyAsync(null, null, Cancel);

        Assert.Equal(seen.Split(' '), rows.Select(row => row.Establishment).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(CdrRoles.Clerk, null, "ghu-paris")]
    [InlineData(CdrRoles.Referent, "", null)]
    [InlineData(CdrRoles.GroupManager, Paris, null)]
    // An empty group is that of every establishment that has none.
    [InlineData(CdrRoles.GroupManager, Paris, "")]
    public async Task A_token_that_does_not_say_whose_counts_they_are_sees_none(string role, string? finess, string? group)
    {
        await CountAsync(Facts.One(establishment: Alone, group: ""));

        var response = await Host.ClientOf(Token(role, finess, group)).GetAsync("/api/usage/daily", Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("scope-missing", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_row_says_all_that_was_counted()
    {
        await CountAsync(
            Facts.One(outcome: ConsultationOutcome.NotFound, source: Freshness.Stale, regime: ""),
            Facts.One(outcome: ConsultationOutcome.NotFound, source: Freshness.Stale, regime: ""));

        var row = Assert.Single(await Api(Token(CdrRoles.Clerk, Paris)).DailyAsync(null, null, Cancel));

        Assert.Equal(
            new DailyUsage(new DateOnly(2026, 11, 10), "75", "ghu-paris", Paris, "urg-1", "emergencies", "", "emergency", ConsultationOutcome.NotFound, Freshness.Stale, 2),
            row);
    }

    [Fact]
    public async Task The_default_is_thirty_days_up_to_today_in_paris()
    {
        var today = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        await CountAsync([.. Enumerable.Range(0, 40).Select(days => Facts.One(at: today.AddDays(2 - days)))]);

        var rows = await Api(Token(CdrRoles.Operations)).DailyAsync(null, null, Cancel);

        Assert.Equal((30, new DateOnly(2026, 10, 22), new DateOnly(2026, 11, 20)), (rows.Count, rows[0].Day, rows[^1].Day));
    }

    [Fact]
    public async Task Both_ends_are_included_as_the_contracts_client_writes_them()
    {
        // The first nine days of a month read alike in both orders: the client must not write the month first.
        await CountAsync([.. Enumerable.Range(0, 40).Select(days => Facts.One(at: Facts.Noon.AddDays(-days)))]);

        var rows = await Api(Token(CdrRoles.Operations)).DailyAsync(new DateOnly(2026, 11, 3), new DateOnly(2026, 11, 5), Cancel);

        Assert.Equal([3, 4, 5], rows.Select(row => row.Day.Day));
    }

    [Theory]
    [InlineData("?from=2026-02-30", "from", "date-unreadable")]
    [InlineData("?from=11/03/2026", "from", "date-unreadable")]
    [InlineData("?to=demain", "to", "date-unreadable")]
    [InlineData("?from=2026-11-10&to=2026-11-09", "from", "period-reversed")]
    [InlineData("?from=2025-10-16&to=2026-11-20", "from", "period-too-long")]
    [InlineData("?to=0001-01-01", "from", "period-too-old")]
    public async Task A_bad_period_is_refused_by_the_name_of_its_field(string query, string field, string code)
    {
        var response = await Host.ClientOf(Token(CdrRoles.Operations)).GetAsync("/api/usage/daily" + query, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((field, code), (problem.GetProperty("field").GetString(), problem.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("?from=2025-10-17&to=2026-11-20")]
    [InlineData("?from=9999-12-31&to=9999-12-31")]
    public async Task Four_hundred_days_and_the_end_of_time_are_answered(string query)
    {
        var response = await Host.ClientOf(Token(CdrRoles.Operations)).GetAsync("/api/usage/daily" + query, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
