using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Sessions.Cards;

/// <summary>A revocation list (RFC 5280, 5): read, and verified by its issuer's key.</summary>
internal sealed class RevocationList
{
    private const string AuthorityKeyOid = "2.5.29.35";
    private const string NumberOid = "2.5.29.20";

    private readonly ReadOnlyMemory<byte> signed;
    private readonly byte[] signature;
    private readonly HashAlgorithmName hash;
    private readonly HashSet<SerialNumber> serials = [];
    private readonly string issuer;
    private ReadOnlyMemory<byte>? authorityKey;
    private volatile string? signer;

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
        issuer = Convert.ToHexString(body.ReadEncodedValue().Span);
        ThisUpdate = Time(body);
        // Without its own end a list would be believed for ever.
        NextUpdate = Time(body);
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            ReadSerials(body.ReadSequence());
        if (body.HasData)
            ReadExtensions(body);
    }

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset NextUpdate { get; }

    /// <summary>Each list of an authority has a higher one; null where it tells none.</summary>
    public BigInteger? Number { get; private set; }

    public ListScope Scope { get; private set; } = ListScope.Everything;

    public int Entries => serials.Count;

    public bool Holds(SerialNumber serial) => serials.Contains(serial);

    /// <summary>By either sign: whoever answers for an address can choose among all the lists that its authority ever signed.</summary>
    public bool IsOlderThan(RevocationList other) => ThisUpdate < other.ThisUpdate || Number < other.Number;

    /// <summary>Lists of two parts of an authority's certificates have no entry in common.</summary>
    public bool SharesEntries(RevocationList other) => serials.Overlaps(other.serials);

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

    /// <summary>Same name, same key, and allowed to: another issuer may bear the same name.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        var id = Trust.IdOf(authority);
        if (signer == id)
            return true;
        if (Convert.ToHexString(authority.SubjectName.RawData) != issuer || !MayBeOf(authority))
            return false;
        using var key = authority.GetRSAPublicKey();
        if (key is null || !key.VerifyData(signed.Span, signature, hash, RSASignaturePadding.Pkcs1))
            return false;
        signer = id;
        return true;
    }

    private bool MayBeOf(X509Certificate2 authority)
    {
        if (authority.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } use && !use.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign))
            return false;
        return authorityKey is not { } told
            || authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is not { } own
            || told.Span.SequenceEqual(own.SubjectKeyIdentifierBytes.Span);
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

    /// <exception cref="AsnContentException">None that we take: SHA-1 is none.</exception>
    internal static HashAlgorithmName Algorithm(AsnReader identifier) => identifier.ReadObjectIdentifier() switch
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
        {
            var entry = entries.ReadSequence();
            serials.Add(SerialNumber.Of(entry.ReadIntegerBytes().Span));
            entry.ReadEncodedValue();
            if (entry.HasData)
                RefuseCritical(entry.ReadSequence());
        }
    }

    /// <summary>A critical extension of an entry names another issuer for it and all that follow (an indirect list).</summary>
    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var (oid, critical, _) = Extension(extensions);
            if (critical)
                throw new AsnContentException($"Critical extension {oid} of an entry.");
        }
    }

    private void ReadExtensions(AsnReader body)
    {
        var extensions = body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        while (extensions.HasData)
        {
            var (oid, critical, value) = Extension(extensions);
            var content = new AsnReader(value, AsnEncodingRules.DER);
            switch (oid)
            {
                case AuthorityKeyOid:
                    authorityKey = new X509AuthorityKeyIdentifierExtension(value, critical).KeyIdentifier;
                    break;
                case NumberOid:
                    Number = content.ReadInteger();
                    break;
                case ListScope.Extension:
                    Scope = ListScope.Read(content.ReadSequence());
                    break;
                default:
                    // What a critical extension says that we do not understand may make the list partial (a delta): what it leaves out would pass for good.
                    if (critical)
                        throw new AsnContentException($"Critical extension {oid}.");
                    break;
            }
        }
    }

    private static (string Oid, bool Critical, byte[] Value) Extension(AsnReader extensions)
    {
        var extension = extensions.ReadSequence();
        var oid = extension.ReadObjectIdentifier();
        var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
        return (oid, critical, extension.ReadOctetString());
    }
}
