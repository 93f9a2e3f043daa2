using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>Exemptions, modulations, maternity, médecin traitant, work accidents, full third-party payment.</summary>
public sealed class CodedRightsRuleTests
{
    private static readonly DatedExemption Pension = new(Exemption.MilitaryPension, Known.Period("2020-01-01/2026-12-31"));

    [Fact]
    public void Several_exemptions_hold_at_once_the_open_ones_first()
    {
        var rights = Known.Rights with
        {
            Exemptions =
            [
                new(Exemption.Invalidity, Known.Period("2020-01-01/2020-12-31")),
                new(Exemption.Maternity, Known.Period("2026-09-01/2027-01-12")),
                new(Exemption.LongTermIllness13, Known.Period("2019-03-01/..")),
            ],
        };

        Assert.Equal(
            [
                ("6", RightState.Open, "CF613", "Exonération « Maternité » du 01/09/2026 au 12/01/2027."),
                ("13", RightState.Open, "CF613", "Exonération « Affection de longue durée (ALD) » depuis le 01/03/2019, sans fin connue."),
                ("14", RightState.Closed, "CF613", "Exonération « Invalidité » : non retrouvée à cette date, la dernière période connue a pris fin le 31/12/2020."),
            ],
            rights.On("2026-11-23").Exemptions.Select(one => (one.Code!, one.State, one.Rule, one.Sentence)));
    }

