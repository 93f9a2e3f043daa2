using System.Globalization;

namespace Cdr.EdgeAgent.Pins;

/// <summary>Where a person types a PIN: the agent's terminal, or a window of the system. Never a page.</summary>
internal interface IPinEntry
{
    /// <summary>Asks once. Nothing is held on the card meanwhile; a cancellation (the card left) closes it where the system lets a program close it.</summary>
    Task<PinTyped> AskAsync(PinQuestion question, CancellationToken cancellationToken);
}

/// <summary>What the person is told.</summary>
/// <param name="Card">Which card, in which reader.</param>
/// <param name="TriesLeft">Null where the card does not tell.</param>
/// <param name="WasWrong">The one before was wrong.</param>
/// <param name="Origin">Whom it signs in to: told, so that nobody is led to sign for somebody else.</param>
internal sealed record PinQuestion(string Card, int? TriesLeft, bool WasWrong, string Origin)
{
    /// <summary>The day on which the card's certificate ended, by this post's clock; null: it has not. The platform's clock decides.</summary>
    public DateOnly? Expired { get; init; }

    /// <summary>In words; the last try with its warning.</summary>
    public string Words => string.Join('\n', Sentences());

    private IEnumerable<string> Sentences()
    {
        if (WasWrong)
            yield return "Code faux.";
        yield return $"Code de la {Card}, pour ouvrir une session sur {Origin}.";
        if (Expired is { } day)
            yield return string.Create(CultureInfo.InvariantCulture, $"ATTENTION : d'après l'horloge de ce poste, cette carte a expiré le {day:dd/MM/yyyy}. Si c'est exact elle sera refusée : prenez celle qui la remplace.");
        switch (TriesLeft)
        {
            case 1:
                yield return "ATTENTION : dernier essai. Un code faux bloquera la carte ; seul son code de déblocage la rouvrira.";
                break;
            case { } left:
                yield return $"Il reste {left} essais.";
                break;
        }
    }
}

internal abstract record PinTyped
{
    /// <summary>Four ASCII digits, wiped once they have been to the card.</summary>
    public sealed record Pin(byte[] Digits) : PinTyped
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(Pin);
    }

    public sealed record Cancelled : PinTyped;

    /// <summary>There is nowhere to type.</summary>
    public sealed record Nowhere(string Why) : PinTyped;
}

internal static class Pin
{
    public const int Length = 4;

    /// <summary>Anything else is not sent: it would cost a try.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> typed) => typed.Length == Length && !typed.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>What to do with a blocked card. The unblocking code is typed into the agency's own software, never here.</summary>
    public const string BlockedWords =
        "Elle se débloque avec son code de déblocage (8 chiffres), dans le gestionnaire de cartes de la Cryptolib CPS ; "
        + "code perdu : service des cartes, 0 825 852 000, à toute heure. Ni CDR ni sa hotline ne demandent jamais ce code.";
}
