namespace Cdr.RegimeSimulator.People;

/// <summary>The 13 characters of a NIR in 8 bytes: 200,000 of them are held, the rest is derived.</summary>
internal static class PackedNir
{
    public const int Length = 13;
    private const int Letter = 6;
    private const ulong SouthCorsica = 1UL << 60;
    private const ulong NorthCorsica = 1UL << 61;
    private const ulong Digits = SouthCorsica - 1;

    /// <param name="nir">13 digits, or A or B in seventh place.</param>
    public static ulong Pack(ReadOnlySpan<char> nir)
    {
        var packed = 0UL;
        foreach (var character in nir)
            packed = (packed * 10) + (ulong)(char.IsAsciiDigit(character) ? character - '0' : 0);
        return packed | (nir[Letter] switch { 'A' => SouthCorsica, 'B' => NorthCorsica, _ => 0 });
    }

    public static string Unpack(ulong packed) => string.Create(Length, packed, static (text, packed) =>
    {
        var rest = packed & Digits;
        for (var index = Length - 1; index >= 0; index--, rest /= 10)
            text[index] = (char)('0' + (rest % 10));
        if ((packed & SouthCorsica) != 0)
            text[Letter] = 'A';
        else if ((packed & NorthCorsica) != 0)
            text[Letter] = 'B';
    });

    /// <summary>The same number with another order, its last three digits.</summary>
    public static ulong WithOrder(ulong packed, int order) => packed - OrderOf(packed) + (ulong)order;

    public static ulong OrderOf(ulong packed) => (packed & Digits) % 1000;
}
