using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Testing;

/// <summary>A revocation list of hundreds of thousands of entries. .NET's own builder copies all that it has written for each kilobyte more: minutes.</summary>
public static class LongList
{
    // A serial number of 16 bytes, a date and a reason.
    private const int BytesPerEntry = 56;

    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>DER.</summary>
    /// <param name="authority">With its private RSA key.</param>
    /// <param name="serials">Of 2 hexadecimal digits a byte.</param>
    /// <param name="now">It is of five minutes before, and ends in seven days.</param>
    public static byte[] Of(X509Certificate2 authority, IReadOnlyCollection<string> serials, DateTimeOffset now)
    {
        var empty = new CertificateRevocationListBuilder().Build(authority, now.ToUnixTimeSeconds(), now.AddDays(7), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, now.AddMinutes(-5));
        var list = new AsnReader(empty, AsnEncodingRules.DER).ReadSequence();
        var signed = new AsnWriter(AsnEncodingRules.DER, serials.Count * BytesPerEntry + empty.Length);
        Fill(signed, list.ReadSequence(), serials, now);
        var content = signed.Encode();
        var whole = new AsnWriter(AsnEncodingRules.DER, content.Length + empty.Length);
        using (whole.PushSequence())
        {
            whole.WriteEncodedValue(content);
            whole.WriteEncodedValue(list.ReadEncodedValue().Span);
            using var key = authority.GetRSAPrivateKey()!;
            whole.WriteBitString(key.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        return whole.Encode();
    }

    /// <summary>What the empty one says of itself, its entries before its extensions.</summary>
    private static void Fill(AsnWriter signed, AsnReader empty, IEnumerable<string> serials, DateTimeOffset now)
    {
        using (signed.PushSequence())
        {
            while (!empty.PeekTag().HasSameClassAndValue(Extensions))
                signed.WriteEncodedValue(empty.ReadEncodedValue().Span);
            using (signed.PushSequence())
            {
                foreach (var serial in serials)
                    Write(signed, Convert.FromHexString(serial), now.AddDays(-2));
            }

            signed.WriteEncodedValue(empty.ReadEncodedValue().Span);
        }
    }

    private static void Write(AsnWriter signed, byte[] serial, DateTimeOffset at)
    {
        using (signed.PushSequence())
        {
            signed.WriteInteger(serial);
            signed.WriteUtcTime(at);
            using (signed.PushSequence())
            using (signed.PushSequence())
            {
                signed.WriteObjectIdentifier("2.5.29.21");
                using (signed.PushOctetString())
                    signed.WriteEnumeratedValue(X509RevocationReason.KeyCompromise);
            }
        }
    }
}
