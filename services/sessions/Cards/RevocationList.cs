using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Sessions.Cards;

/// <summary>A revocation list (RFC 5280, 5): read, and verified by its issuer's key.</summary>
internal sealed class RevocationList
{
    private readonly ReadOnlyMemory<byte> signed;
    private readonly byte[] signature;
    private readonly HashAlgorithmName hash;
    private readonly HashSet<SerialNumber> serials = [];

    private RevocationList(byte[] der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        signed = list.PeekEncodedValue();
        var body = list.ReadSequence();
        hash = Algorithm(list.ReadSequence());
        signature = list.ReadBitString(out _);
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            body.ReadInteger();
        if (Algorithm(body.ReadSequence()) != hash)
            throw new AsnContentException("Two algorithms.");
        Issuer = Convert.ToHexString(body.ReadEncodedValue().Span);
        ThisUpdate = Time(body);
        // Without its own end a list would be believed for ever.
        NextUpdate = Time(body);
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            ReadSerials(body.ReadSequence());
        if (body.HasData)
            ReadExtensions(body);
    }

    /// <summary>Name of the issuer, its bytes in hexadecimal.</summary>
    public string Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset NextUpdate { get; }

    public int Entries => serials.Count;

    public bool Holds(SerialNumber serial) => serials.Contains(serial);

    /// <summary>Null when it is not a full list that we understand.</summary>
    public static RevocationList? Read(byte[] content)
    {
        try
        {
            return new RevocationList(Der(content));
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Same name and right key: another issuer may bear the same name.</summary>
    public bool IsSignedBy(X509Certificate2 issuer)
    {
        using var key = issuer.GetRSAPublicKey();
        return key is not null
            && Convert.ToHexString(issuer.SubjectName.RawData) == Issuer
            && key.VerifyData(signed.Span, signature, hash, RSASignaturePadding.Pkcs1);
    }

    private static byte[] Der(byte[] content)
    {
        if (!content.AsSpan().StartsWith("-----BEGIN"u8))
            return content;
        var text = System.Text.Encoding.ASCII.GetString(content);
        if (!PemEncoding.TryFind(text, out var pem))
            throw new FormatException("PEM.");
        return Convert.FromBase64String(text[pem.Base64Data]);
    }

    private static HashAlgorithmName Algorithm(AsnReader identifier) => identifier.ReadObjectIdentifier() switch
    {
        "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
        _ => throw new AsnContentException("Algorithm."),
    };

    private static DateTimeOffset Time(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private void ReadSerials(AsnReader entries)
    {
        while (entries.HasData)
            serials.Add(SerialNumber.Of(entries.ReadSequence().ReadIntegerBytes().Span));
    }

    private static void ReadExtensions(AsnReader body)
    {
        var extensions = body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            // A critical extension makes the list partial (a delta, some reasons only): what it leaves out would pass for good.
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean())
                throw new AsnContentException($"Critical extension {oid}.");
        }
    }
}
