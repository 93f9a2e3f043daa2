using Cdr.Domain;

namespace Cdr.Drawer;

/// <summary>A card of the deck: what is printed on it, and what its certificates say.</summary>
/// <param name="Id">Short, stable.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="GivenName">Invented; a pseudonym on a card that is not nominative.</param>
/// <param name="FamilyName">Invented; empty on a card that is not nominative.</param>
/// <param name="Number">National identifier, its prefix before it; invented.</param>
/// <param name="Structure">Number of the structure, its prefix before it; null on CPS and CPF.</param>
/// <param name="Profession">On CPS and CPF.</param>
/// <param name="Title">What it is, in words.</param>
/// <param name="Detail">Employer, unit, role, or why it opens nothing.</param>
/// <param name="Opens">Whether it is meant to open a session.</param>
/// <param name="State">Expired and revoked cards stay so when they are renewed.</param>
internal sealed record DeckCard(
    string Id,
    CardKind Kind,
    string GivenName,
    string FamilyName,
    string Number,
    string? Structure,
    string? Profession,
    string Title,
    string Detail,
    bool Opens,
    DeckCardState State = DeckCardState.Good)
{
    public string Holder => $"{GivenName} {FamilyName}".Trim();
}

internal enum DeckCardState
{
    Good,
    Expired,
    Revoked,
}
