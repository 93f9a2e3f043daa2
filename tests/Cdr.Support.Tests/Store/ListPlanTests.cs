using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Features.ReadTickets;
using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Cdr.Support.Tickets;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cdr.Support.Tests.Store;

/// <summary>How PostgreSQL finds a page of the console's list: by an index, whatever the filter; never by reading all tickets.</summary>
public sealed class ListPlanTests(TestServers servers) : HostTests
{
    // As in a country: nearly all is over, three teams and départements have little, few are critical, and some caisses have but inconsistencies.
    private const string Fill = """
        INSERT INTO tickets ("Id", "Number", "Kind", "State", "Priority", "Impact", "Urgency", "WaitsFor", "Establishment", "Group", "Department", "Author", "Organism", "OrganismRegime", "Assignee", "Team", "Checks", "Title", "CreatedAt", "UpdatedAt", "DueAt", "Version")
        SELECT gen_random_uuid(), lpad(n::text, 9, '0'),
            CASE WHEN n % 2 = 0 THEN 'DataInconsistency' ELSE 'Technical' END, CASE WHEN n % 100 = 0 THEN 'New' ELSE 'Closed' END, CASE WHEN n % 2000 = 0 THEN 'Critical' ELSE 'Normal' END, 'One', 'Normal', 'Nobody',
            (750000000 + n % 3000)::text, 'ght-' || n % 200, CASE WHEN n % 2000 = 1 THEN '976' ELSE (10 + n % 80)::text END, 'clerk-' || n % 5000,
            CASE WHEN n % 2 = 0 THEN '01751' END, CASE WHEN n % 2 = 0 THEN 'cnam' END, 'hotline-' || n % 200, CASE WHEN n % 2000 = 3 THEN 'niveau-2' ELSE 'niveau-1' END, '', ''::bytea,
            now() - n * interval '10 minutes', now() - n * interval '10 minutes', CASE WHEN n % 100 = 0 THEN now() END, 1
        FROM generate_series(1, 60000) n
        """;

    private readonly TestFolder keys = new("support-plan-keys");
    private TestDatabase database = null!;

    [Fact]
    public async Task A_page_of_whatever_filter_is_found_by_an_index()
    {
        await Host.Services.MigrateStoresAsync();
        await ExecuteAsync(Fill);
        await ExecuteAsync("ANALYZE tickets");
        var hotline = new Actor("hotline-1", CdrRoles.Hotline, "", "", "", "");
        var clerk = new Actor("clerk-7", CdrRoles.Clerk, "750000007", "", "", "");
        var all = new TicketFilter(null, null, null, null, null, null, null, null, null, null);
        (Actor Who, TicketFilter Filter, string? Index)[] asked =
        [
            (hotline, all, null),
            (hotline, all with { State = "new" }, null),
            (hotline, all with { Assignee = "me" }, null),
            (hotline, all with { Overdue = true, Order = "due" }, null),
            (hotline, all with { Order = "due" }, null),
            (hotline, all with { Team = "niveau-2" }, "IX_tickets_Team_Id"),
            (hotline, all with { Priority = "critical" }, "IX_tickets_Priority_Id"),
            (hotline, all with { Department = "976" }, "IX_tickets_Department_Id"),
            (hotline, all with { Organism = "01751", Kind = "technical" }, "IX_tickets_Organism_Kind_Id"),
            (clerk, all with { Author = "me" }, null),
        ];
        StringBuilder wrong = new();
        foreach (var (who, filter, index) in asked)
        {
            var plan = await PlanAsync(who, filter);
            if (plan.Contains("Seq Scan on tickets", StringComparison.Ordinal) || !plan.Contains(index ?? "Index", StringComparison.Ordinal))
                wrong.AppendLine(filter.ToString()).AppendLine(plan);
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    [Theory]
    [InlineData("SELECT count(*) FROM tickets WHERE \"CreatedAt\" >= now() - interval '2 days' AND \"CreatedAt\" < now()", "IX_tickets_CreatedAt")]
    [InlineData("SELECT \"Id\" FROM tickets WHERE \"State\" IN ('Solved', 'Closed', 'Merged') AND \"UpdatedAt\" < now() - interval '416 days'", "IX_tickets_UpdatedAt")]
    public async Task Figures_of_some_days_and_what_retention_takes_are_found_by_their_dates(string query, string index)
    {
        await Host.Services.MigrateStoresAsync();
        await ExecuteAsync(Fill);
        await ExecuteAsync("ANALYZE tickets");
        Assert.Contains(index, await ExplainAsync(query, []), StringComparison.Ordinal);
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
        return await ExplainAsync(command.CommandText, command.Parameters.Cast<NpgsqlParameter>().Select(one => one.Clone()));
    }

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