    [Fact]
    public void A_code_with_several_periods_is_one_conclusion()
    {
        var rights = Known.Rights with
        {
            Modulations =
            [
                new(Modulation.Aspa, Known.Period("2020-01-01/2020-12-31")), new(Modulation.Aspa, Known.Period("2026-01-01/2026-12-31")),
            ],
        };

        var modulation = Assert.Single(rights.On("2026-11-23").Modulations);

        Assert.Equal(("8", RightState.Open, Known.Day("2026-01-01"), Known.Day("2026-12-31")), (modulation.Code, modulation.State, modulation.Start, modulation.End));
        Assert.StartsWith("Modulation « Allocation de solidarité aux personnes âgées (ASPA) » du", modulation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_ended_stays_so_without_base_rights()
    {
        var rights = Known.Rights with { BasePeriods = [], Exemptions = [new(Exemption.Invalidity, Known.Period("2020-01-01/2020-12-31"))] };

        Assert.Equal((RightState.Closed, "CF613"), (rights.On("2026-11-23").Exemptions[0].State, rights.On("2026-11-23").Exemptions[0].Rule));
    }

    [Theory]
    [InlineData("2025-12-31", RightState.Closed, "Maternité : rien à cette date, la prochaine période connue commence le 01/01/2026.", null)]
    [InlineData("2026-01-01", RightState.Open, "Maternité du 01/01/2026 au 30/06/2026 : l'organisme 01 751 0000 la gère.", "01 751 0000")]
    [InlineData("2026-06-30", RightState.Open, "Maternité du 01/01/2026 au 30/06/2026 : l'organisme 01 751 0000 la gère.", "01 751 0000")]
    [InlineData("2026-07-01", RightState.Closed, "Maternité : rien à cette date, la dernière période connue a pris fin le 30/06/2026.", null)]
    public void The_maternity_organism_manages_inside_its_period(string day, RightState state, string sentence, string? manager)
    {
        var maternity = Regimes.Recorded.Rights("msa").On(day).Maternity;

        Assert.Equal((state, "CF692", sentence), maternity.Said());
        Assert.Equal((manager, Known.Day("2026-01-01")), (maternity.Label, maternity.Start));
    }

    [Theory]
    [InlineData("017510000")]
    [InlineData(null)]
    public void A_maternity_the_file_itself_manages_says_so(string? organism)
    {
        var rights = Known.Rights with
        {
            Maternities = [new(Known.Period("2026-09-01/2027-01-12"), organism is null ? null : Organism.Parse(organism).Value)],
        };

        Assert.Equal("Maternité du 01/09/2026 au 12/01/2027 : l'organisme du dossier la gère.", rights.On("2026-11-23").Maternity.Sentence);
        Assert.Equal("Maternité : rien de déclaré.", Known.Rights.On("2026-11-23").Maternity.Sentence);
    }

    [Theory]
    [InlineData(true, null, null, RightState.Open, "Médecin traitant déclaré.")]
    [InlineData(true, "2026-11-23", null, RightState.Open, "Médecin traitant déclaré depuis le 23/11/2026.")]
    [InlineData(true, "2026-11-23", "2026-11-23", RightState.Open, "Médecin traitant déclaré du 23/11/2026 au 23/11/2026.")]
    [InlineData(true, "2026-11-24", null, RightState.Undetermined, "Médecin traitant déclaré à partir du 24/11/2026, après la date de soins : une personne décide.")]
    [InlineData(true, "2020-01-01", "2026-11-22", RightState.Closed, "Médecin traitant : la déclaration a pris fin le 22/11/2026.")]
    [InlineData(true, null, "2026-11-23", RightState.Open, "Médecin traitant déclaré jusqu'au 23/11/2026.")]
    [InlineData(false, null, null, RightState.Closed, "Aucun médecin traitant déclaré.")]
    public void The_declared_physician_holds_without_a_period_or_inside_it(bool declared, string? start, string? end, RightState state, string sentence)
    {
        var physician = new DeclaredPhysician(
            declared, "Dr Zoé Älvarez", null, start is null ? null : Known.Day(start), end is null ? null : Known.Day(end));

        var said = (Known.Rights with { Physician = physician }).On("2026-11-23").Physician;

        Assert.Equal((state, "CF614", sentence, "Dr Zoé Älvarez"), (said.State, said.Rule, said.Sentence, said.Name));
        Assert.Equal((physician.Start, physician.End), (said.Start, said.End));
    }

    [Fact]
    public void A_regime_that_says_nothing_of_the_physician_leaves_it_undetermined() =>
        Assert.Equal(
            (RightState.Undetermined, "Ce régime ne dit rien du médecin traitant : demandez au patient."),
            (Known.Rights.On("2026-11-23").Physician.State, Known.Rights.On("2026-11-23").Physician.Sentence));

    [Fact]
    public void Work_accidents_are_listed_whatever_the_date_and_never_applied()
    {
        var rights = Regimes.Recorded.Rights("cnam");

        var with = rights.On("2020-01-01");
        var without = (rights with { WorkAccidents = [] }).On("2020-01-01");

        Assert.Equal(new WorkAccident("123456782", new(2023, 5, 4), new(2023, 5, 4), null), Assert.Single(with.WorkAccidents!));
        Assert.Empty(without.WorkAccidents!);
        Assert.Equal(without.BaseRights, with.BaseRights);
        Assert.Equal(without.Exemptions, with.Exemptions);
        Assert.Null(Known.Rights.On("2026-11-23", regime: "mgen").WorkAccidents);
    }

    [Theory]
    [InlineData("01", "0", true)]
    [InlineData("01", "1", false)]
    [InlineData("01", null, false)]
    [InlineData("08", "0", false)]
    public void Full_third_party_payment_is_said_in_its_own_words_and_no_others(string regimeCode, string? specificity, bool applies)
    {
        var rights = Known.Rights with
        {
            Organism = Known.Rights.Organism with { Code = Organism.Parse($"{regimeCode}7510000").Value },
            ContractSpecificity = specificity,
            Exemptions = [Pension],
        };

        var derived = rights.On("2026-11-23");

        Assert.Equal(applies ? 0 : 1, derived.Exemptions.Count);
        Assert.Equal(
            applies ? (RightState.Open, "VF", "tiers payant intégral, prise en charge à 100 % par le régime général, sans dépassement") : null,
            derived.FullThirdPartyPayment?.Said());
        // Nor do its traces say at other dates why it was so.
        Assert.Equal(applies ? 0 : 1, rights.On("2027-01-01").Exemptions.Count);
        Assert.Null(rights.On("2027-01-01").FullThirdPartyPayment);
    }

    [Fact]
    public void Full_third_party_payment_rests_on_base_rights_and_gives_way_to_ame()
    {
        var rights = Known.Rights with { ContractSpecificity = "0", Exemptions = [Pension] };

        Assert.Equal(RightState.Undetermined, (rights with { BasePeriods = [] }).On("2026-11-23").FullThirdPartyPayment?.State);
        Assert.Null((rights with { Situations = [Known.Ame] }).On("2026-11-23").FullThirdPartyPayment);
    }
}
