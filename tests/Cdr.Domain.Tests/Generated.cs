using FsCheck;
using FsCheck.Fluent;

namespace Cdr.Domain.Tests;

/// <summary>What the properties are tried on.</summary>
public static class Generated
{
    private static readonly string[] Months =
        [.. Enumerable.Range(1, 12).Concat(Enumerable.Range(20, 80)).Select(month => $"{month:00}")];

    private static readonly string[] Departments = [.. Enumerable.Range(1, 95).Select(code => $"{code:00}"), "2A", "2B", "99"];

    // What is typed or pasted into a box of numbers, rightly or not, and what no keyboard has.
    private static readonly char[] Typed =
        [.. "0123456789012345678901234567892222ABabCXz -./:;\t\r\n\0\u00a0\u202f\u200b\ufeff\u2011é٣２İı\ud83d\ude00\udfff"];

    public static Arbitrary<PermanentNumber> PermanentNumbers() => (
        from sex in Gen.Elements('1', '2')
        from year in Gen.Choose(0, 99)
        from month in Gen.Elements(Months)
        from department in Gen.Elements(Departments)
        from rest in Gen.Choose(0, 999_999)
        let number = $"{sex}{year:00}{month}{department}{rest:000000}"
        where number[1..7] != "555555"
        select new PermanentNumber(number)).ToArbitrary();

    public static Arbitrary<EstablishmentNumber> EstablishmentNumbers() => (
        from department in Gen.Elements("75", "01", "13", "2001", "2002", "9701", "9704", "98")
        from rest in Gen.Choose(0, 999_999)
        select new EstablishmentNumber(LuhnKeys.Append($"{department}{rest:000000}"[..8]))).ToArbitrary();

    public static Arbitrary<AnyText> AnyTexts() => (
        from length in Gen.Frequency((6, Gen.Choose(0, 16)), (1, Gen.Choose(17, 200)))
        from characters in Gen.Elements(Typed).ArrayOf(length)
        select new AnyText(new string(characters))).ToArbitrary();

    public static Arbitrary<Days> AllDays() => (
        from first in Gen.Choose(0, 4000)
        from second in Gen.Choose(0, 4000)
        let origin = new DateOnly(2020, 1, 1)
        select new Days(origin.AddDays(Math.Min(first, second)), origin.AddDays(Math.Max(first, second)))).ToArbitrary();

    public static Arbitrary<CalendarDay> CalendarDays() => (
        from days in Gen.Choose(0, new DateOnly(2100, 12, 31).DayNumber - new DateOnly(1850, 1, 1).DayNumber)
        select new CalendarDay(new DateOnly(1850, 1, 1).AddDays(days))).ToArbitrary();
}
