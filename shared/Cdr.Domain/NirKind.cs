namespace Cdr.Domain;

/// <summary>What a number says of itself. A waiting number (NIA) has the shape of a permanent one.</summary>
public enum NirKind
{
    /// <summary>Sex 1 or 2, with a key.</summary>
    Permanent,

    /// <summary>Starts 7 or 8, or 555555 (MSA); no key. No longer issued since 2022-12-31, still a valid question.</summary>
    Provisional,

    /// <summary>Passing migrant: starts 5 or 6; no key.</summary>
    Migrant,

    /// <summary>Anonymous care, 1555555… or 2555555…; callers refuse it, no regime is asked.</summary>
    Fictitious,
}
