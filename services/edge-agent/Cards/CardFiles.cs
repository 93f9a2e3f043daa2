using System.Formats.Asn1;
using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent.Cards;

/// <summary>A card's files, by their paths (ISO 7816-4, IAS-ECC).</summary>
internal sealed class CardFiles(CardDialogue dialogue)
{
    private const byte Select = 0xA4;
    private const byte ReadBinary = 0xB0;

    // What the agency's own software reads at a time.
    private const byte Part = 0xE7;

    // A certificate has 2 kB; a card that says more of a file is not one of ours.
    private const int Largest = 16 * 1024;

    /// <summary>Null when there is no such file, or it does not let itself be read.</summary>
    public byte[]? Read(ReadOnlySpan<byte> path)
    {
        // By path from where the application is, or from the root when it begins with 3F00; with the file's description as an answer.
        var selected = dialogue.Send(Select, 0x09, 0x04, path, answers: true);
        if (!selected.IsOk)
            return null;
        var size = SizeOf(selected.Data) ?? Largest;
        if (size > Largest)
            return null;
        var content = new List<byte>(size);
        while (content.Count < size)
        {
            var wanted = (byte)Math.Min(Part, size - content.Count);
            var part = dialogue.Ask(ReadBinary, (byte)(content.Count >> 8), (byte)content.Count, wanted);
            // 6282: the file ended before; 6B00: nothing lies there any more.
            if (part.Status is not (0x9000 or 0x6282))
                return content.Count > 0 && part.Status is 0x6B00 ? [.. content] : null;
            content.AddRange(part.Data);
            if (part.Status == 0x6282 || part.Data.Length == 0)
                break;
        }

        return [.. content];
    }

    /// <summary>Tags 80 or 81 of the file's control parameters (62).</summary>
    private static int? SizeOf(byte[] description)
    {
        try
        {
            if (description is not [0x62, ..])
                return null;
            var parameters = new AsnReader(description, AsnEncodingRules.BER).ReadSequence(new Asn1Tag(TagClass.Application, 2, true));
            while (parameters.HasData)
            {
                var tag = parameters.PeekTag();
                var value = parameters.PeekContentBytes().Span;
                if (tag is { TagClass: TagClass.ContextSpecific, TagValue: 0 or 1 } && value.Length is > 0 and <= 4)
                {
                    var size = 0;
                    foreach (var one in value)
                        size = size << 8 | one;
                    return size;
                }

                parameters.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            // Without a readable description: read until the card says that it ends.
        }

        return null;
    }
}
