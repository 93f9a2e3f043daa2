using System.Buffers.Binary;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Cdr.Rights.Inquiry;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Fishing;

/// <summary>
/// Whom a question is about, in 64 bits that only this installation's key can make: of a number, its stem (sex, month and commune of birth) and,
/// hidden by more bits of the same keyed hash, which of the stem it is. Two of one stem tell how far apart they are: a mark leaves the process sealed only.
/// </summary>
/// <param name="Value">Keyed hash.</param>
internal readonly record struct Mark(ulong Value)
{
    private const string Purpose = "fishing";
    private const ulong Number = 0x800;
    private const ulong CrowdBit = 0x400;
    private const ulong Low = 0xFFF;
    private const ulong OrderBits = 0x3FF;

    public bool IsNumber => (Value & Number) != 0;

    /// <value>Honest work meets many of its stem: born in the last two years, if of this century, or abroad, where a country is one commune.</value>
    public bool IsCrowded => (Value & (Number | CrowdBit)) == (Number | CrowdBit);

    public bool IsName => (Value & (Number | CrowdBit)) == 0;

    /// <value>Of a card at work, not of a person.</value>
    public bool IsCard => (Value & (Number | CrowdBit)) == CrowdBit;

    /// <value>What numbers that follow one another share.</value>
    public ulong Stem => Value & ~OrderBits;

    /// <param name="pseudonyms">Of the service.</param>
    /// <param name="subject">Whom.</param>
    /// <param name="today">To know a newborn.</param>
    public static Mark Of(Pseudonyms pseudonyms, RegimeSubject subject, DateOnly today)
    {
        Span<byte> hash = stackalloc byte[Pseudonyms.Length];
        if (subject is not RegimeSubject.ByNir { Nir: var nir })
        {
            pseudonyms.Of(Purpose, SubjectText.Of(subject), hash);
            return new Mark(BinaryPrimitives.ReadUInt64LittleEndian(hash) & ~Low);
        }

        pseudonyms.Of(Purpose, nir.Value.AsSpan(0, 10), hash);
        var order = (ulong)(((nir.Value[10] - '0') * 100) + ((nir.Value[11] - '0') * 10) + (nir.Value[12] - '0'));
        var hidden = (order ^ BinaryPrimitives.ReadUInt16LittleEndian(hash[8..])) & OrderBits;
        return new Mark((BinaryPrimitives.ReadUInt64LittleEndian(hash) & ~Low) | Number | (IsOfMany(nir, today) ? CrowdBit : 0) | hidden);
    }

    public static Mark OfCard(Pseudonyms pseudonyms, string subject) =>
        new((BinaryPrimitives.ReadUInt64LittleEndian(pseudonyms.Of(Purpose + "-card", subject)) & ~Low) | CrowdBit);

    /// <summary>Where a family name lies in the alphabet, by its first six letters; 0 where a number is asked. Never leaves the process.</summary>
    public static int Letters(RegimeSubject subject)
    {
        if (subject is not RegimeSubject.ByName { FamilyName: var name })
            return 0;
        var (place, letters) = (0, 0);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetter(letter) && letters++ < 6)
                place = (place * 27) + (letter | 0x20) - 'a' + 1;
        }

        for (; letters < 6; letters++)
            place *= 27;
        return place;
    }

    private static bool IsOfMany(Nir nir, DateOnly today)
    {
        var (year, month) = (((nir.Value[1] - '0') * 10) + nir.Value[2] - '0', ((nir.Value[3] - '0') * 10) + nir.Value[4] - '0');
        var months = (((today.Year % 100) - year) * 12) + today.Month - month;
        return nir.Kind == NirKind.Permanent && ((month is >= 1 and <= 12 && months is >= 0 and <= 24) || nir.Value.AsSpan(5, 2) is "99");
    }
}
