using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cdr.Rights.Journal;

/// <summary>Hashes of records, batches and trees: a fixed binary form, independent of any serializer.</summary>
internal static class RecordHash
{
    public static byte[] Of(JournalRecord record)
    {
        var form = new Form(stackalloc byte[1024]);
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
        var form = new Form(stackalloc byte[256]);
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
        var root = new byte[SHA256.HashSizeInBytes];
        if (leaves.IsEmpty)
            SHA256.HashData([], root);
        else
            Root(leaves, root);
        return root;
    }

    private static void Root(ReadOnlySpan<byte[]> leaves, Span<byte> into)
    {
        Span<byte> joined = stackalloc byte[1 + 2 * SHA256.HashSizeInBytes];
        if (leaves.Length == 1)
        {
            joined[0] = 0;
            leaves[0].CopyTo(joined[1..]);
            SHA256.HashData(joined[..(1 + SHA256.HashSizeInBytes)], into);
            return;
        }

        var left = 1;
        while (left * 2 < leaves.Length)
            left *= 2;
        joined[0] = 1;
        Root(leaves[..left], joined.Slice(1, SHA256.HashSizeInBytes));
        Root(leaves[left..], joined[(1 + SHA256.HashSizeInBytes)..]);
        SHA256.HashData(joined, into);
    }

    /// <summary>What both stores keep of an instant.</summary>
    private static long Microseconds(DateTimeOffset at) => at.UtcTicks / 10;

    private ref struct Form(Span<byte> start)
    {
        private Span<byte> bytes = start;
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

        public readonly byte[] Hash() => SHA256.HashData(bytes[..length]);

        private Span<byte> Room(int size)
        {
            if (length + size > bytes.Length)
            {
                var longer = new byte[Math.Max(bytes.Length * 2, length + size)];
                bytes[..length].CopyTo(longer);
                bytes = longer;
            }

            return bytes.Slice(length, size);
        }
    }
}
