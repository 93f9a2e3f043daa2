using System.Security.Cryptography;
using System.Text;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Pcsc;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Cdr.EdgeAgent.Pkcs11;

/// <summary>A card through a PKCS#11 library: Cryptolib. Each conversation opens a session of its own: one from before a withdrawal stays invalid.</summary>
internal sealed class Pkcs11Card(Pkcs11Tokens tokens, IPcsc pcsc, string reader) : ICardSigner
{
    private const string KeyLabel = "CPS_PRIV_AUT";
    private const string SignatureKeyLabel = "CPS_PRIV_SIG";

    private readonly TokenReaders readers = new(pcsc);
    private string? presentedIn;

    public CardReading Read() => Try<CardReading>(slot =>
    {
        if (readers.FamilyOf(Pkcs11Tokens.DescriptionOf(slot)) is not { } family)
            return new CardReading.Failed(CardTrouble.Withdrawn);
        if (!family.SignsIn())
            return new CardReading.Failed(CardTrouble.NotOurs);
        using var session = slot.OpenSession(SessionType.ReadOnly);
        return Certificate(session) is { } certificate
            ? new CardReading.Read(new CardFacts(family, slot.GetTokenInfo().SerialNumber, certificate, TriesLeft(slot), Algorithms(slot)))
            : new CardReading.Failed(CardTrouble.NoAuthenticationKey);
    }, why => new CardReading.Failed(why));

    public CardSigning Sign(CardFacts card, ReadOnlySpan<byte> pin, ReadOnlySpan<byte> value, string algorithm)
    {
        if (!card.Algorithms.Contains(algorithm))
            return new CardSigning.Failed(CardTrouble.AlgorithmUnknown);
        var (typed, text) = (pin.ToArray(), value.ToArray());
        try
        {
            return Try<CardSigning>(slot => Sign(slot, card, typed, text, algorithm), why => new CardSigning.Failed(why));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(typed);
        }
    }

    /// <summary>
    /// Logging out says nothing to the card, and a library that ends does not reset it either. Its own connection is closed first: it would be
    /// taken for other software's, and a library whose card is reset under it may see another card. Where PC/SC has no such reader, the card is left.
    /// </summary>
    public void Leave(CardReset reset)
    {
        if (reset == CardReset.Never || presentedIn is not { } description)
            return;
        presentedIn = null;
        try
        {
            if (readers.Of(description) is { HasCard: true } used)
                tokens.Without(() => readers.Reset(used, reset));
        }
        catch (PcscException)
        {
            // Nobody reaches the card any more.
        }
    }

    public void Dispose() => readers.Dispose();

