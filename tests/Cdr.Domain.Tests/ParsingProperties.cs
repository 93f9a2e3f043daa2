using FsCheck.Xunit;

namespace Cdr.Domain.Tests;

/// <summary>What is promised of every value: Parse never throws, and its errors are fit for a clerk and for a log.</summary>
[Properties(Arbitrary = [typeof(Generated)], MaxTest = 1000)]
public sealed class ParsingProperties
{
    private static readonly Func<string?, ParseError?>[] Parsers =
    [
        text => Nir.Parse(text).Error,
        text => Finess.Parse(text).Error,
        text => Rpps.Parse(text).Error,
        text => Adeli.Parse(text).Error,
        text => WorkAccidentNumber.Parse(text).Error,
        text => Organism.Parse(text).Error,
        text => ComplementaryBody.Parse(text).Error,
        text => BirthDate.Parse(text).Error,
        text => BirthRank.Parse(text).Error,
        text => Department.Parse(text).Error,
        text => CarePeriod.Parse(text).Error,
        text => RegimeId.Parse(text).Error,
        text => ConsultationReason.Parse(text).Error,
        text => Exemption.Parse(text).Error,
        text => Modulation.Parse(text).Error,
        text => SpecialSituation.Parse(text).Error,
        text => InsuranceNature.Parse(text).Error,
        text => ProofOfRights.Parse(text).Error,
        text => BeneficiaryQuality.Parse(text).Error,
        text => CardKind.Parse(text).Error,
    ];

    [Property]
    public void No_typed_text_makes_a_parser_throw_or_repeat_it(AnyText any) => CheckAll(any.Text);

    [Property]
    public void No_string_at_all_makes_a_parser_throw_or_repeat_it(string? text) => CheckAll(text);

    [Property(MaxTest = 50)]
    public void A_number_one_character_wrong_is_never_repeated(PermanentNumber number)
    {
        for (var index = 0; index < number.Fifteen.Length; index++)
            foreach (var other in "0123456789X")
                CheckAll(number.Fifteen.Remove(index, 1).Insert(index, $"{other}"));
    }

    [Fact]
    public void Nothing_is_an_error_of_its_own()
    {
        string?[] nothings = [null, "", " \t\r\n\u00a0"];

        Assert.All(Parsers, parse => Assert.All(nothings[..2], text => Assert.EndsWith("-missing", parse(text)?.Code, StringComparison.Ordinal)));
        Assert.All(Parsers, parse => Assert.NotNull(parse(nothings[2])));
    }

    private static void CheckAll(string? text)
    {
        foreach (var parse in Parsers)
            if (parse(text) is { } error)
                Check(text, error);
    }

    private static void Check(string? text, ParseError error)
    {
        Assert.Matches(@"\A[a-z]+(-[a-z]+)+\z", error.Code);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        // A length may be said in figures: two at most, in a row.
        Assert.DoesNotMatch("[0-9]{3}", error.Message);
        if (error.Position is { } position)
            Assert.InRange(position, 0, text!.Length - 1);

        for (var start = 0; start + 4 <= text?.Length; start++)
            if (text.AsSpan(start, 4).ContainsAnyInRange('0', '9'))
                Assert.DoesNotContain(text.Substring(start, 4), error.Message, StringComparison.Ordinal);
    }
}
