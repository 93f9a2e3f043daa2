using System.Net;
using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Usage.Queries;
using Cdr.Usage.Tests.Doubles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Tests.Features;

public sealed class ExportUsageTests : UsageQuestions
{
    [Fact]
    public async Task A_row_is_a_line_with_all_that_was_counted_and_none_that_a_spreadsheet_would_calculate()
    {
        await CountAsync(Facts.One(At(2026, 11, 10), unit: "=SUM(A1)", milliseconds: 80), Facts.One(At(2026, 11, 10), unit: "=SUM(A1)", milliseconds: 7000), Facts.One(At(2026, 11, 8), unit: "a;b\"c"));

        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).GetAsync("/api/usage/export.csv?from=2026-11-01&to=2026-11-30", Cancel);

        Assert.Equal(("text/csv", "consultations-2026-11-01-2026-11-30.csv"), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.FileName));
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = System.Text.Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("periode;departement;groupe;etablissement;unite;fonction;regime;motif;issue;source;consultations;en_jour_ouvre;millisecondes;ms_5;", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("2026-11-08;75;ghu-paris;750100018;\"a;b\"\"c\";emergencies;cnam;emergency;found;live;1;0;140;", lines[1], StringComparison.Ordinal);
        Assert.Equal("2026-11-10;75;ghu-paris;750100018;'=SUM(A1);emergencies;cnam;emergency;found;live;2;2;7080;0;0;0;0;0;0;1;0;0;0;0;0;0;0;0;1", lines[2]);
    }

    [Theory]
    [InlineData("hour", "2026-11-10T08:00:00Z")]
    [InlineData("day", "2026-11-10")]
    [InlineData("month", "2026-11")]
    public async Task Each_step_is_exported_in_the_order_of_time(string step, string period)
    {
        await CountAsync(Facts.One(At(2026, 11, 12)), Facts.One(At(2026, 11, 10)), Facts.One(At(2026, 10, 2)));

        var rows = await AskAsync<UsageRow[]>($"export?step={step}&from=2026-09-25&to=2026-11-30");

        Assert.Equal(rows.Select(row => row.Period).Order(StringComparer.Ordinal), rows.Select(row => row.Period));
        Assert.Equal(3, rows.Sum(row => row.Consultations));
        Assert.Contains(rows, row => row.Period == period && row is { Department: "75", Outcome: "found", Source: "live", OnWorkingDays: > 0 } && row.Latency.Sum() == row.Consultations);
    }

    [Fact]
    public async Task A_group_that_has_its_exports_running_is_refused_another_and_no_other_group_is()
    {
        var turns = Host.Services.GetRequiredService<UsageTurns>();
        var most = Host.Services.GetRequiredService<IOptions<UsageOptions>>().Value.ExportsAtOnce;
        // Those that ended hold nothing.
        for (var n = 0; n <= most; n++)
            Assert.Equal(HttpStatusCode.OK, (await ExportAsync("ghu-paris")).StatusCode);
        for (var n = 0; n < most; n++)
            await turns.ExportAsync(new DefaultEndpointFilterInvocationContext(Running("ghu-paris")), _ => ValueTask.FromResult<object?>(null));

        using var refused = await ExportAsync("ghu-paris");

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(5)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.OK, (await ExportAsync("hcl")).StatusCode);
    }

    [Fact]
    public async Task A_group_has_one_turn_with_all_its_establishments_and_everybody_together_leaves_counting_its_connections()
    {
        var turns = Host.Services.GetRequiredService<UsageTurns>();
        var options = Host.Services.GetRequiredService<IOptions<UsageOptions>>().Value;
        // Eight establishments of one group, a question each, that never end.
        for (var n = 0; n < options.QuestionsAtOnce; n++)
            await turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(Running("ghu-paris", $"75071218{n}")), Nothing);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var ninth = Running("ghu-paris", "750712189");
        ninth.RequestAborted = patience.Token;
        var waiting = turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(ninth), Nothing).AsTask();

        Assert.False(waiting.IsCompleted);
        // Of other groups, until everybody's places are taken.
        for (var n = options.QuestionsAtOnce; n < options.ReadsAtOnce; n++)
            Assert.True(turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(Running($"group-{n}")), Nothing).AsTask().IsCompletedSuccessfully);
        var late = Running("one-more");
        late.RequestAborted = patience.Token;
        var behind = turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(late), Nothing).AsTask();
        Assert.False(behind.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => behind);

        static ValueTask<object?> Nothing(EndpointFilterInvocationContext context) => ValueTask.FromResult<object?>(null);
    }

    [Fact]
    public async Task A_regime_has_one_turn_with_all_its_staff_and_no_other_regime_waits_for_it()
    {
        var turns = Host.Services.GetRequiredService<UsageTurns>();
        var options = Host.Services.GetRequiredService<IOptions<UsageOptions>>().Value;
        for (var n = 0; n < options.QuestionsAtOnce; n++)
            await turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(Of("msa")), Nothing);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var ninth = Of("msa");
        ninth.RequestAborted = patience.Token;
        var waiting = turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(ninth), Nothing).AsTask();

        Assert.False(waiting.IsCompleted);
        Assert.True(turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(Of("cnam")), Nothing).AsTask().IsCompletedSuccessfully);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        static DefaultHttpContext Of(string regime) => new()
        {
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(CdrClaims.Role, CdrRoles.RegimeAgent), new Claim(CdrClaims.Regime, regime)], "test")),
        };

        static ValueTask<object?> Nothing(EndpointFilterInvocationContext context) => ValueTask.FromResult<object?>(null);
    }

    [Fact]
    public async Task Exports_of_many_groups_that_never_end_leave_questions_their_places()
    {
        var turns = Host.Services.GetRequiredService<UsageTurns>();
        var options = Host.Services.GetRequiredService<IOptions<UsageOptions>>().Value;
        var exports = 0;
        for (var n = 0; n < options.ReadsAtOnce; n++)
            await turns.ExportAsync(new DefaultEndpointFilterInvocationContext(Running($"group-{n}")), _ => ValueTask.FromResult<object?>(++exports));

        Assert.Equal(options.ReadsAtOnce / 3, exports);
        using var refused = await ExportAsync("hcl");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.DoesNotContain("groupe", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        for (var n = exports; n < options.ReadsAtOnce; n++)
            Assert.True(turns.QuestionAsync(new DefaultEndpointFilterInvocationContext(Running($"other-{n}")), _ => ValueTask.FromResult<object?>(null)).AsTask().IsCompletedSuccessfully);
    }

    private Task<HttpResponseMessage> ExportAsync(string group) => Host.ClientOf(Token(CdrRoles.GroupManager, null, group)).GetAsync("/api/usage/export.csv", Cancel);

    /// <summary>A request whose response never ends.</summary>
    private static DefaultHttpContext Running(string group, string? finess = null) => new()
    {
        User = new ClaimsPrincipal(new ClaimsIdentity(
        [
            new Claim(CdrClaims.Role, finess is null ? CdrRoles.GroupManager : CdrRoles.Referent), new Claim(CdrClaims.Group, group), .. finess is null ? (Claim[])[] : [new Claim(CdrClaims.Finess, finess)],
        ], "test")),
    };
}
