using System.Security.Cryptography;
using Cdr.Rights.Statements;
using FsCheck.Xunit;

namespace Cdr.Rights.Tests.Statements;

public sealed class VerificationCodeTests
{
    [Property(MaxTest = 50)]
    public void Any_one_letter_that_is_changed_is_noticed(int seed)
    {
        var letters = Code(seed).Letters;
        for (var place = 0; place < letters.Length; place++)
        {
            foreach (var other in VerificationCode.Alphabet.Where(letter => letter != letters[place]))
                Assert.Null(VerificationCode.Read(letters[..place] + other + letters[(place + 1)..]));
        }
    }

    [Property(MaxTest = 100)]
    public void Any_two_letters_that_are_swapped_are_noticed_and_so_is_one_that_is_lost(int seed)
    {
        var letters = Code(seed).Letters;
        for (var first = 0; first < letters.Length; first++)
        {
            Assert.Null(VerificationCode.Read(letters.Remove(first, 1)));
            for (var second = first + 1; second < letters.Length; second++)
            {
                if (letters[first] == letters[second])
                    continue;
                var swapped = letters.ToCharArray();
                (swapped[first], swapped[second]) = (swapped[second], swapped[first]);
                Assert.Null(VerificationCode.Read(new string(swapped)));
            }
        }
    }

    [Property(MaxTest = 200)]
    public void It_is_read_as_a_person_types_it(int seed)
    {
        var code = Code(seed);
        Assert.Matches("^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$", code.ToString());
        Assert.Equal(code, VerificationCode.Read(code.ToString()));
        Assert.Equal(code, VerificationCode.Read(" " + code.ToString().ToLowerInvariant().Replace('-', ' ') + "\u00a0"));
        Assert.Equal(code, VerificationCode.Read(code.Letters.Replace('0', 'o').Replace('1', 'l')));
        Assert.Equal(code, VerificationCode.Read(string.Join("  –", code.Letters.ToCharArray().Chunk(3).Select(part => new string(part)))));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-----")]
    [InlineData("0000000000000000000000000U")]
    [InlineData("é000000000000000000000000")]
    [InlineData("00000000000000000000000000")]
    public void What_is_no_code_is_none(string? typed) => Assert.Null(VerificationCode.Read(typed));

    [Fact]
    public void Text_without_end_is_no_code() => Assert.Null(VerificationCode.Read(new string('-', 100_000) + Code(1)));

    [Fact]
    public void Every_bit_counts()
    {
        var bits = new byte[15];
        var codes = Enumerable.Range(0, 120).Select(bit =>
        {
            var one = (byte[])bits.Clone();
            one[bit / 8] = (byte)(1 << bit % 8);
            return VerificationCode.Of(one).Letters[..VerificationCode.Drawn];
        });
        Assert.Equal(121, codes.Append(VerificationCode.Of(bits).Letters[..VerificationCode.Drawn]).Distinct().Count());
    }

    private static VerificationCode Code(int seed) => VerificationCode.Of(SHA256.HashData(BitConverter.GetBytes(seed)));
}
