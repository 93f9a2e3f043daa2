using Cdr.Contracts.Rights;

namespace Cdr.Rights.Tests.Derivation;

public sealed class BaseRightsRuleTests
{
    [Theory]
    [InlineData("2020-01-01", RightState.Open, "Droits de base ouverts du 01/01/2020 au 31/12/2024.")]
    [InlineData("2024-12-31", RightState.Open, "Droits de base ouverts du 01/01/2020 au 31/12/2024.")]
    [InlineData("2025-06-01", RightState.Open, "Droits de base ouverts depuis le 01/06/2025, sans fin connue.")]
    [InlineData("2027-11-23", RightState.Open, "Droits de base ouverts depuis le 01/06/2025, sans fin connue.")]
    [InlineData("2019-12-31", RightState.Closed, "Droits non retrouvés à cette date par ce régime : la prochaine période connue commence le 01/01/2020.")]
    [InlineData("2025-01-01", RightState.Closed, "Droits non retrouvés à cette date par ce régime : la dernière période connue a pris fin le 31/12/2024.")]
    [InlineData("2025-05-31", RightState.Closed, "Droits non retrouvés à cette date par ce régime : la dernière période connue a pris fin le 31/12/2024.")]
    public void Open_if_and_only_if_the_date_is_inside_a_period_ends_included(string day, RightState state, string sentence)
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period("2020-01-01/2024-12-31"), Known.Period("2025-06-01/..")] };

        Assert.Equal((state, "CF611", sentence), rights.On(day).BaseRights.Said());
    }

    [Fact]
    public void Known_without_any_period_is_closed_and_says_so()
    {
        var conclusion = (Known.Rights with { BasePeriods = [] }).On("2026-11-23").BaseRights;

        Assert.Equal(
            (RightState.Closed, "CF611", "Droits non retrouvés à cette date par ce régime, qui ne donne aucune période."), conclusion.Said());
        Assert.Null(conclusion.Start);
    }

    [Fact]
    public void Of_two_periods_that_hold_the_longer_one_decides()
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period("2026-01-01/2026-11-30"), Known.Period("2026-06-01/2026-12-31")] };

        var conclusion = rights.On("2026-11-23").BaseRights;

        Assert.Equal((Known.Day("2026-06-01"), Known.Day("2026-12-31")), (conclusion.Start, conclusion.End));
    }

    [Theory]
    [InlineData("2021-06-01", "la dernière période connue a pris fin le 31/12/2020.")]
    [InlineData("2017-06-01", "la prochaine période connue commence le 01/01/2018.")]
    public void Of_periods_that_miss_the_date_the_last_before_decides_else_the_next(string day, string reason)
    {
        var rights = Known.Rights with
        {
            BasePeriods = [Known.Period("2020-01-01/2020-12-31"), Known.Period("2018-01-01/2018-12-31"), Known.Period("2022-01-01/..")],
        };

        Assert.EndsWith(reason, rights.On(day).BaseRights.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-01-01/2027-11-23", "2027-11-23")]
    [InlineData("2026-01-01/2027-11-24", null)]
    [InlineData("2026-01-01/..", null)]
    public void An_end_further_than_one_year_ahead_is_not_known(string period, string? end)
    {
        var conclusion = (Known.Rights with { BasePeriods = [Known.Period(period)] }).On("2026-11-23").BaseRights;

        Assert.Equal(end is null ? null : Known.Day(end), conclusion.End);
        Assert.Equal(end is null, conclusion.Sentence.EndsWith("sans fin connue.", StringComparison.Ordinal));
    }

    [Fact]
    public void Further_than_one_year_ahead_nothing_is_known()
    {
        var rights = Recorded() with { ContractSpecificity = "0" };

        var derived = rights.On("2027-11-24");

        Assert.All(
            [derived.BaseRights, derived.C2s, derived.Ame, derived.Maternity, .. derived.Exemptions, .. derived.Modulations],
            conclusion =>
            {
                Assert.Equal((RightState.Undetermined, "API-DROITS"), (conclusion.State, conclusion.Rule));
                Assert.EndsWith("à plus d'un an, rien n'est encore connu.", conclusion.Sentence, StringComparison.Ordinal);
            });
        Assert.Equal("Droits de base : à plus d'un an, rien n'est encore connu.", derived.BaseRights.Sentence);
        Assert.Equal(2, derived.Exemptions.Count);
        Assert.Null(derived.FullThirdPartyPayment);
    }

    private static Cdr.Rights.Regimes.DatedRights Recorded() => Regimes.Recorded.Rights("cnam");
}
