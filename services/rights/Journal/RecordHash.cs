using Cdr.Rights.Journal.Proofs;

namespace Cdr.Rights.Journal;

/// <summary>Hashes of records, batches and trees: a fixed binary form, independent of any serializer.</summary>
internal static class RecordHash
{
    public static byte[] Of(JournalRecord record)
    {
        var form = new BinaryForm(stackalloc byte[1024]);
        Write(ref form, record);
        return form.Hash();
    }

    /// <summary>The hashed bytes themselves: what a proof shows.</summary>
    public static byte[] Form(JournalRecord record)
    {
        var form = new BinaryForm(stackalloc byte[1024]);
        Write(ref form, record);
        return form.Written.ToArray();
    }

    private static void Write(ref BinaryForm form, JournalRecord record)
    {
        form.Add(record.Id);
        form.Add(record.Consultation);
        form.Add((long)record.Kind);
        form.Add(Microseconds(record.At));
        form.Add(record.Subject);
        form.Add(record.Session);
        form.Add(record.Role);
        form.Add(record.Establishment);
        form.Add(record.Group);
        form.Add(record.Department);
        form.Add(record.Unit);
        form.Add(record.Function);
        form.Add(record.Reason);
        form.Add(record.CareDate.DayNumber);
        form.Add(record.Outcome ?? -1);
        form.Add(record.Regime);
        form.Add(record.Source ?? -1);
        form.Add(record.Milliseconds);
        form.Add(record.Regimes);
        form.Add(record.PseudonymKey);
        form.Add(record.Pseudonym);
        form.Add(record.PatientPseudonym);
        form.Add(record.Request);
        form.Add(record.RulesVersion);
        form.Add(record.TraceId);
        form.Add(record.PayloadHash);
    }

    public static byte[] OfBatch(Guid journal, long batch, int records, DateTimeOffset at, byte[] previous, byte[] root)
    {
        var form = new BinaryForm(stackalloc byte[256]);
        form.Add(journal);
        form.Add(batch);
        form.Add(records);
        form.Add(Microseconds(at));
        form.Add(previous);
        form.Add(root);
        return form.Hash();
    }

    /// <summary>The tree over a batch's records.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        var hashes = new Hash256[leaves.Length];
        for (var place = 0; place < hashes.Length; place++)
            hashes[place] = HashTree.Leaf(leaves[place]);
        return HashTree.Root(hashes).ToArray();
    }

    /// <summary>What both stores keep of an instant.</summary>
    internal static long Microseconds(DateTimeOffset at) => at.UtcTicks / 10;
}
