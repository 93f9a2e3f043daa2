using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>A responder (RFC 6960) that can be made to lie in each part of its answer.</summary>
internal sealed class TestResponder(X509Certificate2 issuer) : HttpMessageHandler
{
    private static readonly Asn1Tag Zero = new(TagClass.ContextSpecific, 0, isConstructed: true);

    public int Asked { get; private set; }

    public HashSet<string> Revoked { get; } = [];

    public bool KnowsNobody { get; set; }

    /// <summary>Null: the issuer itself.</summary>
    public X509Certificate2? Signer { get; set; }

    public bool ShowsSigner { get; set; } = true;

    public bool RepeatsNonce { get; set; } = true;

    public bool OtherNonce { get; set; }

    public bool OtherSerial { get; set; }

    public bool OtherIssuer { get; set; }

    public TimeSpan Age { get; set; }

    public TimeSpan? Life { get; set; } = TimeSpan.FromHours(1);

    public byte Status { get; set; }

    public HashAlgorithmName Hash { get; set; } = HashAlgorithmName.SHA256;

    public Func<CancellationToken, Task<HttpResponseMessage>>? Instead { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked++;
        if (Instead is { } instead)
            return await instead(cancellationToken);
        var question = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Answer(question)) };
    }

    private static byte[] Encoded(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    private byte[] Answer(byte[] question)
    {
        var body = new AsnReader(question, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        var id = body.ReadSequence().ReadSequence().ReadEncodedValue();
        var extensions = body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 2, true)).ReadEncodedValue();
        var data = Data(id, extensions);
        var signer = Signer ?? issuer;
        using var key = signer.GetRSAPrivateKey()!;
        var basic = Encoded(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(data);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Hash == HashAlgorithmName.SHA1 ? "1.2.840.113549.1.1.5" : "1.2.840.113549.1.1.11");
                    writer.WriteNull();
                }

                writer.WriteBitString(key.SignData(data, Hash, RSASignaturePadding.Pkcs1));
                if (Signer is not null && ShowsSigner)
                {
                    using (writer.PushSequence(Zero))
                    using (writer.PushSequence())
                        writer.WriteEncodedValue(signer.RawData);
                }
            }
        });
        return Encoded(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue([0x0A, 1, Status]);
                using (writer.PushSequence(Zero))
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.1");
                    writer.WriteOctetString(basic);
                }
            }
        });
    }

    [SuppressMessage("Security", "CA5350", Justification = "The protocol's name of a responder.")]
    private byte[] Data(ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> extensions)
    {
        var now = TimeProvider.System.GetUtcNow() - Age;
        var parts = new AsnReader(id, AsnEncodingRules.DER).ReadSequence();
        var (hash, name, key, serial) = (parts.ReadEncodedValue(), parts.ReadOctetString(), parts.ReadOctetString(), parts.ReadIntegerBytes());
        if (OtherIssuer)
            key[0] ^= 1;
        return Encoded(writer =>
        {
            using (writer.PushSequence())
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2, true)))
                    writer.WriteOctetString(SHA1.HashData((Signer ?? issuer).PublicKey.EncodedKeyValue.RawData));
                writer.WriteGeneralizedTime(now, omitFractionalSeconds: true);
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteEncodedValue(hash.Span);
                        writer.WriteOctetString(name);
                        writer.WriteOctetString(key);
                        if (OtherSerial)
                            writer.WriteInteger(1);
                        else
                            writer.WriteInteger(serial.Span);
                    }

                    if (KnowsNobody)
                        writer.WriteNull(new Asn1Tag(TagClass.ContextSpecific, 2));
                    else if (Revoked.Contains(Convert.ToHexString(serial.Span)))
                        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                            writer.WriteGeneralizedTime(now, omitFractionalSeconds: true);
                    else
                        writer.WriteNull(new Asn1Tag(TagClass.ContextSpecific, 0));
                    writer.WriteGeneralizedTime(now, omitFractionalSeconds: true);
                    if (Life is { } life)
                        using (writer.PushSequence(Zero))
                            writer.WriteGeneralizedTime(now + life, omitFractionalSeconds: true);
                }

                if (RepeatsNonce)
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1, true)))
                        writer.WriteEncodedValue(OtherNonce ? Changed(extensions) : extensions.Span);
            }
        });
    }

    private static byte[] Changed(ReadOnlyMemory<byte> extensions)
    {
        var bytes = extensions.ToArray();
        bytes[^1] ^= 1;
        return bytes;
    }
}
