using Cdr.Contracts.Sessions;
using Cdr.Support.Store;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Cdr.Support.Tests.Store;

/// <summary>Of which group an establishment is, read once from the tickets of before.</summary>
public sealed class GroupsMigrationTests(TestServers servers)
{
    private int written;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_establishments_people_said_last_in_tickets_of_before_is_what_it_is_of()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("support", Cancel);
        await using var db = new SupportDb(new DbContextOptionsBuilder<SupportDb>().UseNpgsql(database.Owner, npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
        await db.GetService<IMigrator>().MigrateAsync("20261127050119_CausesTemplatesAndQueues", Cancel);
        // It moved; a call of before was given the group of then, and answered last.
        await TicketAsync(db, "moved", "ght-old", (CdrRoles.Referent, null));
        await TicketAsync(db, "moved", "ght-new", (CdrRoles.Clerk, null));
        await TicketAsync(db, "moved", "ght-old", (CdrRoles.Hotline, null), (CdrRoles.Referent, null));
        // It left.
        await TicketAsync(db, "left", "ght-old", (CdrRoles.Referent, null));
        await TicketAsync(db, "left", "", (CdrRoles.Referent, null));
        // Calls alone, answered.
        await TicketAsync(db, "called", "ght-75", (CdrRoles.Hotline, null), (CdrRoles.Referent, null));
        // Answered by e-mail alone, or not at all.
        await TicketAsync(db, "mailed", "ght-75", (CdrRoles.Hotline, null), (CdrRoles.Referent, "mail"));
        await TicketAsync(db, "silent", "", (CdrRoles.Hotline, null));

        await db.GetService<IMigrator>().MigrateAsync(targetMigration: null, Cancel);

        Assert.Equal([("called", "ght-75"), ("left", ""), ("moved", "ght-new")], (await db.Groups.OrderBy(row => row.Finess).ToListAsync(Cancel)).Select(row => (row.Finess, row.Group)));
    }

    private async Task TicketAsync(SupportDb db, string establishment, string group, params (string Role, string? Detail)[] entries)
    {
        var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        var at = new DateTime(2026, 11, 20, 8, 0, 0, DateTimeKind.Utc);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO tickets ("Id", "Number", "Kind", "State", "Priority", "Impact", "Urgency", "WaitsFor", "Establishment", "Group", "Department", "Author", "Checks", "Title", "CreatedAt", "UpdatedAt", "Version")
            VALUES ({id}, {$"{++written:D9}"}, 'Technical', 'New', 'Normal', 'One', 'Normal', 'Nobody', {establishment}, {group}, '75', 'somebody', '', ''::bytea, {at}, {at}, 1)
            """, Cancel);
        var number = 0;
        foreach (var (role, detail) in entries)
        {
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO entries ("Id", "Ticket", "Number", "At", "Actor", "Role", "Action", "From", "To", "Priority", "Readers", "Detail")
                VALUES ({Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}, {id}, {++number}, {at.AddMinutes(++written)}, 'somebody', {role}, {(number == 1 ? "Open" : "Reply")}, 'Draft', 'New', 'Normal', 'All', CAST({detail} AS text))
                """, Cancel);
        }
    }
}
