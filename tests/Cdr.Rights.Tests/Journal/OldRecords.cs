using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Records of long ago in a world's journal, in a signed chain of their own.</summary>
internal static class OldRecords
{
    public static async Task WriteAsync(RightsWorld world, params IReadOnlyList<JournalRecord> records)
    {
        using var signer = new BatchSigner(world.Host.Services.GetRequiredKeyedService<KeyRing>("Rights"));
        await using var db = world.Host.Journal();
        var (journal, previous) = (Guid.CreateVersion7(records[0].At), new byte[32]);
        db.Writers.Add(new JournalWriterRow { Journal = journal, Started = records[0].At, Host = "test:1" });
        foreach (var (place, record) in records.Index())
        {
            (record.Journal, record.Batch, record.Position, record.Hash) = (journal, place + 1, 0, RecordHash.Of(record));
            var batch = signer.Sign(journal, place + 1, [record.Id], record.At, previous, RecordHash.Root([record.Hash]));
            previous = batch.Hash;
            db.AddRange(record, batch);
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public static JournalRecord Answer(DateTimeOffset at) => SyntheticRecord.At(Whole(at), new Random(1));

    /// <summary>Something else that was done with the same answer.</summary>
    public static JournalRecord Of(JournalRecord answer, RecordKind kind, DateTimeOffset at, string what = "", Guid? consultation = null) => new()
    {
        Id = Guid.CreateVersion7(Whole(at)), Consultation = consultation ?? answer.Id, Kind = kind, At = Whole(at), Subject = answer.Subject, Session = "", Role = answer.Role, Establishment = answer.Establishment,
        Group = answer.Group, Department = answer.Department, Unit = "", Function = "", Reason = answer.Reason, CareDate = answer.CareDate, Regime = answer.Regime, Regimes = what, PseudonymKey = 1,
        Pseudonym = answer.Pseudonym, Request = answer.Request, RulesVersion = answer.RulesVersion, TraceId = "",
    };

    // What both stores keep of an instant.
    private static DateTimeOffset Whole(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
