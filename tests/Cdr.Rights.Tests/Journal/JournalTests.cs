using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Rights.Tests.Journal;

/// <summary>What is attested of a question.</summary>
public sealed class JournalTests
{
    [Fact]
    public async Task On_sqlite_the_chain_recomputes()
    {
        await using var world = await RightsWorld.StartAsync();
        await world.AskManyAsync(60);

        Assert.True(await Chain.VerifyAsync(world.Host) >= 60);
    }

    [Fact]
    public async Task A_record_says_who_asked_whom_why_and_what_came_of_it_without_naming_the_person()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("cnam");
        var id = Records.NewId();
        var body = await (await world.Host.AskAsync(new { id, nir = person.Nir, reason = "emergency", regime = "cnam" })).BytesAsync();

        var records = await world.Host.RecordsAsync(id);

        var answered = Assert.Single(records, r => r.Kind == RecordKind.Answered);
        Assert.Equal(id, answered.Id);
        Assert.Equal(("person-1", "clerk", "750712184", "75", "ADM", "reception", "emergency"), (answered.Subject, answered.Role, answered.Establishment, answered.Department, answered.Unit, answered.Function, answered.Reason));
        Assert.Equal(((short)ConsultationOutcome.Found, "cnam"), (answered.Outcome, answered.Regime));
        Assert.Equal(["cnam"], await world.Host.LearntAsync(id));
        Assert.All(records, r => Assert.Equal(answered.Pseudonym, r.Pseudonym));
        Assert.StartsWith("cnam:0:", answered.Regimes, StringComparison.Ordinal);
        var opener = world.Host.Services.GetRequiredService<SealedAnswer>();
        Assert.Equal(body, opener.Open(id, answered.Payload).Body);
        Assert.Throws<InvalidDataException>(() => opener.Open(Records.NewId(), answered.Payload));
        // The log first: with its last connection it goes into the file, and away.
        var stored = Encoding.Latin1.GetString(await ReadSharedAsync(Path.Combine(world.DataFolder, "rights.db-wal")))
            + Encoding.Latin1.GetString(await ReadSharedAsync(Path.Combine(world.DataFolder, "rights.db")));
        Assert.Contains("emergency", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(person.Nir, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("Lavandier", stored, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_search_by_names_is_found_again_by_the_number_of_who_was_found()
    {
        await using var world = await RightsWorld.StartAsync();
        var person = world.Regimes.People.Case("msa");
        var byName = await world.Host.AskAsync(new { names = new { familyName = "Sorbier", givenName = "Bastien" }, birthDate = "1979-11-03", reason = "emergency", regime = "msa" }).AnswerAsync();
        var byNir = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "msa" }).AnswerAsync();

        var named = (await world.Host.RecordsAsync(byName.Id)).Single(r => r.Kind == RecordKind.Answered);
        var numbered = (await world.Host.RecordsAsync(byNir.Id)).Single(r => r.Kind == RecordKind.Answered);

        Assert.NotEqual(numbered.Pseudonym, named.Pseudonym);
        Assert.Equal(numbered.Pseudonym, named.PatientPseudonym);
    }

    [Fact]
    public async Task A_checkpoint_states_where_every_chain_stood()
    {
        await using var world = await RightsWorld.StartAsync();
        await world.AskManyAsync(2);
        var checkpoints = world.Host.Services.GetServices<IHostedService>().OfType<Checkpoints>().Single();

        await checkpoints.MakeAsync(TestContext.Current.CancellationToken);
        await checkpoints.MakeAsync(TestContext.Current.CancellationToken);

        await using var db = world.Host.Journal();
        var checkpoint = await db.Checkpoints.SingleAsync(TestContext.Current.CancellationToken);
        var head = await db.Batches.OrderByDescending(b => b.Batch).FirstAsync(TestContext.Current.CancellationToken);
        var stated = await db.Heads.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((head.Journal, head.Batch, checkpoint.Id, 1), (stated.Journal, stated.Size, stated.Checkpoint, checkpoint.Chains));
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
