using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>CF600: the reference date by the kind of care. CP01: the most favourable of prescription and execution.</summary>
public sealed class CareKindTests
{
    private const string Prescribed = "2026-03-10";
    private const string Done = "2026-04-20";

    private static readonly DatedExemption Ald = new(Exemption.LongTermIllness13, Known.Period("2026-04-01/2026-12-31"));

    [Theory]
    [InlineData("isolated-act", Done, "Acte isolé : les droits sont ceux du 20/04/2026, date de l'acte.")]
    [InlineData("series", Prescribed, "Série d'actes : les droits sont ceux du 10/03/2026, date de la prescription.")]
    [InlineData("stay", Done, "Séjour : les droits sont ceux du 20/04/2026, date d'entrée.")]
    [InlineData("dental-prosthetics", Done, "Prothèse dentaire : les droits sont ceux du 20/04/2026, date d'achèvement.")]
    [InlineData("laboratory", Prescribed, "Analyses de laboratoire : les droits sont ceux du 10/03/2026, date de la prescription.")]
    [InlineData("devices", Prescribed, "Appareillage : les droits sont ceux du 10/03/2026, date de la prescription.")]
    [InlineData("pharmacy", Prescribed, "Pharmacie : les droits sont ceux du 10/03/2026, date de la prescription.")]
    public void The_kind_of_care_says_which_date_rights_are_looked_at(string kind, string date, string sentence)
    {
        var care = Care(kind);
        var rights = Known.Rights with { BasePeriods = [Known.Period($"{date}/{date}")] };

        var reference = ReferenceRule.Decide(care)!;

        Assert.Equal((Known.Day(date), kind, "CF600", sentence), (reference.Date, reference.Kind, reference.Rule, reference.Sentence));
        Assert.Equal(care.Prescription, reference.PrescriptionDate);
        Assert.Equal(RightState.Open, rights.On(care).BaseRights.State);
        // The other date opens nothing, however favourable: CF611 is about the reference date alone.
        var other = date == Done ? Prescribed : Done;
        Assert.Equal(RightState.Closed, (Known.Rights with { BasePeriods = [Known.Period($"{other}/{other}")] }).On(care).BaseRights.State);
    }

    [Fact]
    public void Without_a_kind_the_care_date_is_the_reference_and_nothing_is_said() =>
        Assert.Null(ReferenceRule.Decide(new Care(Known.Day(Done))));

    [Fact]
    public void An_exemption_that_began_between_prescription_and_execution_is_kept()
    {
        var exemption = Assert.Single((Known.Rights with { Exemptions = [Ald] }).On(Care("series")).Exemptions);

        Assert.Equal(
            (RightState.Open, "CP01", "Exonération « Affection de longue durée (ALD) » du 01/04/2026 au 31/12/2026. Situation retenue : celle du 20/04/2026, date de l'acte, la plus favorable au patient."),
            exemption.Said());
        Assert.Equal((Known.Day("2026-04-01"), Known.Day("2026-12-31")), (exemption.Start, exemption.End));
    }

    [Fact]
    public void An_exemption_that_ended_between_them_is_kept_for_an_act_done_on_prescription()
    {
        var ended = Ald with { Period = Known.Period("2026-01-01/2026-03-31") };

        var exemption = Assert.Single((Known.Rights with { Exemptions = [ended] }).On(Care("isolated-act")).Exemptions);

        Assert.Equal(
            (RightState.Open, "CP01", "Exonération « Affection de longue durée (ALD) » du 01/01/2026 au 31/03/2026. Situation retenue : celle du 10/03/2026, date de la prescription, la plus favorable au patient."),
            exemption.Said());
    }

    [Fact]
    public void What_holds_on_the_reference_date_needs_no_other()
    {
        var held = Ald with { Period = Known.Period("2026-01-01/2026-03-31") };

        var exemption = Assert.Single((Known.Rights with { Exemptions = [held] }).On(Care("series")).Exemptions);

        Assert.Equal((RightState.Open, "CF613", "Exonération « Affection de longue durée (ALD) » du 01/01/2026 au 31/03/2026."), exemption.Said());
    }

