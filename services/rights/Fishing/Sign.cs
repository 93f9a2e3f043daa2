namespace Cdr.Rights.Fishing;

/// <summary>What gives enumeration away. Numbers are shared between processes: only ever add.</summary>
internal enum Sign
{
    None = 0,

    /// <summary>More persons than a desk sees.</summary>
    TooMany = 1,

    /// <summary>Numbers of one sex, month and commune of birth, one after the other: forwards, backwards, by steps, or with others in between.</summary>
    Sequence = 2,

    /// <summary>Many names, most of them of nobody.</summary>
    NameList = 3,

    /// <summary>Names in the order of the alphabet.</summary>
    Alphabet = 4,

    /// <summary>Most persons are not found.</summary>
    NotFound = 5,
}

/// <summary>Words for them.</summary>
internal static class Signs
{
    /// <summary>Id on the wire and in the journal.</summary>
    public static string Id(this Sign sign) => sign switch
    {
        Sign.TooMany => "too-many",
        Sign.Sequence => "sequence",
        Sign.NameList => "name-list",
        Sign.Alphabet => "alphabet",
        Sign.NotFound => "not-found",
        _ => "",
    };

    /// <summary>
    /// No work at a desk looks like this. The others can be a very bad day: whoever gives « emergency » as the reason is slowed by them, and
    /// never stopped.
    /// </summary>
    public static bool IsClear(this Sign sign) => sign is Sign.Sequence or Sign.Alphabet;
}
