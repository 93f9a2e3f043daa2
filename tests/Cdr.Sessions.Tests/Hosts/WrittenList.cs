using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>A revocation list written by hand: .NET's builder makes only well-behaved ones, without a scope.</summary>
internal sealed record WrittenList(DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate)
{
    public BigInteger? Number { get; init; } = 1;

    /// <summary>Serial numbers, hexadecimal.</summary>
    public IReadOnlyList<string> Revoked { get; init; } = [];

    /// <summary>Null: that of the signer.</summary>
    public byte[]? AuthorityKey { get; init; }

    /// <summary>Contents of the issuing distribution point (RFC 5280, 5.2.5), in the order given; null: the list is for everything.</summary>
    public Action<AsnWriter>? Scope { get; init; }

    /// <summary>A critical extension of each entry.</summary>
    public string? EntryExtension { get; init; }

    /// <summary>A critical extension of the list that says that it is part of something.</summary>
    public string? PartOf { get; init; }

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public static Action<AsnWriter> Only(int flag) => writer => writer.WriteBoolean(true, new Asn1Tag(TagClass.ContextSpecific, flag));

    public static Action<AsnWriter> At(string address) => writer =>
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            writer.WriteCharacterString(UniversalTagNumber.IA5String, address, new Asn1Tag(TagClass.ContextSpecific, 6));
    };

    /// <param name="signer">With its private key.</param>
    /// <param name="name">In whose name; null: the signer's own.</param>
    public byte[] SignedBy(X509Certificate2 signer, X500DistinguishedName? name = null)
    {
        var body = Body(signer, name ?? signer.SubjectName);
        using var key = signer.GetRSAPrivateKey()!;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(body);
            Algorithm(writer);
            writer.WriteBitString(key.SignData(body, Hash, RSASignaturePadding.Pkcs1));
        }

        return writer.Encode();
    }

    private void Algorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Hash == HashAlgorithmName.SHA1 ? "1.2.840.113549.1.1.5" : "1.2.840.113549.1.1.11");
            writer.WriteNull();
        }
    }

    private static void Extension(AsnWriter writer, string oid, bool critical, byte[] value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (critical)
                writer.WriteBoolean(true);
            writer.WriteOctetString(value);
        }
    }

    private static byte[] Encoded(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    private byte[] Body(X509Certificate2 signer, X500DistinguishedName name)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            Algorithm(writer);
            writer.WriteEncodedValue(name.RawData);
            writer.WriteUtcTime(ThisUpdate);
            writer.WriteUtcTime(NextUpdate);
            if (Revoked.Count > 0)
            {
                using (writer.PushSequence())
                {
                    foreach (var serial in Revoked)
                        Entry(writer, serial);
                }
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
                Extensions(writer, signer);
        }

        return writer.Encode();
    }

    private void Entry(AsnWriter writer, string serial)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(Convert.FromHexString(serial));
            writer.WriteUtcTime(ThisUpdate);
            if (EntryExtension is not { } oid)
                return;
            using (writer.PushSequence())
                Extension(writer, oid, critical: true, Encoded(value => value.WriteNull()));
        }
    }

    private void Extensions(AsnWriter writer, X509Certificate2 signer)
    {
        var key = AuthorityKey ?? signer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray();
        Extension(writer, "2.5.29.35", false, X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(key).RawData);
        if (Number is { } number)
            Extension(writer, "2.5.29.20", false, Encoded(value => value.WriteInteger(number)));
        if (Scope is { } scope)
        {
            Extension(writer, "2.5.29.28", true, Encoded(value =>
            {
                using (value.PushSequence())
                    scope(value);
            }));
        }

        if (PartOf is { } part)
            Extension(writer, part, critical: true, Encoded(value => value.WriteInteger(1)));
    }
}
