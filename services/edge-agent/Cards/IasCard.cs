using System.Formats.Asn1;
using System.Security.Cryptography;
using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent.Cards;

/// <summary>
/// A CPx card spoken to in its own words (IAS-ECC). Its directories are followed, never assumed; the authentication key is chosen by its
/// label or its use, never by an identifier that two keys may share, and never the signature key.
/// </summary>
internal sealed class IasCard(ICardChannel channel) : ICardSigner
{
    public const string Rs256 = "RS256";
    public const string Ps256 = "PS256";
    private const string KeyLabel = "CPS_PRIV_AUT";
    private const string SignatureKeyLabel = "CPS_PRIV_SIG";
    private const byte AuthenticationKey = 0x82;
    private const byte SignatureKey = 0x81;

    private static readonly byte[] Application = Convert.FromHexString("E828BD080F8025000001FF0010");
    private static readonly byte[] SerialFile = Convert.FromHexString("3F00D003");
    private static readonly byte[] Odf = Convert.FromHexString("5031");
    private static readonly byte[] TokenInfo = Convert.FromHexString("5032");

    // RSASSA-PKCS1-v1_5.
    private const byte Pkcs1 = 0x02;

    // DigestInfo of SHA-256 (RFC 8017, 9.2): the card adds the padding around it.
    private static readonly byte[] Sha256Info = Convert.FromHexString("3031300D060960864801650304020105000420");

    private readonly CardDialogue dialogue = new(channel);
    private byte authenticationKey = AuthenticationKey;
    private byte? pss;
    private bool presented;

    public static CardTrouble TroubleOf(CardLoss loss) => loss switch
    {
        CardLoss.Withdrawn => CardTrouble.Withdrawn,
        CardLoss.Reset => CardTrouble.Reset,
        CardLoss.ServiceGone => CardTrouble.ServiceGone,
        CardLoss.Busy => CardTrouble.Busy,
        _ => CardTrouble.ReaderFailed,
    };

    public CardReading Read() => Try<CardReading>(ReadCard, why => new CardReading.Failed(why));

    public CardSigning Sign(CardFacts card, ReadOnlySpan<byte> pin, ReadOnlySpan<byte> value, string algorithm)
    {
        if (!card.Algorithms.Contains(algorithm) || algorithm == Ps256 && pss is null)
            return new CardSigning.Failed(CardTrouble.AlgorithmUnknown);
        var typed = pin.ToArray();
        var digest = SHA256.HashData(value);
        try
        {
            return Try<CardSigning>(() => SignHeld(card, typed, digest, algorithm == Ps256), why => new CardSigning.Failed(why));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(typed);
        }
    }

    public void Leave(CardReset reset) => channel.Close(presented ? reset : CardReset.Never);

    public void Dispose() => channel.Dispose();

    private CardReading ReadCard()
    {
        var family = CardFamilies.Of(channel.Atr.Span);
        if (!family.SignsIn())
            return new CardReading.Failed(CardTrouble.NotOurs);
        using var held = channel.Hold();
        if (SelectAndIdentify() is not { } serial)
            return new CardReading.Failed(CardTrouble.Unreadable);
        var files = new CardFiles(dialogue);
        if (files.Read(Odf) is not { } odf)
            return new CardReading.Failed(CardTrouble.Unreadable);
        var (certificates, keys) = Pkcs15.ReadOdf(odf);
        var key = keys.Select(path => files.Read(path)).OfType<byte[]>().SelectMany(Pkcs15.ReadPrkdf).Where(IsForAuthentication)
            .OrderByDescending(one => one.Label == KeyLabel).FirstOrDefault();
        if (key is null)
            return new CardReading.Failed(CardTrouble.NoAuthenticationKey);
        authenticationKey = key.Reference ?? AuthenticationKey;
        pss = family == CardFamily.Cps3 ? null : ReadPss(files);
        foreach (var listed in certificates.Select(path => files.Read(path)).OfType<byte[]>().SelectMany(Pkcs15.ReadCdf).ToList())
        {
            if (files.Read(listed.Path) is { } bytes && AuthenticationCertificate.In(bytes) is { } certificate)
                return new CardReading.Read(new CardFacts(family, serial, certificate, TriesLeft(), pss is null ? [Rs256] : [Rs256, Ps256]));
        }

        return new CardReading.Failed(CardTrouble.NoAuthenticationKey);
    }

    /// <summary>A card that does not say it, or says it unreadably, signs RS256 all the same.</summary>
    private static byte? ReadPss(CardFiles files)
    {
        try
        {
            return files.Read(TokenInfo) is { } info ? Pkcs15.ReadPssReference(info) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private CardSigning SignHeld(CardFacts card, byte[] pin, byte[] digest, bool byPss)
    {
        using var held = channel.Hold();
        // Another program may have selected something else meanwhile, and another card may lie in the reader.
        if (SelectAndIdentify() is not { } serial)
            return new CardSigning.Failed(CardTrouble.Unreadable);
        if (serial != card.Serial)
            return new CardSigning.Failed(CardTrouble.AnotherCard);
        presented = true;
        var verified = dialogue.Send(0x20, 0x00, 0x01, pin);
        if (verified.Status == 0x6983 || verified.TriesLeft == 0)
            return new CardSigning.Blocked();
        if (!verified.IsOk)
            return verified.TriesLeft is { } left ? new CardSigning.WrongPin(left) : new CardSigning.Failed(CardTrouble.Refused);
        if (!dialogue.Send(0x22, 0x41, 0xA4, [0x80, 0x01, byPss ? pss!.Value : Pkcs1, 0x84, 0x01, authenticationKey]).IsOk)
            return new CardSigning.Failed(CardTrouble.Refused);
        // As PKCS#11 has it of the same mechanisms: PSS is given a digest, PKCS#1 what names it too.
        var signed = dialogue.Send(0x88, 0x00, 0x00, byPss ? digest : [.. Sha256Info, .. digest], answers: true);
        if (!signed.IsOk)
            return new CardSigning.Failed(CardTrouble.Refused);
        return AuthenticationCertificate.Signed(card.Certificate, digest, signed.Data, byPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            ? new CardSigning.Signed(signed.Data)
            : new CardSigning.Failed(CardTrouble.WrongSignature);
    }

    /// <summary>Selects the application and reads the chip's number; null where there is none.</summary>
    private string? SelectAndIdentify()
    {
        if (!SelectApplication() || new CardFiles(dialogue).Read(SerialFile) is not { Length: > 0 } serial)
            return null;
        // The number lies at the root, and where one has read is where one stands.
        return SelectApplication() ? Convert.ToHexString(serial) : null;
    }

    private bool SelectApplication() => dialogue.Send(0xA4, 0x04, 0x0C, Application).IsOk;

    /// <summary>Without a try: a length of zero.</summary>
    private int? TriesLeft()
    {
        var reply = dialogue.Ask(0x20, 0x00, 0x01, 0x00);
        return reply.Status == 0x6983 ? 0 : reply.TriesLeft;
    }

    private static bool IsForAuthentication(ListedKey key) =>
        key.Label != SignatureKeyLabel && !key.NonRepudiation && key.Reference != SignatureKey && (key.Label == KeyLabel || key.Signs);

    private static TOutcome Try<TOutcome>(Func<TOutcome> conversation, Func<CardTrouble, TOutcome> failed)
    {
        try
        {
            return conversation();
        }
        catch (CardLostException lost)
        {
            return failed(TroubleOf(lost.Loss));
        }
        catch (AsnContentException)
        {
            return failed(CardTrouble.Unreadable);
        }
    }
}
