using System.Buffers.Binary;

namespace Cdr.Support.Attachments;

/// <summary>A JPEG (ITU-T T.81), segment by segment: the picture's own are kept, comments and what cameras add (places among it) are left out, nothing may follow its end.</summary>
internal static class JpegPicture
{
    private const int MostSide = 12_000;
    private const long MostPixels = 50_000_000;

    // Marker and length, then JFIF: version, unit, densities and a thumbnail of nothing (T.871); Adobe: version, flags and transform.
    private const int DensityLength = 18;
    private const int ColoursLength = 16;

    public static (byte[]? Kept, string? Fault) Read(byte[] bytes)
    {
        using var kept = new MemoryStream();
        kept.Write([0xFF, 0xD8]);
        var hasFrame = false;
        for (var at = 2; ;)
        {
            if (bytes.Length - at < 2 || bytes[at] != 0xFF)
                return (null, "picture-damaged");
            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == 0xD9)
            {
                kept.Write([0xFF, 0xD9]);
                return !hasFrame ? (null, "picture-damaged") : at + 2 != bytes.Length ? (null, "something-appended") : (kept.ToArray(), null);
            }

            if (bytes.Length - at < 4 || BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2)) is var length && (length < 2 || length > bytes.Length - at - 2))
                return (null, "picture-damaged");
            var segment = bytes.AsSpan(at, 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2)));
            // Frames, but for DHT (C4), JPG (C8) and DAC (CC).
            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            {
                if (hasFrame || segment.Length < 10)
                    return (null, "picture-damaged");
                var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[7..]));
                if (width is 0 or > MostSide || height is 0 or > MostSide || (long)width * height > MostPixels)
                    return (null, "picture-too-large");
                hasFrame = true;
            }

            // APP0 says the density, APP14 the colours, and no more than that is kept of them; whatever a picture does not need is left out.
            kept.Write(marker switch
            {
                0xE0 => Density(segment),
                0xEE => segment is { Length: >= ColoursLength } && segment[4..].StartsWith("Adobe"u8) ? [0xFF, 0xEE, 0, ColoursLength - 2, .. segment[4..ColoursLength]] : [],
                >= 0xC0 and <= 0xCF and not 0xC8 or >= 0xDA and <= 0xDD => segment,
                _ => [],
            });
            at += segment.Length;
            if (marker != 0xDA)
                continue;
            // The picture itself, up to a marker that is neither a stuffed byte nor a restart.
            var start = at;
            while (at + 1 < bytes.Length && !(bytes[at] == 0xFF && bytes[at + 1] is not (0x00 or >= 0xD0 and <= 0xD7)))
                at++;
            kept.Write(bytes.AsSpan(start, at - start));
        }
    }

    // A thumbnail, or what calls itself one, is not kept.
    private static ReadOnlySpan<byte> Density(ReadOnlySpan<byte> segment) =>
        segment.Length >= DensityLength && segment[4..].StartsWith("JFIF\0"u8) ? (byte[])[0xFF, 0xE0, 0, DensityLength - 2, .. segment[4..16], 0, 0] : [];
}
