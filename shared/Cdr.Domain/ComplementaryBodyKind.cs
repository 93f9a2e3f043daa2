namespace Cdr.Domain;

/// <summary>The numbers of complementary bodies that say what the cover is (SFG).</summary>
public enum ComplementaryBodyKind
{
    /// <summary>Any other complementary body.</summary>
    Other,

    /// <summary>99999997: C2S managed by the caisse.</summary>
    C2sManagedByCaisse,

    /// <summary>88888888: C2S managed separately.</summary>
    C2sManagedSeparately,

    /// <summary>75500017: state medical aid. Still managed by a caisse.</summary>
    Ame,
}
