namespace Cdr.Rights.Journal;

/// <summary>What a record of the journal attests. Numbers are stored: only ever add.</summary>
internal enum RecordKind : short
{
    /// <summary>Regimes are being asked about a person.</summary>
    Asked = 1,

    /// <summary>Something personal was shown before the end.</summary>
    Shown = 2,

    /// <summary>The answer left; its id is the consultation's.</summary>
    Answered = 3,

    /// <summary>An old answer was read.</summary>
    Read = 4,

    /// <summary>Records went by retention: which policy, until when, how many, and a digest of what is left of them.</summary>
    Purged = 5,

    /// <summary>A consultation became the proof of an invoice, a statement or a ticket: it is kept longer.</summary>
    Used = 6,

    /// <summary>Somebody asked who had asked about a person.</summary>
    Traced = 7,

    /// <summary>A card, or an establishment, was slowed or stopped because of a sign of enumeration.</summary>
    Guarded = 8,

    /// <summary>Operations lifted that.</summary>
    Lifted = 9,

    /// <summary>A consultation was asked under the caller's own number of an admission, which is kept as a keyed hash.</summary>
    Filed = 10,

    /// <summary>The proof of a record was read: it says who, whom, why and when, and opens no answer.</summary>
    Proved = 11,
}
