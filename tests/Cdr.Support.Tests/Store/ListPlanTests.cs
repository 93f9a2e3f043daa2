using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Features.ReadTickets;
using Cdr.Support.Metrics;
using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Cdr.Support.Tickets;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cdr.Support.Tests.Store;

/// <summary>How PostgreSQL finds a page of a list, whatever the filter: by reading few tickets. An index that is walked from end to end is no way either.</summary>
public sealed class ListPlanTests(TestServers servers) : HostTests
{
    // As in a country: nearly all is over, three teams and départements have little, few are critical, caisses of three regimes have but inconsistencies, and ids and rows are in the order of time.
    private const string Fill = """
        INSERT INTO tickets ("Id", "Number", "Kind", "State", "Priority", "Impact", "Urgency", "WaitsFor", "Establishment", "Group", "Department", "Author", "Organism", "OrganismRegime", "Assignee", "Team", "Checks", "Title", "CreatedAt", "UpdatedAt", "DueAt", "Version")
        SELECT ('01930000-0000-7000-8000-' || lpad(to_hex(60000 - n), 12, '0'))::uuid, lpad(n::text, 9, '0'),
            CASE WHEN n % 2 = 0 THEN 'DataInconsistency' WHEN n % 10 = 5 THEN 'UsageHelp' ELSE 'Technical' END, CASE WHEN n % 100 = 0 THEN 'New' WHEN n % 5 = 4 THEN 'Abandoned' ELSE 'Closed' END, CASE WHEN n % 2000 = 0 THEN 'Critical' ELSE 'Normal' END, 'One', 'Normal', 'Nobody',
            (750000000 + n % 3000)::text, 'ght-' || n % 200, CASE WHEN n % 2000 = 1 THEN '976' ELSE (10 + n % 80)::text END, 'clerk-' || n % 5000,
            CASE WHEN n % 2000 = 4 THEN '02594' WHEN n % 4 = 0 THEN '01751' WHEN n % 2 = 0 THEN '01' || 100 + n % 100 END, CASE WHEN n % 20 IN (2, 6) THEN 'msa' WHEN n % 20 = 8 THEN 'camieg' WHEN n % 2 = 0 THEN 'cnam' END, 'hotline-' || n % 200, CASE WHEN n % 2000 = 3 THEN 'niveau-2' ELSE 'niveau-1' END, '', ''::bytea,
            now() - n * interval '10 minutes', now() - n * interval '10 minutes', CASE WHEN n % 100 = 0 THEN now() END, 1
        FROM generate_series(1, 60000) n
        """;

    private const int Tickets = 60_000;

    private readonly TestFolder keys = new("support-plan-keys");
    private TestDatabase database = null!;

