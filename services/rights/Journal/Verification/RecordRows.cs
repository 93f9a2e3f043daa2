using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cdr.Rights.Journal.Proofs;

namespace Cdr.Rights.Journal.Verification;

/// <summary>
/// Records out of PostgreSQL's binary COPY, hashed from its bytes: a text or a number is never made of what is only hashed. Both forms
/// are big-endian and give lengths, so that most of it is copied.
/// </summary>
internal static class RecordRows
{
    private const int HeaderSize = 19;
    private const int Fields = 31;
    private const int Together = 1024;

    // PostgreSQL counts from 2000, .NET from year 1.
    private const long Microseconds2000 = 63_082_281_600_000_000;
    private const long LastMicrosecond = 250_000_000_000_000_000;
    private const long Day2000 = 730_119;

    // In the order of RecordHash, then what is not hashed.
    private const string Columns = """
        "Id", "Consultation", "Kind", "At", "Subject", "Session", "Role", "Establishment", "Group", "Department", "Unit", "Function", "Reason", "CareDate", "Outcome", "Regime",
        "Source", "Milliseconds", "Regimes", "PseudonymKey", "Pseudonym", "PatientPseudonym", "Request", "RulesVersion", "TraceId", "PayloadHash", "Payload", "Journal", "Batch", "Position", "Hash"
        """;

    public static string Copy(string part) => $"COPY (SELECT {Columns} FROM {part}) TO STDOUT (FORMAT BINARY)";

    public static void Read(Stream copy, RecordSink sink)
    {
        var buffer = new byte[1 << 20];
        var (start, end) = (0, 0);
        var records = new StoredRecord[Together];
        var count = 0;
        var form = new BinaryForm(new byte[4096]);
        var isHeaderRead = false;
        while (true)
        {
            var taken = 0;
            if (!isHeaderRead && end - start >= HeaderSize)
            {
                taken = HeaderSize + BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start + 15));
                isHeaderRead = true;
            }
            else if (isHeaderRead && end - start >= 2 && BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(start)) == -1)
            {
                break;
            }
            else if (isHeaderRead)
            {
                taken = Row(buffer.AsSpan(start, end - start), ref form, ref records[count]);
                if (taken > 0 && ++count == Together)
                {
                    sink(records);
                    count = 0;
                }
            }

            start += taken;
            if (taken > 0)
                continue;
            // A part of a row is left: to the front, and more behind it.
            if (start == 0 && end == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = copy.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                throw new InvalidDataException("The journal's rows end in the middle of one.");
            end += read;
        }

        if (count > 0)
            sink(records.AsSpan(0, count));
    }

    /// <returns>Bytes of the row; 0 when it is not all there.</returns>
    private static int Row(ReadOnlySpan<byte> bytes, ref BinaryForm form, ref StoredRecord record)
    {
        Span<int> starts = stackalloc int[Fields];
        Span<int> lengths = stackalloc int[Fields];
        var at = 2;
        for (var field = 0; field < Fields; field++)
        {
            if (bytes.Length - at < 4)
                return 0;
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            (starts[field], lengths[field]) = (at + 4, length);
            at += 4 + Math.Max(length, 0);
            if (at > bytes.Length)
                return 0;
        }

        form.Clear();
        form.AddRaw(Field(bytes, starts, lengths, 0));
        form.AddRaw(Field(bytes, starts, lengths, 1));
        for (var field = 2; field < 26; field++)
        {
            var value = Field(bytes, starts, lengths, field);
            switch (field)
            {
                // Kind, Outcome and Source: short, the last two may be null.
                case 2 or 14 or 16:
                    form.Add(lengths[field] < 0 ? -1 : Number(value));
                    break;
                case 3:
                    form.Add(Number(value) + Microseconds2000);
                    break;
                case 13:
                    form.Add(Number(value) + Day2000);
                    break;
                case 17 or 19:
                    form.Add(Number(value));
                    break;
                default:
                    form.Add((long)lengths[field]);
                    form.AddRaw(value);
                    break;
            }
        }

        record = default;
        record.Id = Id(Field(bytes, starts, lengths, 0));
        record.Kind = (RecordKind)Number(Field(bytes, starts, lengths, 2));
        record.Journal = Id(Field(bytes, starts, lengths, 27));
        record.Batch = Number(Field(bytes, starts, lengths, 28));
        record.Position = Number(Field(bytes, starts, lengths, 29)) is var position and >= 0 and <= int.MaxValue ? (int)position : -1;
        record.Stored = Hash256.From(Field(bytes, starts, lengths, 30)) ?? default;
        SHA256.HashData(form.Written, Hash256.Bytes(ref record.Computed));
        record.HasItsPayload = lengths[25] < 0 == lengths[26] < 0;
        if (lengths[26] >= 0 && record.HasItsPayload)
        {
            Span<byte> payload = stackalloc byte[Hash256.Size];
            SHA256.HashData(Field(bytes, starts, lengths, 26), payload);
            record.HasItsPayload = payload.SequenceEqual(Field(bytes, starts, lengths, 25));
        }

        if (record.Kind == RecordKind.Used)
            record.Consultation = Id(Field(bytes, starts, lengths, 1));
        if (record.Kind == RecordKind.Purged)
        {
            record.Note = Encoding.UTF8.GetString(Field(bytes, starts, lengths, 18));
            // Infinity is an instant to PostgreSQL.
            var instant = Number(Field(bytes, starts, lengths, 3));
            record.At = instant is > -Microseconds2000 and < LastMicrosecond ? new DateTimeOffset((instant + Microseconds2000) * 10, TimeSpan.Zero) : DateTimeOffset.MaxValue;
        }

        return at;
    }

    /// <summary>What is none, of a column that somebody let be empty or made into another, is a number that no record has: what it hashes to shows it.</summary>
    private static long Number(ReadOnlySpan<byte> value) => value.Length switch
    {
        2 => BinaryPrimitives.ReadInt16BigEndian(value),
        4 => BinaryPrimitives.ReadInt32BigEndian(value),
        8 => BinaryPrimitives.ReadInt64BigEndian(value),
        _ => long.MinValue,
    };

    private static Guid Id(ReadOnlySpan<byte> value) => value.Length == 16 ? new Guid(value, bigEndian: true) : default;

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> bytes, scoped ReadOnlySpan<int> starts, scoped ReadOnlySpan<int> lengths, int field) =>
        bytes.Slice(starts[field], Math.Max(lengths[field], 0));
}
