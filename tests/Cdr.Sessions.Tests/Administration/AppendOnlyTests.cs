using System.Security.Cryptography;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Cdr.Sessions.Tests.Administration;

/// <summary>On migrated PostgreSQL, as the application's role.</summary>
public sealed class AppendOnlyTests(PrintedCards cards, TestServers servers)
{
    [Fact]
    public async Task Software_is_registered_asks_and_is_closed_and_no_line_of_who_did_it_can_be_changed()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TestFolder("administration");
        var keys = folder.File("keys.json");
        KeyRing.Create(keys);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("sessions", cancel);
        using var host = new SessionsHost(cards, [new("Keys:Sessions:File", keys), new("ConnectionStrings:Sessions", database.Application), new("ConnectionStrings:SessionsOwner", database.Owner)]);
        await SessionsProgram.Main(
        [
            "migrate", "--Data:Folder=" + host.Folder, "--Services:Sessions=http://localhost/", "--Sessions:Origin=" + SessionsHost.Origin,
            "--ConnectionStrings:Sessions=" + database.Application, "--ConnectionStrings:SessionsOwner=" + database.Owner, "--Keys:Sessions:File=" + keys,
        ]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var software = new HospitalSoftware(host);
        Assert.Equal(200, (await software.RegisterAsync(key)).Status);
        var assertion = software.Assertion(key);
        Assert.Equal(200, (await software.AskAsync(assertion)).Status);
        Assert.Equal("software-assertion-used", (await software.AskAsync(assertion)).Code);
        Assert.Equal(204, (await software.SendAsync<object>(HttpMethod.Delete, $"/api/sessions/software-clients/{software.Id}", await software.TokenOfAsync("cpa-administrateur"))).Status);

        foreach (var change in (string[])["UPDATE administration_records SET \"Detail\" = 'nothing'", "DELETE FROM administration_records", "TRUNCATE administration_records", "UPDATE terms_acceptances SET \"Version\" = 'x'", "DELETE FROM terms_acceptances"])
            await Assert.ThrowsAsync<PostgresException>(() => host.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(change, cancel)));
        Assert.Equal(2, await host.InStoreAsync(db => db.AdministrationRecords.CountAsync(record => record.Act != "directory-imported", cancel)));
    }

    [Fact]
    public async Task Nor_where_the_store_is_a_file()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var host = new SessionsHost(cards);
        Assert.Equal(200, (await new HospitalSoftware(host).RegisterAsync()).Status);
        await host.InStoreAsync(async db =>
        {
            db.TermsAcceptances.Add(new TermsAcceptance { PersonId = (await db.People.FirstAsync(cancel)).Id, Version = "1", AcceptedAt = host.Clock.GetUtcNow() });
            return await db.SaveChangesAsync(cancel);
        });
        foreach (var change in (string[])["UPDATE administration_records SET \"Detail\" = 'nothing'", "DELETE FROM administration_records", "UPDATE terms_acceptances SET \"Version\" = 'x'", "DELETE FROM terms_acceptances"])
        {
            var refused = await Assert.ThrowsAsync<SqliteException>(() => host.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(change, cancel)));
            Assert.Contains("only ever added to", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_was_granted_before_the_trails_became_one_is_in_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("sessions", cancel);
        await using var db = new SessionsDb(new DbContextOptionsBuilder<SessionsDb>().UseNpgsql(database.Owner, npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync("DoorsBesideTheCard", cancel);
        await db.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO people ("Id", "Reference", "ReferenceKey", "Identifier", "LiberalPractice", "CreatedAt") VALUES
              ('01930000-0000-7000-8000-000000000001', '\x01', 1, '\x00', false, now()), ('01930000-0000-7000-8000-000000000002', '\x02', 1, '\x00', false, now());
            INSERT INTO habilitations ("Id", "PersonId", "Key", "Role", "Origin", "From") VALUES
              ('01930000-0000-7000-8000-000000000003', '01930000-0000-7000-8000-000000000002', 'clerk||||', 'clerk', 'grant', '2026-01-05');
            INSERT INTO habilitation_changes ("Id", "At", "ActorId", "ActorRole", "PersonId", "HabilitationId", "Role", "EstablishmentFiness", "What", "From", "Until") VALUES
              ('01930000-0000-7000-8000-000000000004', '2026-01-05T08:00:00Z', '01930000-0000-7000-8000-000000000001', 'referent', '01930000-0000-7000-8000-000000000002',
               '01930000-0000-7000-8000-000000000003', 'clerk', '590991014', 'closed', '2026-01-05', '2026-02-01');
            """,
            cancel);
        await migrator.MigrateAsync(cancellationToken: cancel);
        var record = await db.AdministrationRecords.SingleAsync(cancel);
        Assert.Equal((AdministrationActs.RoleWithdrawn, "referent", "590991014", "01930000-0000-7000-8000-000000000003"), (record.Act, record.Role, record.EstablishmentFiness, record.Target));
        Assert.Equal("clerk 590991014 2026-01-05/2026-02-01", record.Detail);
        Assert.Equal([1], record.By);
        Assert.Equal([2], record.Person!);
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero), record.At);
    }
}
