using FsCheck.Xunit;

namespace Cdr.Domain.Tests;

[Properties(Arbitrary = [typeof(Generated)])]
public sealed class FinessProperties
{
    [Property]
    public void A_number_with_its_key_is_read_and_reads_back(EstablishmentNumber number)
    {
        var finess = Finess.Parse(number.Digits).Value;

        Assert.Equal(finess, Finess.Parse(finess.Value).Value);
        Assert.Equal(finess, Finess.Parse(finess.ToString()).Value);
    }

    // The letter of Corsica weighs at two places of its key: it alone may be mistaken for a digit and the key still hold.
    [Property]
    public void A_single_digit_changed_is_always_refused(EstablishmentNumber number)
    {
        var value = Finess.Parse(number.Digits).Value.Value;
        for (var index = 0; index < value.Length; index++)
            foreach (var other in "0123456789AB".Where(other => char.IsAsciiDigit(value[index]) && other != value[index]))
                Assert.False(Finess.Parse(value.Remove(index, 1).Insert(index, $"{other}")).IsValid);
    }
}
