using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Pins;

namespace Cdr.EdgeAgent.SignIn;

/// <summary>What became of a sign-in.</summary>
internal abstract record SignInOutcome
{
    /// <param name="Opening">The one-time ticket, and the id of the session to come.</param>
    /// <param name="Card">As it was read: what has to stay in the reader.</param>
    public sealed record Opened(Opening Opening, CardFacts Card) : SignInOutcome;

    public sealed record CardFailed(CardTrouble Why) : SignInOutcome;

    public sealed record CardBlocked : SignInOutcome;

    /// <summary>The person gave up, or had nowhere to type.</summary>
    public sealed record NoPin(string? Why) : SignInOutcome;

    public sealed record Refused(PlatformRefusal Why) : SignInOutcome;

    public sealed record PlatformSilent : SignInOutcome;

    /// <summary>A challenge under another origin than the settings': nothing was signed.</summary>
    public sealed record ForeignOrigin(string Origin) : SignInOutcome;

    /// <summary>The platform takes no algorithm that the card has.</summary>
    public sealed record NoAlgorithm : SignInOutcome;
}

/// <summary>
/// From a card in a reader to a one-time ticket. The PIN is asked for before the challenge: its 120 s are not spent typing, and a platform
/// that is silent costs no try. It goes from where it was typed to the card, and is wiped.
/// </summary>
internal sealed class CardSignIn(Platform platform, AgentKey key, string osSession, byte[] postSecret, IPinEntry pins, TimeProvider clock)
{
    /// <param name="signer">The card; left and not disposed of here.</param>
    /// <param name="where">Which card in which reader, for the person.</param>
    /// <param name="insertion">Which insertion this is.</param>
    /// <param name="reset">What becomes of the card's PIN state: at once, not after the platform's reply.</param>
    /// <param name="report">What the agent found on its post.</param>
    /// <param name="cancellationToken">Cancelled when the card leaves, too.</param>
    public async Task<SignInOutcome> RunAsync(ICardSigner signer, string where, long insertion, CardReset reset, Func<CardFacts, PostReport?> report, CancellationToken cancellationToken)
    {
        try
        {
            return signer.Read() switch
            {
                CardReading.Read { Card: var card } => await WithCardAsync(signer, card, where, insertion, reset, report, cancellationToken),
                CardReading.Failed { Why: var why } => new SignInOutcome.CardFailed(why),
                _ => throw new InvalidOperationException("A reading of an unknown kind."),
            };
        }
        finally
        {
            signer.Leave(reset);
        }
    }

    private async Task<SignInOutcome> WithCardAsync(ICardSigner signer, CardFacts card, string where, long insertion, CardReset reset, Func<CardFacts, PostReport?> report, CancellationToken cancellationToken)
    {
        if (card.IsBlocked)
            return new SignInOutcome.CardBlocked();
        var (tries, end) = (card.TriesLeft, AuthenticationCertificate.EndOf(card.Certificate));
        DateOnly? expired = end < clock.GetUtcNow() ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(end, clock.LocalTimeZone).DateTime) : null;
        for (var wasWrong = false; ; wasWrong = true)
        {
            var typed = await pins.AskAsync(new PinQuestion(where, tries, wasWrong, platform.Origin) { Expired = expired }, cancellationToken);
            if (typed is not PinTyped.Pin { Digits: var digits })
                return new SignInOutcome.NoPin((typed as PinTyped.Nowhere)?.Why);
            try
            {
                var (outcome, left) = await SignAsync(signer, card, digits, insertion, reset, report, cancellationToken);
                if (outcome is not null)
                    return outcome;
                tries = left;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(digits);
            }
        }
    }

    /// <summary>No outcome: the PIN was wrong, and so many tries are left.</summary>
    private async Task<(SignInOutcome? Outcome, int? TriesLeft)> SignAsync(
        ICardSigner signer, CardFacts card, byte[] pin, long insertion, CardReset reset, Func<CardFacts, PostReport?> report, CancellationToken cancellationToken)
    {
        var asked = await platform.ChallengeAsync(key.Public, osSession, cancellationToken);
        if (asked is not PlatformReply<Challenge>.Ok { Value: var challenge })
            return (asked is PlatformReply<Challenge>.Refused { Why: var why } ? new SignInOutcome.Refused(why) : new SignInOutcome.PlatformSilent(), null);
        if (challenge.Origin.TrimEnd('/') != platform.Origin)
            return (new SignInOutcome.ForeignOrigin(challenge.Origin), null);
        if (challenge.Algorithms.FirstOrDefault(card.Algorithms.Contains) is not { } algorithm)
            return (new SignInOutcome.NoAlgorithm(), null);
        var value = SignedValue.Of(challenge.Origin, Base64Url.DecodeFromChars(challenge.Nonce), key.Public, osSession, Platform.SignInPurpose, algorithm);
        switch (signer.Sign(card, pin, value, algorithm))
        {
            case CardSigning.WrongPin { TriesLeft: var left }:
                return (null, left);
            case CardSigning.Blocked:
                return (new SignInOutcome.CardBlocked(), null);
            case CardSigning.Failed { Why: var trouble }:
                return (new SignInOutcome.CardFailed(trouble), null);
            case CardSigning.Signed { Signature: var signature }:
                signer.Leave(reset);
                var opened = await platform.OpenAsync(Request(challenge, card, algorithm, signature, insertion, report), cancellationToken);
                return (opened switch
                {
                    PlatformReply<Opening>.Ok { Value: var opening } => new SignInOutcome.Opened(opening, card),
                    PlatformReply<Opening>.Refused { Why: var refusal } => new SignInOutcome.Refused(refusal),
                    _ => new SignInOutcome.PlatformSilent(),
                }, null);
            default:
                throw new InvalidOperationException("A signing of an unknown kind.");
        }
    }

    private OpeningRequest Request(Challenge challenge, CardFacts card, string algorithm, byte[] signature, long insertion, Func<CardFacts, PostReport?> report)
    {
        var post = report(card);
        return new OpeningRequest(
            challenge.Id,
            Base64Url.EncodeToString(key.Public),
            osSession,
            Platform.SignInPurpose,
            algorithm,
            Convert.ToBase64String(card.Certificate),
            Base64Url.EncodeToString(signature),
            key.State(challenge.Origin, challenge.Id, AgentStatements.Present, insertion, post),
            post,
            post is null ? null : Base64Url.EncodeToString(postSecret));
    }
}
