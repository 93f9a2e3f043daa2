namespace Cdr.EdgeAgent.Cards;

/// <summary>What an answer to reset says of a card.</summary>
internal enum CardFamily
{
    /// <summary>Neither ours nor known.</summary>
    Other,

    /// <summary>The patient's card: in the other reader, left alone.</summary>
    Vitale,

    Cps3,
    Cps4,

    /// <summary>Of the CPx family, of a generation that we do not know.</summary>
    Cpx,

    /// <summary>A card of the family, or any other, over the air: several of its functions need no PIN, so it never signs in.</summary>
    Contactless,
}

internal static class CardFamilies
{
    // In every contact card's historical bytes, whatever its generation.
    private const string Mark = "1225006480";

    private static readonly Dictionary<string, CardFamily> Known = new(StringComparer.Ordinal)
    {
        ["3BAC00402A001225006480000310009000"] = CardFamily.Cps3,
        ["3B8F80010031B86404B0ECC1739401808290000E"] = CardFamily.Contactless,
        ["3B9B188001001225006480040100009044"] = CardFamily.Cps4,
        ["3B9B188001001225006480000401009044"] = CardFamily.Cps4,
        ["3BDC18FF00001225006480000401009000"] = CardFamily.Cps4,
    };

    private static readonly string[] ContactlessWords = ["contactless", "picc", "nfc", "sans contact"];

    /// <summary>By the answer to reset.</summary>
    public static CardFamily Of(ReadOnlySpan<byte> atr)
    {
        var text = Convert.ToHexString(atr);
        if (Known.TryGetValue(text, out var family))
            return family;
        if (text.Contains(Mark, StringComparison.Ordinal))
            return CardFamily.Cpx;
        // PC/SC, part 3: a reader invents 3B 8n 80 01 for a card that it meets over the air.
        if (atr is [0x3B, var format, 0x80, 0x01, ..] && (format & 0xF0) == 0x80)
            return CardFamily.Contactless;
        return text.StartsWith("3B751300004", StringComparison.Ordinal) || text.StartsWith("3F6525", StringComparison.Ordinal) ? CardFamily.Vitale : CardFamily.Other;
    }

    /// <summary>In its slot: a slot that says it is contactless signs nobody in, whatever its card answers.</summary>
    public static CardFamily Of(string reader, ReadOnlySpan<byte> atr) =>
        ContactlessWords.Any(word => reader.Contains(word, StringComparison.OrdinalIgnoreCase)) ? CardFamily.Contactless : Of(atr);

    /// <summary>Of those that sign in.</summary>
    public static bool SignsIn(this CardFamily family) => family is CardFamily.Cps3 or CardFamily.Cps4 or CardFamily.Cpx;

    /// <summary>As reports name it.</summary>
    public static string Name(this CardFamily family) => family switch
    {
        CardFamily.Cps3 => "cps3",
        CardFamily.Cps4 => "cps4",
        _ => "other",
    };

    /// <summary>As a person reads it.</summary>
    public static string Words(this CardFamily family) => family switch
    {
        CardFamily.Cps3 => "carte CPx (CPS3)",
        CardFamily.Cps4 => "carte CPx (CPS4)",
        CardFamily.Cpx => "carte CPx d'une génération inconnue",
        CardFamily.Vitale => "carte Vitale",
        CardFamily.Contactless => "carte sans contact",
        _ => "autre carte",
    };
}
