using FsCheck.Xunit;

namespace Cdr.Domain.Tests;

[Properties(Arbitrary = [typeof(Generated)])]
public sealed class NirProperties
{
    [Property]
    public void A_number_reads_the_same_with_its_key_without_and_with_spaces(PermanentNumber number)
    {
        var nir = Nir.Parse(number.Thirteen).Value;

        Assert.Equal(nir, Nir.Parse(number.Fifteen).Value);
        Assert.Equal(nir, Nir.Parse(string.Join(' ', number.Fifteen.ToLowerInvariant().ToCharArray())).Value);
        Assert.Equal(number.Fifteen, nir.Value + nir.Key);
    }

    [Property]
    public void A_single_character_changed_is_always_refused(PermanentNumber number)
    {
        for (var index = 0; index < number.Fifteen.Length; index++)
            foreach (var other in "0123456789AB".Where(other => other != number.Fifteen[index]))
                Assert.False(Nir.Parse(number.Fifteen.Remove(index, 1).Insert(index, $"{other}")).IsValid);
    }

    [Property]
    public void A_single_digit_changed_after_the_month_is_refused_by_the_key(PermanentNumber number)
    {
        for (var index = 7; index < number.Fifteen.Length; index++)
        {
            var other = (char)('0' + ((number.Fifteen[index] - '0' + 1) % 10));
            var changed = number.Fifteen.Remove(index, 1).Insert(index, $"{other}");
            Assert.Equal("nir-key-wrong", Nir.Parse(changed).Error?.Code);
        }
    }

    [Property]
    public void Two_neighbours_exchanged_are_always_refused(PermanentNumber number)
    {
        var characters = number.Fifteen;
        for (var index = 1; index < characters.Length; index++)
            if (characters[index - 1] != characters[index])
            {
                var exchanged = $"{characters[..(index - 1)]}{characters[index]}{characters[index - 1]}{characters[(index + 1)..]}";
                Assert.False(Nir.Parse(exchanged).IsValid);
            }
    }

    [Property]
    public void What_is_written_of_a_number_does_not_give_it_away(PermanentNumber number)
    {
        var nir = Nir.Parse(number.Thirteen).Value;

        Assert.All([nir.ToString(), nir.Masked], text =>
        {
            Assert.DoesNotContain(nir.Value[1..7], text, StringComparison.Ordinal);
            Assert.True(text.Count(char.IsAsciiLetterOrDigit) <= 4);
        });
    }
}
