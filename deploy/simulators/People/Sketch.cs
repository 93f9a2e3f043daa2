using Cdr.Domain;

namespace Cdr.RegimeSimulator.People;

/// <summary>Who someone is, in numbers: no text is made until they are asked for.</summary>
/// <param name="Family">Index in <see cref="Names.Families"/>.</param>
/// <param name="NameInUse">As <paramref name="Family"/>; -1 for none.</param>
/// <param name="Given">Index in <see cref="Names.Given"/>.</param>
/// <param name="Month">0 or 20 in a lunar date, with day 0.</param>
internal readonly record struct Sketch(bool IsFemale, int Family, int NameInUse, int Given, int Year, int Month, int Day)
{
    /// <summary>Ages and rights are reckoned from 1 January 2026, whatever the clock says.</summary>
    public const int ReferenceYear = 2026;

    public int Age => ReferenceYear - Year;

    public ulong NameKey => Key(Family, Given, Year, Month, Day);

    public ulong NameInUseKey => Key(NameInUse, Given, Year, Month, Day);

    public static ulong Key(int family, int given, int year, int month, int day) =>
        ((ulong)family << 44) | ((ulong)given << 32) | (uint)((year * 10_000) + (month * 100) + day);

    public BirthDate BirthDate => BirthDate.Parse($"{Year:0000}-{Month:00}-{Day:00}").Value;

    public SimulatedPerson ToPerson(string? nir) => new(
        Names.Families[Family], NameInUse < 0 ? null : Names.Families[NameInUse], Names.Given[Given], BirthDate, nir);

    /// <summary>A name of the time: the lists run from the oldest fashion to the newest.</summary>
    public static int GivenName(ref Dice dice, bool female, int year)
    {
        var names = female ? Names.Women : Names.Men;
        var fashion = (year - 1925) * names.Length / 100;
        var index = Math.Clamp(fashion + dice.Between(-9, 9), 0, names.Length - 1);
        return female ? index : Names.Women.Length + index;
    }

    /// <summary>Some names are borne by many more than others.</summary>
    public static int FamilyName(ref Dice dice)
    {
        var share = dice.Share();
        return (int)(share * share * Names.Families.Length);
    }
}
