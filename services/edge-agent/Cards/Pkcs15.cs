using System.Formats.Asn1;

namespace Cdr.EdgeAgent.Cards;

/// <summary>A certificate that a card's directory lists.</summary>
/// <param name="Label">As the directory names it.</param>
/// <param name="Path">Where its bytes lie.</param>
internal sealed record ListedCertificate(string Label, byte[] Path);

/// <summary>A private key that a card's directory lists.</summary>
/// <param name="Label">As the directory names it.</param>
/// <param name="NonRepudiation">Made for signatures that bind their author, never to sign in.</param>
/// <param name="Signs">Made to sign.</param>
/// <param name="Reference">By which the card is told to use it; null where the directory leaves it out.</param>
internal sealed record ListedKey(string Label, bool NonRepudiation, bool Signs, byte? Reference);

/// <summary>A card's directories (PKCS#15 v1.1, 6): the ODF points to the CDF (certificates) and the PrKDF (private keys). Files are padded with zeros or FF.</summary>
internal static class Pkcs15
{
    private static readonly Asn1Tag PrivateKeys = new(TagClass.ContextSpecific, 0, true);
    private static readonly Asn1Tag Certificates = new(TagClass.ContextSpecific, 4, true);
    private static readonly Asn1Tag TypeAttributes = new(TagClass.ContextSpecific, 1, true);
    private static readonly Asn1Tag SupportedAlgorithms = new(TagClass.ContextSpecific, 2, true);

    // CKM_RSA_PKCS_PSS: of a digest.
    private const int Pss = 0x0D;

    /// <summary>Paths of the directories of certificates and of private keys.</summary>
    public static (IReadOnlyList<byte[]> Certificates, IReadOnlyList<byte[]> Keys) ReadOdf(byte[] file)
    {
        var (certificates, keys) = (new List<byte[]>(), new List<byte[]>());
        foreach (var entry in Values(file))
        {
            var reader = new AsnReader(entry, AsnEncodingRules.BER);
            var tag = reader.PeekTag();
            var into = tag.HasSameClassAndValue(Certificates) ? certificates : tag.HasSameClassAndValue(PrivateKeys) ? keys : null;
            into?.Add(Path(reader.ReadSequence(tag)));
        }

        return (certificates, keys);
    }

    public static IEnumerable<ListedCertificate> ReadCdf(byte[] file)
    {
        foreach (var entry in Values(file))
        {
            var reader = new AsnReader(entry, AsnEncodingRules.BER);
            // Other kinds of certificates have tags of their own.
            if (!reader.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
                continue;
            var (label, rest) = Labelled(reader.ReadSequence());
            while (rest.HasData && !rest.PeekTag().HasSameClassAndValue(TypeAttributes))
                rest.ReadEncodedValue();
            var attributes = rest.ReadSequence(TypeAttributes).ReadSequence();
            yield return new ListedCertificate(label, Path(attributes));
        }
    }

    public static IEnumerable<ListedKey> ReadPrkdf(byte[] file)
    {
        foreach (var entry in Values(file))
        {
            var reader = new AsnReader(entry, AsnEncodingRules.BER);
            if (!reader.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
                continue;
            var (label, rest) = Labelled(reader.ReadSequence());
            var common = rest.ReadSequence();
            // iD: two keys may share it, so it chooses nothing.
            common.ReadOctetString();
            var usage = common.ReadBitString(out _);
            byte? reference = null;
            while (common.HasData)
            {
                if (common.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
                    reference = common.TryReadInt32(out var number) ? unchecked((byte)number) : null;
                else
                    common.ReadEncodedValue();
            }

            yield return new ListedKey(label, Has(usage, 9), Has(usage, 2), reference);
        }
    }

    /// <summary>
    /// By which reference the card signs RSASSA-PSS, where its TokenInfo says that it does (6.9: algorithms by PKCS#11's numbers, each with the
    /// card's own reference); null: it does not say.
    /// </summary>
    public static byte? ReadPssReference(byte[] file)
    {
        foreach (var info in Values(file).Take(1).Select(value => new AsnReader(value, AsnEncodingRules.BER).ReadSequence()))
        {
            while (info.HasData && !info.PeekTag().HasSameClassAndValue(SupportedAlgorithms))
                info.ReadEncodedValue();
            for (var algorithms = info.HasData ? info.ReadSequence(SupportedAlgorithms) : info; algorithms.HasData;)
            {
                var one = algorithms.ReadSequence();
                one.ReadInteger();
                var isPss = one.TryReadInt32(out var algorithm) && algorithm == Pss;
                // Parameters, of whatever kind.
                one.ReadEncodedValue();
                while (one.HasData && !one.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
                    one.ReadEncodedValue();
                if (isPss && one.HasData && one.TryReadInt32(out var reference))
                    return unchecked((byte)reference);
            }
        }

        return null;
    }

    private static (string Label, AsnReader After) Labelled(AsnReader entry)
    {
        var common = entry.ReadSequence();
        var label = common.HasData && common.PeekTag().HasSameClassAndValue(new Asn1Tag(UniversalTagNumber.UTF8String)) ? common.ReadCharacterString(UniversalTagNumber.UTF8String) : "";
        return (label, entry);
    }

    /// <summary>Path ::= SEQUENCE { OCTET STRING, index and length where only a part of a file is meant }.</summary>
    private static byte[] Path(AsnReader holder) => holder.ReadSequence().ReadOctetString();

    private static bool Has(byte[] bits, int at) => at / 8 < bits.Length && (bits[at / 8] & (0x80 >> (at % 8))) != 0;

    private static IEnumerable<byte[]> Values(byte[] file)
    {
        for (var rest = file.AsMemory(); rest.Length > 1 && rest.Span[0] is not (0 or 0xFF);)
        {
            var value = new AsnReader(rest, AsnEncodingRules.BER).ReadEncodedValue();
            yield return value.ToArray();
            rest = rest[value.Length..];
        }
    }
}
