using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cdr.Rights.Journal;

/// <summary>Hashes of records, batches and trees: a fixed binary form, independent of any serializer.</summary>
internal static class RecordHash
{
    public static byte[] Of(JournalRecord record)
    {
        var form = new Form(1024);
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
        return form.Hash();
    }

    public static byte[] OfBatch(Guid journal, long batch, int records, DateTimeOffset at, byte[] previous, byte[] root)
    {
        var form = new Form(256);
        form.Add(journal);
        form.Add(batch);
        form.Add(records);
        form.Add(Microseconds(at));
        form.Add(previous);
        form.Add(root);
        return form.Hash();
    }

    /// <summary>RFC 6962: leaves and nodes are hashed with different prefixes, so that a node is never taken for a leaf.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        Span<byte> joined = stackalloc byte[65];
        switch (leaves.Length)
        {
            case 0:
                return SHA256.HashData([]);
            case 1:
                joined[0] = 0;
                leaves[0].CopyTo(joined[1..]);
                return SHA256.HashData(joined[..33]);
        }

        var left = 1;
        while (left * 2 < leaves.Length)
            left *= 2;
        var leftRoot = Root(leaves[..left]);
        var rightRoot = Root(leaves[left..]);
        joined[0] = 1;
        leftRoot.CopyTo(joined[1..]);
        rightRoot.CopyTo(joined[33..]);
        return SHA256.HashData(joined);
    }

    /// <summary>What both stores keep of an instant.</summary>
    private static long Microseconds(DateTimeOffset at) => at.UtcTicks / 10;

    private ref struct Form(int capacity)
    {
        private byte[] bytes = new byte[capacity];
        private int length;

        public void Add(long number)
        {
            BinaryPrimitives.WriteInt64BigEndian(Room(8), number);
            length += 8;
        }

        public void Add(Guid id)
        {
            id.TryWriteBytes(Room(16), bigEndian: true, out _);
            length += 16;
        }

        public void Add(string text)
        {
            var count = Encoding.UTF8.GetByteCount(text);
            Add(count);
            Encoding.UTF8.GetBytes(text, Room(count));
            length += count;
        }

        public void Add(byte[]? value)
        {
            Add(value?.Length ?? -1);
            if (value is null)
                return;
            value.CopyTo(Room(value.Length));
            length += value.Length;
        }

        public readonly byte[] Hash() => SHA256.HashData(bytes.AsSpan(0, length));

        private Span<byte> Room(int size)
        {
            if (length + size > bytes.Length)
                Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + size));
            return bytes.AsSpan(length, size);
        }
    }
}
