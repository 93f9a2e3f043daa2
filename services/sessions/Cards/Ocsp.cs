using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Sessions.Cards;

/// <summary>The question to a responder about one certificate (RFC 6960), and how its answer is read.</summary>
internal sealed class OcspQuestion
{
    public const string RequestType = "application/ocsp-request";
    private const string NonceOid = "1.3.6.1.5.5.7.48.1.2";
    private const string Basic = "1.3.6.1.5.5.7.48.1.1";
    private const string Sha1 = "1.3.14.3.2.26";

    private readonly byte[] name;
    private readonly byte[] key;
    private readonly byte[] serial;
    private readonly byte[] nonce = RandomNumberGenerator.GetBytes(32);

    [SuppressMessage("Security", "CA5350", Justification = "It designates the issuer, which the signature proves; the one hash that every responder knows (RFC 5019).")]
    public OcspQuestion(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        name = SHA1.HashData(issuer.SubjectName.RawData);
        key = SHA1.HashData(issuer.PublicKey.EncodedKeyValue.RawData);
        serial = certificate.SerialNumberBytes.ToArray();
    }

    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Sha1);
                    writer.WriteNull();
                }

                writer.WriteOctetString(name);
                writer.WriteOctetString(key);
                writer.WriteInteger(serial);
            }

            using (writer.PushSequence(Tag(2)))
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(NonceOid);
                var value = new AsnWriter(AsnEncodingRules.DER);
                value.WriteOctetString(nonce);
                writer.WriteOctetString(value.Encode());
            }
        }

        return writer.Encode();
    }

    /// <summary>Null: no answer to this very question.</summary>
    public OcspAnswer? Read(byte[] content)
    {
        try
        {
            var response = new AsnReader(content, AsnEncodingRules.DER).ReadSequence();
            // Not « successful »: an error has no more to say.
            if (response.ReadEnumeratedBytes().Span is not [0])
                return null;
            var bytes = response.ReadSequence(Tag(0)).ReadSequence();
            return bytes.ReadObjectIdentifier() == Basic ? Answer(new AsnReader(bytes.ReadOctetString(), AsnEncodingRules.DER).ReadSequence()) : null;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    private OcspAnswer? Answer(AsnReader basic)
    {
        var signed = basic.PeekEncodedValue();
        var data = basic.ReadSequence();
        var hash = RevocationList.Algorithm(basic.ReadSequence());
        var signature = basic.ReadBitString(out _);
        List<X509Certificate2> certificates = [];
        if (basic.HasData)
        {
            var all = basic.ReadSequence(Tag(0)).ReadSequence();
            while (all.HasData)
                certificates.Add(X509CertificateLoader.LoadCertificate(all.ReadEncodedValue().Span));
        }

        if (data.PeekTag().HasSameClassAndValue(Tag(0)))
            data.ReadEncodedValue();
        // Who it says it is; the signature tells.
        data.ReadEncodedValue();
        data.ReadGeneralizedTime();
        var about = data.ReadSequence();
        if (!data.HasData || !IsNonce(data.ReadSequence(Tag(1)).ReadSequence()))
            return null;
        while (about.HasData)
        {
            var one = about.ReadSequence();
            if (IsAsked(one.ReadSequence()))
                return new OcspAnswer(Status(one), one.ReadGeneralizedTime(), Next(one), signed, signature, hash, certificates);
        }

        return null;
    }

    private static OcspStatus Status(AsnReader one)
    {
        var tag = one.PeekTag();
        one.ReadEncodedValue();
        return tag switch
        {
            { TagClass: TagClass.ContextSpecific, TagValue: 0 } => OcspStatus.Good,
            { TagClass: TagClass.ContextSpecific, TagValue: 1 } => OcspStatus.Revoked,
            _ => OcspStatus.Unknown,
        };
    }

    private static DateTimeOffset? Next(AsnReader one) =>
        one.HasData && one.PeekTag().HasSameClassAndValue(Tag(0)) ? one.ReadSequence(Tag(0)).ReadGeneralizedTime() : null;

    private bool IsAsked(AsnReader id) =>
        id.ReadSequence().ReadObjectIdentifier() == Sha1 && id.ReadOctetString().AsSpan().SequenceEqual(name) && id.ReadOctetString().AsSpan().SequenceEqual(key)
        && SerialNumber.Of(id.ReadIntegerBytes().Span) == SerialNumber.Of(serial);

    private bool IsNonce(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            if (extension.ReadObjectIdentifier() != NonceOid)
                continue;
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
                extension.ReadBoolean();
            return new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString().AsSpan().SequenceEqual(nonce);
        }

        return false;
    }

    private static Asn1Tag Tag(int value) => new(TagClass.ContextSpecific, value, isConstructed: true);
}

internal enum OcspStatus
{
    Good,
    Revoked,

    /// <summary>The responder does not know the certificate.</summary>
    Unknown,
}

/// <summary>An answer that bears the question's nonce and speaks of its certificate; who signed it is still to be seen.</summary>
internal sealed record OcspAnswer(
    OcspStatus Status, DateTimeOffset ThisUpdate, DateTimeOffset? NextUpdate, ReadOnlyMemory<byte> Signed, byte[] Signature, HashAlgorithmName Hash, IReadOnlyList<X509Certificate2> Certificates)
{
    public bool IsSignedBy(X509Certificate2 responder)
    {
        using var key = responder.GetRSAPublicKey();
        return key is not null && key.VerifyData(Signed.Span, Signature, Hash, RSASignaturePadding.Pkcs1);
    }
}