    [Fact]
    public void What_holds_on_neither_date_is_said_of_the_reference_date()
    {
        var later = Ald with { Period = Known.Period("2026-05-01/..") };

        var exemption = Assert.Single((Known.Rights with { Exemptions = [later] }).On(Care("series")).Exemptions);

        Assert.Equal(("CF613", RightState.Closed), (exemption.Rule, exemption.State));
    }

    [Fact]
    public void Undetermined_on_the_reference_date_never_becomes_open()
    {
        // Base rights began between the two dates: on the prescription's day nothing of theirs can stand.
        var rights = Known.Rights with
        {
            BasePeriods = [Known.Period("2026-04-01/..")],
            Exemptions = [new(Exemption.LongTermIllness13, Known.Period("2026-01-01/.."))],
            Situations = [Known.C2s],
        };

        var derived = rights.On(Care("series"));

        Assert.Equal((RightState.Undetermined, "CF611"), (derived.Exemptions[0].State, derived.Exemptions[0].Rule));
        Assert.Equal((RightState.Undetermined, "CF611"), (derived.C2s.State, derived.C2s.Rule));
    }

    [Fact]
    public void Open_on_the_other_date_alone_stands_on_no_base_rights_of_the_reference_date()
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period("2026-04-01/..")], Exemptions = [Ald] };

        var exemption = Assert.Single(rights.On(Care("series")).Exemptions);

        Assert.Equal(
            (RightState.Undetermined, "CF611", "Exonération « Affection de longue durée (ALD) » : déclarée au 20/04/2026, date de l'acte, mais les droits de base ne sont pas retrouvés au 10/03/2026, date de la prescription ; à vérifier auprès de l'organisme."),
            exemption.Said());
        Assert.EndsWith("déclarée à cette date, mais les droits de base n'y sont pas retrouvés ; à vérifier auprès de l'organisme.", Assert.Single(rights.On(Care("series"), rules: RuleSet.V2026R2).Exemptions).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-04-01/..", RightState.Undetermined, "déclarée au 20/04/2026, date de délivrance, mais les droits de base ne sont pas retrouvés au 10/03/2026, date de la prescription ; à vérifier auprès de l'organisme.")]
    [InlineData("ame", RightState.Closed, "non applicable, l'aide médicale de l'État la remplace au 10/03/2026, date de la prescription.")]
    public void C2s_that_the_first_date_stands_against_names_it(string first, RightState state, string sentence)
    {
        var rights = first == "ame"
            ? Known.Rights with { BasePeriods = [Known.Period("2026-04-01/..")], Situations = [Known.Ame with { Period = Known.Period("2026-01-01/2026-03-31") }, Known.C2s] }
            : Known.Rights with { BasePeriods = [Known.Period(first)], Situations = [Known.C2s] };

        var c2s = rights.On(Care("pharmacy")).C2s;

        Assert.Equal((state, $"Complémentaire santé solidaire : {sentence}"), (c2s.State, c2s.Sentence));
    }

    [Fact]
    public void Full_cover_of_the_other_date_says_which()
    {
        var rights = Known.Rights with { Exemptions = [new(Exemption.Invalidity, Known.Period("2026-01-01/2026-03-31"))] };

        var (act, care) = (rights.On(Care("isolated-act")), rights.On(Care("series")));

        Assert.Equal("Prise en charge à 100 % : Invalidité. Situation retenue : celle du 10/03/2026, date de la prescription, la plus favorable au patient.", act.FullCover!.Sentence);
        Assert.Equal("Prise en charge à 100 % : Invalidité.", care.FullCover!.Sentence);
        Assert.Equal("Prise en charge à 100 % : Invalidité.", rights.On(Care("isolated-act"), rules: RuleSet.V2026R2).FullCover!.Sentence);
        var exempted = (Known.Rights with { Exemptions = [new(Exemption.LongTermIllness13, Known.Period("2026-01-01/2026-03-31"))] }).On(Care("isolated-act"));
        Assert.EndsWith("une personne décide. Situation retenue : celle du 10/03/2026, date de la prescription, la plus favorable au patient.", exempted.FullCover!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void In_doubt_on_the_other_date_is_for_a_person_to_compare()
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period("2020-01-01/2026-03-31")], Exemptions = [Ald] };

        var exemption = Assert.Single(rights.On(Care("series")).Exemptions);

        Assert.Equal((RightState.Undetermined, "CP01"), (exemption.State, exemption.Rule));
        Assert.EndsWith("Il en est ainsi au 20/04/2026, date de l'acte : une personne compare.", exemption.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_c2s_with_and_without_participation_the_one_without_is_kept()
    {
        var rights = Known.Rights with
        {
            Situations =
            [
                Known.C2s with { Situation = SpecialSituation.C2sManagedByCaisse2, Period = Known.Period("2026-01-01/2026-03-31"), Participation = true },
                Known.C2s with { Period = Known.Period("2026-04-01/2026-12-31") },
            ],
        };

        var series = rights.On(Care("series")).C2s;
        var act = rights.On(Care("isolated-act")).C2s;

        Assert.Equal(("CP01", false), (series.Rule, series.WithParticipation));
        Assert.EndsWith("Situation retenue : celle du 20/04/2026, date de l'acte, la plus favorable au patient.", series.Sentence, StringComparison.Ordinal);
        Assert.Equal(("CF612", false), (act.Rule, act.WithParticipation));
    }

    [Theory]
    [InlineData("devices", "2026-04-01/2026-12-31", RightState.Open)]
    [InlineData("pharmacy", "2026-04-01/2026-12-31", RightState.Open)]
    [InlineData("pharmacy", "2026-01-01/2026-03-31", RightState.Closed)]
    [InlineData("devices", "2026-01-01/2026-03-31", RightState.Closed)]
    [InlineData("laboratory", "2026-01-01/2026-03-31", RightState.Open)]
    public void C2s_of_what_is_dispensed_is_that_of_the_day_it_is_dispensed(string kind, string period, RightState state)
    {
        var c2s = (Known.Rights with { Situations = [Known.C2s with { Period = Known.Period(period) }] }).On(Care(kind)).C2s;

        Assert.Equal((state, "CF612"), (c2s.State, c2s.Rule));
        Assert.Equal(kind != "laboratory", c2s.Sentence.EndsWith(" C'est la situation du 20/04/2026, date de délivrance, qui compte.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2020-01-01/2026-03-31")]
    [InlineData("2026-04-01/..")]
    public void C2s_of_what_is_dispensed_needs_base_rights_on_both_dates(string basePeriod)
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period(basePeriod)], Situations = [Known.C2s] };

        Assert.Equal((RightState.Undetermined, "CF611"), (rights.On(Care("pharmacy")).C2s.State, rights.On(Care("pharmacy")).C2s.Rule));
    }

    [Theory]
    [InlineData("2026.1", RightState.Closed)]
    [InlineData("2026.2", RightState.Undetermined)]
    public void C2s_of_a_day_on_which_the_person_had_left_is_not_this_regimes_to_close(string version, RightState state)
    {
        var (rules, ended) = (RuleSet.Find(version), Known.Rights with { BasePeriods = [Known.Period("2020-01-01/2026-03-31")] });

        var c2s = ended.On(Care("pharmacy"), rules: rules).C2s;

        Assert.Equal(state, c2s.State);
        Assert.Equal(state, Known.Rights.On(Care("devices"), departure: new Departure(Known.Day("2026-04-01")), rules: rules).C2s.State);
        if (version == "2026.2")
            Assert.Equal("Complémentaire santé solidaire : au 20/04/2026, date de délivrance, la personne relève peut-être d'un autre régime ; à vérifier auprès de lui.", c2s.Sentence);
        // An AME of that day excludes it all the same, and base rights of that day close it.
        Assert.Equal(RightState.Closed, (ended with { Situations = [Known.Ame with { Period = Known.Period("2026-04-01/2026-12-31") }] }).On(Care("pharmacy"), rules: rules).C2s.State);
        Assert.Equal(RightState.Closed, Known.Rights.On(Care("pharmacy"), rules: rules).C2s.State);
    }

    [Fact]
    public void C2s_that_was_closed_the_day_it_was_dispensed_stays_so_without_base_rights_at_the_prescription()
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period("2026-04-01/..")], Situations = [Known.C2s with { Period = Known.Period("2026-01-01/2026-03-31") }] };

        Assert.Equal((RightState.Closed, "CF612"), (rights.On(Care("pharmacy")).C2s.State, rights.On(Care("pharmacy")).C2s.Rule));
    }

    [Theory]
    [InlineData(true, null, false)]
    [InlineData(null, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(null, true, false)]
    public void Of_two_open_c2s_only_the_one_known_to_be_without_participation_is_more_favourable(bool? own, bool? rival, bool isMore)
    {
        var open = (Known.Rights with { Situations = [Known.C2s] }).On(Done).C2s;

        Assert.Equal(isMore, MostFavourable.IsMoreFavourable(open with { WithParticipation = rival }, open with { WithParticipation = own }));
    }

    [Fact]
    public void The_care_date_of_no_kind_is_called_so()
    {
        Assert.Equal("date des soins", new Care(Known.Day(Done)).LabelOf(Known.Day(Done)));
        Assert.Equal("date de la prescription", Care("series").LabelOf(Known.Day(Prescribed)));
    }

    [Fact]
    public void On_one_and_the_same_day_there_is_nothing_to_compare()
    {
        var day = Known.Day(Done);
        var rights = Known.Rights with { Situations = [Known.C2s], Exemptions = [Ald] };

        var same = rights.On(new Care(day, CareKind.Pharmacy, day));
        var plain = rights.On(new Care(day));

        Assert.Equal(plain.C2s, same.C2s);
        Assert.Equal(plain.Exemptions, same.Exemptions);
    }

    [Fact]
    public void Full_third_party_payment_of_either_date_is_said_in_the_same_words()
    {
        var rights = Known.Rights with
        {
            ContractSpecificity = "0", Exemptions = [new(Exemption.MilitaryPension, Known.Period("2026-04-01/.."))],
        };

        var payment = rights.On(Care("series")).FullThirdPartyPayment!;

        Assert.Equal((RightState.Open, "CP01", FullThirdPartyPaymentRule.Sentence), payment.Said());
        Assert.Equal("VF", rights.On(Care("stay")).FullThirdPartyPayment!.Rule);
        foreach (var period in new[] { "2026-04-01/..", "2020-01-01/2026-03-31" })
        {
            var inDoubt = (rights with { BasePeriods = [Known.Period(period)] }).On(Care("series")).FullThirdPartyPayment!;
            Assert.Equal((RightState.Undetermined, "CF611"), (inDoubt.State, inDoubt.Rule));
        }

        var ame = Known.Ame with { Period = Known.Period("2026-01-01/2026-03-31") };
        Assert.Null((rights with { Situations = [ame] }).On(Care("series")).FullThirdPartyPayment);
    }

    [Fact]
    public void Ame_of_the_reference_date_excludes_what_the_other_date_would_give()
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period("2026-04-01/..")], Exemptions = [Ald], Situations = [Known.Ame with { Period = Known.Period("2026-01-01/2026-03-31") }] };

        var derived = rights.On(Care("series"));

        Assert.Equal(RightState.Open, derived.Ame.State);
        Assert.Equal((RightState.Closed, "CF613"), (derived.Exemptions[0].State, derived.Exemptions[0].Rule));
    }

    private static Care Care(string kind)
    {
        var parsed = CareKind.Parse(kind).Value;
        return new Care(Known.Day(Done), parsed, parsed.MayBePrescribed ? Known.Day(Prescribed) : null);
    }
}
