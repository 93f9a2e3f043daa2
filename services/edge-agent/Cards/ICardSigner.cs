using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent.Cards;

/// <summary>A card that signs: over PC/SC by its own commands, or through a PKCS#11 library (Cryptolib). Blocking: cards are.</summary>
internal interface ICardSigner : IDisposable
{
    /// <summary>Identifies the card and reads its authentication certificate, without a PIN.</summary>
    CardReading Read();

    /// <summary>Presents the PIN and signs with the authentication key, provided that it is still the card that was read.</summary>
    /// <param name="card">As it was read, before the PIN was asked for.</param>
    /// <param name="pin">ASCII digits. Whoever asked for it clears it.</param>
    /// <param name="value">What to sign, not hashed.</param>
    /// <param name="algorithm">RS256, or PS256 where the card does it.</param>
    CardSigning Sign(CardFacts card, ReadOnlySpan<byte> pin, ReadOnlySpan<byte> value, string algorithm);

    /// <summary>Leaves the card. The reset is made only when a PIN was presented here.</summary>
    void Leave(CardReset reset);
}

/// <summary>What a card says of itself. Nothing of its holder: that is inside the certificate, and goes to the platform alone.</summary>
/// <param name="Family">By its ATR.</param>
/// <param name="Serial">Of the chip, hexadecimal: the same card or not.</param>
/// <param name="Certificate">Authentication certificate, DER.</param>
/// <param name="TriesLeft">PINs that may still be wrong; 0: blocked; null: the card does not tell.</param>
/// <param name="Algorithms">That it signs with.</param>
internal sealed record CardFacts(CardFamily Family, string Serial, byte[] Certificate, int? TriesLeft, IReadOnlyList<string> Algorithms)
{
    public bool IsBlocked => TriesLeft == 0;

    /// <summary>The same chip with the same certificate.</summary>
    public bool IsSame(CardFacts other) => Serial == other.Serial && Certificate.AsSpan().SequenceEqual(other.Certificate);

    /// <summary>Masked: a certificate names its holder.</summary>
    public override string ToString() => $"{nameof(CardFacts)} {Family}";
}

internal abstract record CardReading
{
    public sealed record Read(CardFacts Card) : CardReading;

    public sealed record Failed(CardTrouble Why) : CardReading;
}

internal abstract record CardSigning
{
    public sealed record Signed(byte[] Signature) : CardSigning;

    /// <param name="TriesLeft">Null where the card does not tell.</param>
    public sealed record WrongPin(int? TriesLeft) : CardSigning;

    public sealed record Blocked : CardSigning;

    public sealed record Failed(CardTrouble Why) : CardSigning;
}

/// <summary>Why a card does nothing for us.</summary>
internal enum CardTrouble
{
    Withdrawn,
    Reset,
    ServiceGone,
    Busy,

    /// <summary>The reader failed in a way of its own.</summary>
    ReaderFailed,

    /// <summary>Not of the CPx family, or over the air.</summary>
    NotOurs,

    /// <summary>Of the family, but its files are not as they should be.</summary>
    Unreadable,

    /// <summary>No authentication key with a certificate for it.</summary>
    NoAuthenticationKey,

    /// <summary>Another card than the one that was read.</summary>
    AnotherCard,

    /// <summary>The card refused to sign.</summary>
    Refused,

    /// <summary>What it signed does not fit its certificate.</summary>
    WrongSignature,

    /// <summary>An algorithm that this card has not.</summary>
    AlgorithmUnknown,

    /// <summary>The PKCS#11 library is missing or does not work.</summary>
    LibraryFailed,
}
