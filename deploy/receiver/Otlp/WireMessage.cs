using System.Buffers.Binary;
using System.Text;

namespace Cdr.Receiver.Otlp;

/// <summary>One field of a protobuf message.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Value">Of a varint or a fixed field, its bits.</param>
/// <param name="Bytes">Of a field with a length.</param>
internal readonly record struct WireField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public double Double => BitConverter.UInt64BitsToDouble(Value);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);
}

/// <summary>Takes a protobuf message apart, as its encoding is documented (protobuf.dev/programming-guides/encoding): no schema is needed to skip what is not known.</summary>
internal static class WireMessage
{
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static List<WireField> Read(ReadOnlyMemory<byte> message)
    {
        List<WireField> fields = [];
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add(new(number, Varint(message.Span, ref at), default));
                    break;
                case 1:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt64LittleEndian(Take(message, ref at, 8).Span), default));
                    break;
                case 2:
                    fields.Add(new(number, 0, Take(message, ref at, checked((int)Varint(message.Span, ref at)))));
                    break;
                case 5:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt32LittleEndian(Take(message, ref at, 4).Span), default));
                    break;
                default:
                    throw new InvalidDataException("A wire type that there is not.");
            }
        }

        return fields;
    }

    /// <summary>The messages within a field that is there several times.</summary>
    public static IEnumerable<List<WireField>> Within(this List<WireField> message, int number) => message.Where(field => field.Number == number).Select(field => Read(field.Bytes));

    public static WireField? Of(this List<WireField> message, int number) => message.Where(field => field.Number == number).Cast<WireField?>().FirstOrDefault();

    /// <summary>Packed numbers of eight bytes.</summary>
    public static ulong[] Fixed(this List<WireField> message, int number)
    {
        List<ulong> all = [];
        foreach (var field in message.Where(field => field.Number == number))
        {
            if (field.Bytes.IsEmpty)
                all.Add(field.Value);
            for (var at = 0; at + 8 <= field.Bytes.Length; at += 8)
                all.Add(BinaryPrimitives.ReadUInt64LittleEndian(field.Bytes.Span[at..]));
        }

        return [.. all];
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> from, ref int at, int length)
    {
        if (length < 0 || length > from.Length - at)
            throw new InvalidDataException("The message ends too early.");
        var taken = from.Slice(at, length);
        at += length;
        return taken;
    }

    private static ulong Varint(ReadOnlySpan<byte> from, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= from.Length)
                throw new InvalidDataException("The message ends too early.");
            var next = from[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number that does not end.");
    }
}
