using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Cdr.Support.Attachments;

/// <summary>A PNG (ISO/IEC 15948), chunk by chunk: the picture's own are kept, texts and whatever else are left out, nothing may follow its end.</summary>
internal static class PngPicture
{
    private const int Signature = 8;
    private const int MostSide = 12_000;
    private const long MostPixels = 50_000_000;
    private static readonly string[] Kept = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

    public static (byte[]? Kept, string? Fault) Read(byte[] bytes)
    {
        using var kept = new MemoryStream();
        using var packed = new MemoryStream();
        kept.Write(bytes.AsSpan(0, Math.Min(Signature, bytes.Length)));
        long expected = -1;
        for (var at = Signature; ;)
        {
            if (bytes.Length - at < 12)
                return (null, "picture-damaged");
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12)
                return (null, "picture-damaged");
            var chunk = bytes.AsSpan(at, (int)length + 12);
            var name = Encoding.Latin1.GetString(chunk.Slice(4, 4));
            if (Crc(chunk[4..^4]) != BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]))
                return (null, "picture-damaged");
            if ((expected < 0) != (name == "IHDR"))
                return (null, "picture-damaged");
            if (name == "IHDR")
            {
                if (length != 13)
                    return (null, "picture-damaged");
                var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]));
                if (width is 0 or > MostSide || height is 0 or > MostSide || (long)width * height > MostPixels)
                    return (null, "picture-too-large");
                // Eight bytes a point at most, a filter a line, and what interlacing adds.
                expected = height * (width * 8L + 1) + 8L * (width + height) + 1024;
            }

            if (Kept.Contains(name))
                kept.Write(chunk);
            else if (char.IsAsciiLetterUpper(name[0]))
                return (null, "picture-damaged");
            if (name == "IDAT")
                packed.Write(chunk[8..^4]);
            at += chunk.Length;
            if (name != "IEND")
                continue;
            if (at != bytes.Length)
                return (null, "something-appended");
            packed.Position = 0;
            return Bounded.Inflates(packed, expected) ? (kept.ToArray(), null) : (null, "bomb");
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}

/// <summary>Inflates without ever holding more than it was told.</summary>
internal static class Bounded
{
    public static bool Inflates(Stream packed, long most)
    {
        try
        {
            using var inflated = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
            var part = new byte[81_920];
            long sum = 0;
            for (int read; (read = inflated.Read(part)) > 0;)
            {
                if ((sum += read) > most)
                    return false;
            }

            return sum > 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
