namespace Cdr.Domain.Tests;

public sealed class ClosedSetsTests
{
    [Fact]
    public void The_codes_are_those_of_the_specifications()
    {
        AssertSet("1 6 8 9 13 14 16 17 18", Exemption.All, one => one.Code, one => one.Label, Exemption.Parse);
        AssertSet("6 7 8 9", Modulation.All, one => one.Code, one => one.Label, Modulation.Parse);
        AssertSet("1 2 3 10", SpecialSituation.All, one => one.Code, one => one.Label, SpecialSituation.Parse);
        AssertSet("10 13 30 41 90", InsuranceNature.All, one => one.Code, one => one.Label, InsuranceNature.Parse);
        AssertSet("0 1 2 3 4 5", ProofOfRights.All, one => one.Code, one => one.Label, ProofOfRights.Parse);
    }

    [Fact]
    public void The_words_are_those_of_the_service()
    {
        AssertSet(
            "insured partner ex-partner civil-partner ex-civil-partner spouse separated divorced widowed parent child other",
            BeneficiaryQuality.All, one => one.Code, one => one.Label, BeneficiaryQuality.Parse);
        AssertSet(
            "card-forgotten-lost-stolen emergency state-medical-aid provisional-number patient-absent invoice-rejected attending-physician",
            ConsultationReason.All, one => one.Id, one => one.Label, ConsultationReason.Parse);
        AssertSet(
            "cps cpf cpe-nominative cpe-service cde cda cpa",
            CardKind.All, one => one.Code, one => one.Label, CardKind.Parse);
        AssertSet(
            "isolated-act series stay dental-prosthetics laboratory devices pharmacy",
            CareKind.All, one => one.Id, one => one.Label, CareKind.Parse);
    }

    [Fact]
    public void Which_care_is_looked_at_on_the_date_of_its_prescription()
    {
        Assert.Equal("series laboratory devices pharmacy", string.Join(' ', CareKind.All.Where(kind => kind.IsByPrescription)));
        Assert.Equal("devices pharmacy", string.Join(' ', CareKind.All.Where(kind => kind.IsDispensed)));
        Assert.Equal("isolated-act series laboratory devices pharmacy", string.Join(' ', CareKind.All.Where(kind => kind.MayBePrescribed)));
        Assert.All(CareKind.All, kind => Assert.StartsWith("date d", kind.DateLabel, StringComparison.Ordinal));
    }

    [Fact]
    public void A_card_may_consult_when_its_holder_is_named_and_gives_care_or_works_where_it_is_given() =>
        Assert.Equal([CardKind.Cps, CardKind.Cpf, CardKind.CpeNominative], CardKind.All.Where(kind => kind.MayConsult));

    [Theory]
    [InlineData(ExemptionGround.MilitaryPension, "1")]
    [InlineData(ExemptionGround.Maternity, "6")]
    [InlineData(ExemptionGround.LongTermIllness, "8 9 13 16")]
    [InlineData(ExemptionGround.Invalidity, "14")]
    [InlineData(ExemptionGround.SpecialCare, "17 18")]
    public void Exemption_codes_share_grounds(ExemptionGround ground, string codes) =>
        Assert.Equal(codes, string.Join(' ', Exemption.All.Where(one => one.Ground == ground)));

    [Fact]
    public void A_special_situation_is_C2S_or_state_medical_aid()
    {
        Assert.Equal("1 2 3", string.Join(' ', SpecialSituation.All.Where(one => one.IsC2s)));
        Assert.Equal("10", string.Join(' ', SpecialSituation.All.Where(one => one.IsAme)));
    }

    [Theory]
    [InlineData(" 06 ", "6")]
    [InlineData("006", "6")]
    [InlineData("13", "13")]
    public void Leading_zeros_and_spaces_do_not_count(string text, string code) =>
        Assert.Equal(code, Exemption.Parse(text).Value.Code);

    [Fact]
    public void Zero_is_a_code_where_it_is_one()
    {
        Assert.Same(ProofOfRights.None, ProofOfRights.Parse("00").Value);
        Assert.Equal(("exemption-unknown", 1), (Exemption.Parse(" 0").Error?.Code, Exemption.Parse(" 0").Error?.Position));
    }

    [Fact]
    public void Case_does_not_count() => Assert.Same(CardKind.CpeNominative, CardKind.Parse("CPE-Nominative").Value);

    private static void AssertSet<T>(
        string codes, IReadOnlyList<T> all, Func<T, string> codeOf, Func<T, string> labelOf, Func<string?, Parsed<T>> parse)
        where T : class
    {
        Assert.Equal(codes, string.Join(' ', all.Select(codeOf)));
        Assert.All(all, one =>
        {
            Assert.Same(one, parse(codeOf(one)).Value);
            Assert.Equal(codeOf(one), one.ToString());
            Assert.NotEmpty(labelOf(one));
        });
        Assert.EndsWith("-unknown", parse("zz").Error?.Code, StringComparison.Ordinal);
    }
}
