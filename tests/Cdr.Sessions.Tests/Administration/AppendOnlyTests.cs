using System.Security.Cryptography;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
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

        foreach (var change in (string[])["UPDATE administration_records SET \"Detail\" = 'nothing'", "DELETE FROM administration_records", "TRUNCATE administration_records"])
            await Assert.ThrowsAsync<PostgresException>(() => host.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(change, cancel)));
        Assert.Equal(2, await host.InStoreAsync(db => db.AdministrationRecords.CountAsync(cancel)));
    }
}
