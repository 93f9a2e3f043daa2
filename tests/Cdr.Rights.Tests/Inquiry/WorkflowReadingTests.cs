using System.Globalization;
using Cdr.Domain;
using Cdr.Rights.Inquiry;
using FsCheck.Xunit;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>A number of an admission holds no number of a person, whatever stands beside it; and numbers that hospitals do make are taken.</summary>
public sealed class WorkflowReadingTests
{
    [Theory]
    [InlineData("2550814168025-01")]
    [InlineData("2550814168025-0042")]
    [InlineData("20261126-2550814168025")]
    [InlineData("20261126_2.55.08.14.168.025")]
    [InlineData("20261126-2-55-08-14-168-025-38-0042")]
    [InlineData("URG12-2550814168025.17")]
    [InlineData("255081416802538-0042")]
    [InlineData("2550814168025380042")]
    [InlineData("25508141680250042")]
    [InlineData("URG25508141680250042X")]
    [InlineData("20261126-255082A168025-01")]
    [InlineData("20261126-255082a168025-01")]
    [InlineData("2550814168025A-01")]
    [InlineData("2552014168025-0042")]
    [InlineData("2554214168025-0042")]
    [InlineData("25550141680250042")]
    [InlineData("URG1999914168025.17")]
    [InlineData("20261126-2-55-30-14-168-025-0042")]
    [InlineData("2026996168025810042")]
    public void A_persons_number_beside_other_characters_is_refused(string workflow) => Assert.False(WorkflowReading.TryRead(workflow, out _));

    [Theory]
    [InlineData("VENUE-2026.0042_17")]
    [InlineData("20261126-080012")]
    [InlineData("20261126-0001-0042")]
    [InlineData("2026112600042-01")]
    [InlineData("202611260800123456")]
    [InlineData("URG202611260800123456")]
    [InlineData("20261126-0800-123456")]
    [InlineData("690781810-000123456")]
    [InlineData("URG-2026-11-26-08-00-12")]
    [InlineData("2026-0042-2550814")]
    [InlineData("3f2b6d1c-6f0b-4d3c-9a55-0b1f3f0f7a11")]
    [InlineData("00000000000000000001")]
    public void A_number_as_hospitals_make_them_is_taken(string workflow) => Assert.True(WorkflowReading.TryRead(workflow, out _));

    [Property(MaxTest = 500)]
    public void Any_persons_number_is_refused_with_any_other_number_before_or_after_it(int seed)
    {
        var random = new Random(seed);
        // Of an unknown month too; not of the years whose number then begins as a day does.
        var (year, month) = random.Next(3) == 0 ? (random.Next(10, 100), (int[])[.. Enumerable.Range(20, 23), .. Enumerable.Range(50, 50)] is var unknown ? unknown[random.Next(unknown.Length)] : 0) : (random.Next(100), random.Next(1, 13));
        var nir = Digits(random.Next(1, 3), 1) + Digits(year, 2) + Digits(month, 2) + Digits(random.Next(1, 96), 2) + Digits(random.Next(1, 1000), 3) + Digits(random.Next(1, 1000), 3);
        var whole = nir + Nir.ComputeKey(nir);
        var other = Digits(random.NextInt64(1_000_000_000_000), random.Next(1, 13));
        var separator = "-_."[random.Next(3)];

        foreach (var written in (string[])[nir, whole, Apart(nir, separator), Apart(whole, separator)])
        {
            foreach (var workflow in (string[])[$"{written}{separator}{other}", $"{other}{separator}{written}", $"{other}{separator}{written}{separator}{other}", $"V{written}", $"V{written}V{other}"])
                Assert.False(WorkflowReading.TryRead(workflow, out _), workflow);
        }

        Assert.False(WorkflowReading.TryRead(nir + other, out _), nir + other);
        Assert.False(WorkflowReading.TryRead(whole + other, out _), whole + other);
    }

    // A day with an hour or an order of at least six digits beside it, and orders of up to twelve.
    [Property(MaxTest = 500)]
    public void No_day_with_an_order_and_no_order_alone_is_refused(int seed)
    {
        var random = new Random(seed);
        var day = new DateOnly(2024, 1, 1).AddDays(random.Next(2000)).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var order = Digits(random.NextInt64(1_000_000_000_000), random.Next(8, 13));

        foreach (var workflow in (string[])[$"{day}-{order}", $"{day}{order}", $"V{day}.{order}_01", order, $"V{order}"])
            Assert.True(WorkflowReading.TryRead(workflow, out _), workflow);
    }

    private static string Digits(long number, int length) => number.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0')[^length..];

    private static string Apart(string nir, char separator) =>
        string.Join(separator, ((int[])[0, 1, 3, 5, 7, 10, 13]).Where(start => start < nir.Length).Select(start => nir[start..((int[])[1, 3, 5, 7, 10, 13, 15]).First(end => end > start)]));
}
