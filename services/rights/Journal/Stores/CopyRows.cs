using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Cdr.Rights.Journal.Stores;

/// <summary>
/// Rows for PostgreSQL's COPY, in its binary format (manual, « COPY », File Formats), made in one buffer and sent in one piece: thirty
/// columns a record, each through the client's own writer, cost more than all of sealing it.
/// </summary>
internal sealed class CopyRows
{
    // PGCOPY\n\377\r\n\0, no flags, no extension.
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ArrayBufferWriter<byte> bytes = new(64 * 1024);

    /// <summary>What was added, from the beginning of a copy to its end.</summary>
    public ReadOnlyMemory<byte> Written => bytes.WrittenMemory;

    public void Begin()
    {
        bytes.ResetWrittenCount();
        bytes.Write(Header);
    }

    public void BeginRow(int columns) => Short((short)columns);

    public void End() => Short(-1);

    public void AddNull() => Int(-1);

    public void Add<T>(T value)
    {
        switch (value)
        {
            case Guid id:
                Int(16);
                id.TryWriteBytes(bytes.GetSpan(16), bigEndian: true, out _);
                bytes.Advance(16);
                break;
            case short number:
                Int(sizeof(short));
                Short(number);
                break;
            case int number:
                Int(sizeof(int));
                Int(number);
                break;
            case long number:
                Int(sizeof(long));
                Long(number);
                break;
            case DateTime instant:
                Int(sizeof(long));
                Long((instant - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
                break;
            case DateOnly day:
                Int(sizeof(int));
                Int(day.DayNumber - DateOnly.FromDateTime(Epoch).DayNumber);
                break;
            case string text:
                Int(Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, bytes);
                break;
            case byte[] some:
                Int(some.Length);
                bytes.Write(some);
                break;
            default:
                throw new NotSupportedException($"A column of {typeof(T).Name}.");
        }
    }

    private void Short(short number)
    {
        BinaryPrimitives.WriteInt16BigEndian(bytes.GetSpan(sizeof(short)), number);
        bytes.Advance(sizeof(short));
    }

    private void Int(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), number);
        bytes.Advance(sizeof(int));
    }

    private void Long(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }
}