    [Fact]
    public async Task A_page_of_whatever_filter_is_found_without_reading_all_tickets()
    {
        await Host.Services.MigrateStoresAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(Fill);
        await ExecuteAsync("ANALYZE tickets");
        var hotline = new Actor("hotline-1", CdrRoles.Hotline, "", "", "", "");
        var clerk = new Actor("clerk-7", CdrRoles.Clerk, "750000007", "", "", "");
        var all = new TicketFilter(null, null, null, null, null, null, null, null, null, null);
        var manager = new Actor("manager-1", CdrRoles.GroupManager, "", "ght-7", "", "");
        var regime = new Actor("agent-1", CdrRoles.RegimeAgent, "", "", "", "cnam");
        (Actor Who, TicketFilter Filter)[] asked =
        [
            (hotline, all),
            (hotline, all with { State = "new" }),
            (hotline, all with { Assignee = "me" }),
            (hotline, all with { Overdue = true, Order = "due" }),
            (hotline, all with { Order = "due" }),
            (hotline, all with { Team = "niveau-2" }),
            (hotline, all with { Priority = "critical" }),
            (hotline, all with { Department = "976" }),
            (hotline, all with { Kind = "usageHelp" }),
            (hotline, all with { Organism = "02594" }),
            (hotline, all with { Organism = "01751", Kind = "technical" }),
            // Pairs, of which some have nothing in common.
            (hotline, all with { State = "new", Kind = "usageHelp" }),
            (hotline, all with { State = "new", Assignee = "me" }),
            (hotline, all with { State = "new", Department = "20" }),
            (hotline, all with { State = "new", Priority = "normal" }),
            (hotline, all with { State = "new", Order = "due" }),
            (hotline, all with { Team = "niveau-2", Priority = "critical" }),
            (hotline, all with { Team = "niveau-1", Assignee = "me" }),
            (hotline, all with { Department = "976", Kind = "dataInconsistency" }),
            (hotline, all with { State = "abandoned" }),
            (hotline, all with { State = "abandoned", Kind = "technical" }),
            (hotline, all with { State = "closed", Overdue = true }),
            (regime, all with { Kind = "usageHelp", Overdue = true }),
            (clerk, all),
            (clerk, all with { State = "new" }),
            (clerk, all with { Author = "me" }),
            (manager, all),
            (manager, all with { State = "new" }),
            (manager, all with { Kind = "usageHelp" }),
            (manager, all with { Department = "976" }),
            (regime, all),
            (regime, all with { State = "new" }),
            (regime, all with { Department = "976" }),
            (regime, all with { Kind = "technical" }),
            (regime, all with { Kind = "usageHelp" }),
            (regime, all with { State = "closed", Kind = "technical" }),
            (regime, all with { State = "closed", Kind = "usageHelp" }),
            (regime, all with { Kind = "technical", Priority = "critical" }),
            (regime, all with { Kind = "usageHelp", Priority = "critical" }),
            (regime, all with { Organism = "01751", Kind = "technical" }),
            (regime with { Organism = "01751" }, all with { Kind = "technical" }),
            (regime with { Organism = "02594" }, all),
            (regime with { Organism = "02594" }, all with { State = "new" }),
            (regime with { Organism = "01751" }, all with { State = "new" }),
        ];
        StringBuilder wrong = new();
        foreach (var (who, filter) in asked)
        {
            var plan = await PlanAsync(who, filter);
            if (Read(plan) > Tickets / 10)
                wrong.Append(who.Role).Append(' ').AppendLine(filter.ToString()).AppendLine(plan);
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    [Fact]
    public async Task Figures_what_is_open_and_what_retention_takes_are_found_without_reading_all()
    {
        await Host.Services.MigrateStoresAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(Fill);
        await ExecuteAsync("INSERT INTO notices (\"Id\", \"Message\", \"Recipient\", \"Ticket\", \"Number\", \"Event\", \"At\") SELECT gen_random_uuid(), gen_random_uuid(), 'hotline', \"Id\", \"Number\", 'open', now() FROM tickets");
        await ExecuteAsync("INSERT INTO links (\"Ticket\", \"Other\") SELECT \"Id\", gen_random_uuid() FROM tickets");
        await ExecuteAsync("INSERT INTO webhook_deliveries (\"Id\", \"Webhook\", \"Message\", \"Ticket\", \"Number\", \"Event\", \"TicketState\", \"At\", \"Since\", \"State\", \"Attempts\") SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), \"Id\", \"Number\", 'open', 'New', now(), now(), 'Failed', 1 FROM tickets");
        await ExecuteAsync("VACUUM ANALYZE tickets, notices, links, webhook_deliveries");
        const string Ticket = "'01930000-0000-7000-8000-0000000000d1'";
        (string Query, string Index)[] asked =
        [
            ("SELECT count(*) FROM tickets WHERE \"CreatedAt\" >= now() - interval '2 days' AND \"CreatedAt\" < now()", "IX_tickets_CreatedAt"),
            ("SELECT \"Id\" FROM tickets WHERE \"State\" IN ('Solved', 'Closed', 'Merged') AND \"UpdatedAt\" < now() - interval '416 days'", "IX_tickets_UpdatedAt"),
            ($"DELETE FROM notices WHERE \"Ticket\" = {Ticket}", "IX_notices_Ticket"),
            ($"DELETE FROM webhook_deliveries WHERE \"Ticket\" = {Ticket}", "IX_webhook_deliveries_Ticket"),
            ($"DELETE FROM links WHERE \"Ticket\" = {Ticket} OR \"Other\" = {Ticket}", "IX_links_Other"),
        ];
        StringBuilder wrong = new();
        foreach (var (query, index) in asked)
        {
            var plan = await ExplainAsync(query, []);
            if (!plan.Contains(index, StringComparison.Ordinal))
                wrong.AppendLine(query).AppendLine(plan);
        }

        // Counted every few seconds.
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await using var count = MeasureTickets.Alike(MeasureTickets.OpenOf(db)).CreateDbCommand();
        var counted = await ExplainAsync(count.CommandText, count.Parameters.Cast<NpgsqlParameter>().Select(one => one.Clone()));
        if (!counted.Contains("Index Only Scan using \"IX_tickets_State_Id\"", StringComparison.Ordinal))
            wrong.AppendLine(counted);
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync()
    {
        database = await (await servers.PostgresAsync()).CreateDatabaseAsync("support", Cancel);
        KeyRing.Create(keys.File("support.json"));
        return [new("ConnectionStrings:Support", database.Application), new("ConnectionStrings:SupportOwner", database.Owner), new("Keys:Support:File", keys.File("support.json"))];
    }

    private async Task<string> PlanAsync(Actor who, TicketFilter filter)
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        var tickets = db.Tickets.AsNoTracking().Where(who.Sees);
        Assert.Null(filter.Apply(who, Clock.GetUtcNow().AddDays(30), ref tickets));
        var page = await ListTickets.PageAsync(db.Tickets, tickets, filter.ByDue, null, Cancel);
        await using var command = page!.Take(51).CreateDbCommand();
        return await ExplainAsync("(ANALYZE, TIMING OFF) " + command.CommandText, command.Parameters.Cast<NpgsqlParameter>().Select(one => one.Clone()));
    }

    // What a step passed on, at most, and what all of them looked at and left. Both are told of one of its loops.
    private static double Read(string plan)
    {
        var (passed, left, loops) = (0.0, 0.0, 1.0);
        foreach (var line in plan.Split('\n'))
        {
            if (Regex.Match(line, @"actual (?:time=\S+ )?rows=([0-9.]+) loops=([0-9]+)") is { Success: true } step)
                (loops, passed) = (Number(step.Groups[2]), Math.Max(passed, Number(step.Groups[1]) * Number(step.Groups[2])));
            else if (Regex.Match(line, "Rows Removed by [A-Za-z ]+: ([0-9]+)") is { Success: true } removed)
                left += Number(removed.Groups[1]) * loops;
        }

        return passed + left;
    }

    private static double Number(Group digits) => double.Parse(digits.Value, CultureInfo.InvariantCulture);

    private async Task<string> ExplainAsync(string query, IEnumerable<NpgsqlParameter> parameters)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var command = source.CreateCommand("EXPLAIN " + query);
        foreach (var one in parameters)
            command.Parameters.Add(one);
        var plan = new StringBuilder();
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            plan.AppendLine(reader.GetString(0));
        return plan.ToString();
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var command = source.CreateCommand(statement);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