    private CardSigning Sign(ISlot slot, CardFacts card, byte[] pin, byte[] value, string algorithm)
    {
        if (slot.GetTokenInfo().SerialNumber != card.Serial)
            return new CardSigning.Failed(CardTrouble.AnotherCard);
        using var session = slot.OpenSession(SessionType.ReadOnly);
        presentedIn = Pkcs11Tokens.DescriptionOf(slot);
        try
        {
            session.Login(CKU.CKU_USER, pin);
        }
        catch (Pkcs11Exception e) when (e.RV is CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_PIN_INVALID)
        {
            return TriesLeft(slot) is 0 ? new CardSigning.Blocked() : new CardSigning.WrongPin(TriesLeft(slot));
        }
        catch (Pkcs11Exception e) when (e.RV is CKR.CKR_PIN_LOCKED)
        {
            return new CardSigning.Blocked();
        }

        try
        {
            // Private keys show themselves only now.
            if (AuthenticationKey(session, card.Certificate) is not { } key)
                return new CardSigning.Failed(CardTrouble.NoAuthenticationKey);
            using var mechanism = Mechanism(session, algorithm);
            var signature = session.Sign(mechanism, key, value);
            return AuthenticationCertificate.Signed(card.Certificate, SHA256.HashData(value), signature, algorithm == IasCard.Ps256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
                ? new CardSigning.Signed(signature)
                : new CardSigning.Failed(CardTrouble.WrongSignature);
        }
        finally
        {
            session.Logout();
        }
    }

    private static byte[]? Certificate(ISession session) =>
        session.FindAllObjects([Attribute(session, CKA.CKA_CLASS, CKO.CKO_CERTIFICATE)])
            .Select(one => AuthenticationCertificate.In(session.GetAttributeValue(one, [CKA.CKA_VALUE])[0].GetValueAsByteArray()))
            .FirstOrDefault(certificate => certificate is not null);

    /// <summary>By its label; otherwise the one whose modulus is the certificate's. CKA_ID chooses nothing: libraries give one to both keys.</summary>
    private static IObjectHandle? AuthenticationKey(ISession session, byte[] certificate)
    {
        using var loaded = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(certificate);
        using var rsa = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(loaded)!;
        var modulus = rsa.ExportParameters(false).Modulus;
        var keys = session.FindAllObjects([Attribute(session, CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY)])
            .Select(one => (Handle: one, Values: session.GetAttributeValue(one, [CKA.CKA_LABEL, CKA.CKA_MODULUS])))
            .Select(one => (one.Handle, Label: one.Values[0].CannotBeRead ? "" : Encoding.UTF8.GetString(one.Values[0].GetValueAsByteArray()), Modulus: one.Values[1].CannotBeRead ? [] : one.Values[1].GetValueAsByteArray()))
            .Where(one => one.Label != SignatureKeyLabel)
            .ToList();
        return (keys.FirstOrDefault(one => one.Label == KeyLabel).Handle) ?? keys.FirstOrDefault(one => one.Modulus.AsSpan().SequenceEqual(modulus)).Handle;
    }

    private static IMechanism Mechanism(ISession session, string algorithm)
    {
        var factories = session.Factories;
        return algorithm == IasCard.Ps256
            ? factories.MechanismFactory.Create(CKM.CKM_SHA256_RSA_PKCS_PSS, factories.MechanismParamsFactory.CreateCkRsaPkcsPssParams((ulong)CKM.CKM_SHA256, (ulong)CKG.CKG_MGF1_SHA256, 32))
            : factories.MechanismFactory.Create(CKM.CKM_SHA256_RSA_PKCS);
    }

    private static List<string> Algorithms(ISlot slot)
    {
        var mechanisms = slot.GetMechanismList();
        return mechanisms.Contains(CKM.CKM_SHA256_RSA_PKCS_PSS) ? [IasCard.Rs256, IasCard.Ps256] : [IasCard.Rs256];
    }

    /// <summary>PKCS#11 tells no number, but whether tries were lost.</summary>
    private static int? TriesLeft(ISlot slot)
    {
        var flags = slot.GetTokenInfo().TokenFlags;
        return flags.UserPinLocked ? 0 : flags.UserPinFinalTry ? 1 : null;
    }

    private static IObjectAttribute Attribute(ISession session, CKA type, CKO value) => session.Factories.ObjectAttributeFactory.Create(type, value);

    private TOutcome Try<TOutcome>(Func<ISlot, TOutcome> conversation, Func<CardTrouble, TOutcome> failed)
    {
        try
        {
            return tokens.Use(() => tokens.Find(reader) is { } slot ? conversation(slot) : failed(CardTrouble.Withdrawn));
        }
        catch (Pkcs11Exception e)
        {
            return failed(e.RV switch
            {
                CKR.CKR_DEVICE_REMOVED or CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_SLOT_ID_INVALID or CKR.CKR_SESSION_HANDLE_INVALID => CardTrouble.Withdrawn,
                CKR.CKR_PIN_LOCKED => CardTrouble.Refused,
                CKR.CKR_DEVICE_ERROR => CardTrouble.ReaderFailed,
                _ => CardTrouble.LibraryFailed,
            });
        }
    }
}
