using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>VF: AME, then the nature stated by the caller, then the miners' regime, then the exempted beneficiary, then the act.</summary>
public sealed class FullCoverTests
{
    private static readonly CarePeriod Year = Known.Period("2026-01-01/2026-12-31");

    [Theory]
    [InlineData("ame 30 07 1 14 13", RightState.Open, "Aide médicale de l'État", null)]
    [InlineData("30 07 1 6", RightState.Open, "Maternité", "30")]
    [InlineData("30 07 maternity", RightState.Open, "Maternité", "30")]
    [InlineData("30 07 1", RightState.Undetermined, "Maternité", "30")]
    [InlineData("41 07 1", RightState.Open, "Accident du travail ou maladie professionnelle (AT/MP)", "41")]
    [InlineData("90 07 1", RightState.Open, "Prévention", "90")]
    [InlineData("10 07 1", RightState.Open, "Régime des mines", null)]
    [InlineData("13 1 13", RightState.Open, "Pension militaire", "1")]
    [InlineData("14 1", RightState.Open, "Pension militaire", "1")]
    [InlineData("14 13 6 17", RightState.Open, "Invalidité", "14")]
    [InlineData("17 6 13", RightState.Undetermined, "Affection de longue durée (ALD)", "13")]
    [InlineData("9 13", RightState.Undetermined, "Affection de longue durée (ALD)", "13")]
    [InlineData("17 6", RightState.Undetermined, "Maternité", "6")]
    [InlineData("17", RightState.Undetermined, "Soins particuliers exonérés", "17")]
    public void The_first_reason_goes_before_the_others(string reasons, RightState state, string label, string? code)
    {
        var cover = Cover(reasons)!;

        Assert.Equal((state, "VF", label, code), (cover.State, cover.Rule, cover.Label, cover.Code));
    }

    [Theory]
    [InlineData("07", "Prise en charge à 100 % : Régime des mines.")]
    [InlineData("14", "Prise en charge à 100 % : Invalidité.")]
    [InlineData("41", "Prise en charge à 100 % à ce titre : nature d'assurance « Accident du travail ou maladie professionnelle (AT/MP) » indiquée par l'appelant, qui en répond.")]
    [InlineData("30", "Prise en charge à 100 % : nature d'assurance « Maternité » indiquée par l'appelant, mais aucune maternité n'est retrouvée à cette date ; à vérifier auprès de l'organisme.")]
    [InlineData("13", "Prise en charge à 100 % selon l'acte : seuls les soins que couvre l'exonération « Affection de longue durée (ALD) » le sont ; une personne décide.")]
    public void It_says_why(string reasons, string sentence) => Assert.Equal(sentence, Cover(reasons)!.Sentence);

    [Theory]
    [InlineData("14", "2026-01-01", "2026-12-31")]
    [InlineData("07", "2020-01-01", null)]
    [InlineData("90", "2020-01-01", null)]
    public void It_carries_the_period_that_decided(string reasons, string start, string? end)
    {
        var cover = Cover(reasons)!;

        Assert.Equal((Known.Day(start), end is null ? null : Known.Day(end)), (cover.Start, cover.End));
    }

    [Fact]
    public void Of_a_maternity_and_its_exemption_the_exemption_gives_the_period()
    {
        var rights = Known.Rights with
        {
            Exemptions = [new(Exemption.Maternity, Known.Period("2026-10-01/2027-01-31"))], Maternities = [new(Year, null)],
        };

        Assert.Equal(Known.Day("2026-10-01"), rights.On(new Care(Known.Day("2026-11-23"), Nature: InsuranceNature.Maternity)).FullCover!.Start);
    }

    [Fact]
    public void Nothing_gives_it_to_a_person_without_reason_or_without_base_rights()
    {
        Assert.Null(Cover(""));
        Assert.Null(Cover("10"));
        foreach (var reason in new[] { "30", "41", "90", "07", "1", "14", "13" })
            Assert.Null(Cover(reason + " closed"));
        Assert.NotNull(Cover("ame closed"));
        Assert.Null((Rights("14 13") with { Exemptions = [new(Exemption.Invalidity, Known.Period("2020-01-01/2020-12-31"))] }).On("2026-11-23").FullCover);
    }

    [Fact]
    public void Full_third_party_payment_is_not_said_again_in_other_words()
    {
        var rights = Rights("1 13") with { ContractSpecificity = "0" };

        var derived = rights.On("2026-11-23");

        Assert.NotNull(derived.FullThirdPartyPayment);
        Assert.Null(derived.FullCover);
        Assert.Equal("41", rights.On(new Care(Known.Day("2026-11-23"), Nature: InsuranceNature.WorkAccident)).FullCover?.Code);
    }

    [Theory]
    [InlineData("5185056600903", true)]
    [InlineData("6185056600903", true)]
    [InlineData("7198049300901", false)]
    [InlineData("2550814168025", false)]
    public void A_passing_migrant_is_known_by_the_number(string nir, bool isMigrant)
    {
        var rights = Known.Rights with { Insured = Known.Rights.Insured with { Nir = Nir.Parse(nir).Value } };

        Assert.Equal(
            isMigrant ? (RightState.Open, "MIGRANT", "Migrant de passage : le numéro de l'assuré commence par 5 ou 6 et n'a pas de clé ; il se facture tel quel.") : null,
            rights.On("2026-11-23").PassingMigrant?.Said());
    }

    // 13 is a nature of insurance and an exemption: only the first word states a nature.
    private static Conclusion? Cover(string reasons)
    {
        var first = reasons.Replace("ame ", "", StringComparison.Ordinal).Split(' ')[0];
        InsuranceNature.Parse(first).TryGet(out var nature, out _);
        return Rights(reasons).On(new Care(Known.Day("2026-11-23"), Nature: nature)).FullCover;
    }

    private static DatedRights Rights(string reasons)
    {
        var words = reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Known.Rights with
        {
            BasePeriods = words.Contains("ame") || words.Contains("closed") ? [] : Known.Rights.BasePeriods,
            Situations = words.Contains("ame") ? [Known.Ame] : [],
            Organism = words.Contains("07") ? Known.Rights.Organism with { Code = Organism.Parse("077500000").Value } : Known.Rights.Organism,
            Maternities = words.Contains("maternity") ? [new(Year, null)] : [],
            Exemptions = [.. words.Where(word => Exemption.Parse(word).TryGet(out _, out _) && word != "07").Select(word => new DatedExemption(Exemption.Parse(word).Value, Year))],
        };
    }
}
