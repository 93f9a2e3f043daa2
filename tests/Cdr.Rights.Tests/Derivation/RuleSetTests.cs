using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>What each version says, so that neither changes any more.</summary>
public sealed class RuleSetTests
{
    private static readonly DateOnly Day = Known.Day("2026-11-23");

    [Fact]
    public void Versions_are_found_and_the_last_is_current()
    {
        Assert.Equal(["2026.1", "2026.2", "2026.3"], RuleSet.All.Select(one => one.Version));
        Assert.All(RuleSet.All, one => Assert.Same(one, RuleSet.Find(one.Version)));
        Assert.Null(RuleSet.Find("2026"));
        Assert.Same(RuleSet.All[^1], RuleSet.Current);
        Assert.Equal("2026.3", RuleSet.Current.ToString());
    }

    [Theory]
    [InlineData("2026.1", RightState.Open, "CF611", "Aide médicale de l'État ouverte du 01/01/2026 au 31/12/2026 ; elle est gérée par la caisse.")]
    [InlineData("2026.2", RightState.Undetermined, "VF", "Aide médicale de l'État ouverte du 01/01/2026 au 31/12/2026 ; elle est gérée par la caisse, sans carte Vitale.")]
    public void Ame_excludes_the_rest_base_rights_included(string version, RightState baseState, string rule, string ame)
    {
        var derived = Derived(version, Known.Rights with { Situations = [Known.Ame] });

        Assert.Equal((baseState, rule), (derived.BaseRights.State, derived.BaseRights.Rule));
        Assert.Equal(ame, derived.Ame.Sentence);
        if (version == "2026.2")
            Assert.Equal("Droits de base et aide médicale de l'État déclarés à la même date, alors que l'une exclut les autres : à vérifier auprès de la caisse.", derived.BaseRights.Sentence);
    }

    [Theory]
    [InlineData("2026.1", null, RightState.Open)]
    [InlineData("2026.2", null, RightState.Undetermined)]
    [InlineData("2026.2", "2026-11-23", RightState.Undetermined)]
    public void A_departure_puts_base_rights_in_doubt_and_what_rests_on_them(string version, string? since, RightState c2s)
    {
        var derived = Derived(version, Known.Rights with { Situations = [Known.C2s] }, new Departure(since is null ? null : Known.Day(since)));

        Assert.Equal(
            (RightState.Undetermined, "CF611", "Ce régime indique que la personne l'a quitté, mais garde une période ouverte à cette date : une personne décide."),
            derived.BaseRights.Said());
        Assert.Equal(c2s, derived.C2s.State);
    }

    [Theory]
    [InlineData("2026.1", RightState.Open, RightState.Closed)]
    [InlineData("2026.2", RightState.Undetermined, RightState.Undetermined)]
    public void A_departure_puts_an_ame_in_doubt_and_it_closes_nothing(string version, RightState ame, RightState c2s)
    {
        var derived = Derived(version, Known.Rights with { BasePeriods = [], Situations = [Known.Ame, Known.C2s] }, new Departure(Day));

        Assert.Equal((ame, c2s), (derived.Ame.State, derived.C2s.State));
        if (version == "2026.2")
        {
            Assert.Null(derived.FullCover);
            Assert.Equal("Aide médicale de l'État : ce régime indique que la personne l'a quitté, mais la garde ouverte à cette date : une personne décide.", derived.Ame.Sentence);
            Assert.Equal(RightState.Open, Derived(version, Known.Rights with { BasePeriods = [], Situations = [Known.Ame] }, new Departure(Day.AddDays(1))).Ame.State);
        }
    }

    [Theory]
    [InlineData("2026.1")]
    [InlineData("2026.2")]
    public void A_later_departure_puts_nothing_in_doubt(string version)
    {
        var rights = Known.Rights with { Situations = [Known.C2s] };

        Assert.Equal(RightState.Open, Derived(version, rights, new Departure(Day.AddDays(1))).BaseRights.State);
        Assert.Equal(RightState.Closed, Derived(version, rights with { BasePeriods = [] }, new Departure(null)).BaseRights.State);
    }

    [Theory]
    [InlineData("2026.1", "Médecin traitant déclaré depuis le 01/01/2026.", "2029-12-31")]
    [InlineData("2026.2", "Médecin traitant déclaré depuis le 01/01/2026.", null)]
    public void The_end_of_a_declaration_beyond_the_horizon_is_not_known(string version, string sentence, string? end)
    {
        var physician = Derived(version, Known.Rights with { Physician = Doctor("2026-01-01", "2029-12-31") }).Physician;

        Assert.Equal((sentence, end is null ? (DateOnly?)null : Known.Day(end)), (physician.Sentence, physician.End));
    }

    [Theory]
    [InlineData("2026.1", "Médecin traitant déclaré depuis le 01/01/2026.", "Médecin traitant déclaré.")]
    [InlineData("2026.2", "Médecin traitant déclaré du 01/01/2026 au 30/06/2027.", "Médecin traitant déclaré jusqu'au 30/06/2027.")]
    public void A_declarations_period_is_said_whole(string version, string both, string endOnly)
    {
        Assert.Equal(both, Derived(version, Known.Rights with { Physician = Doctor("2026-01-01", "2027-06-30") }).Physician.Sentence);
        Assert.Equal(endOnly, Derived(version, Known.Rights with { Physician = Doctor(null, "2027-06-30") }).Physician.Sentence);
    }

    [Theory]
    [InlineData("2026.1", RightState.Open, "CF614")]
    [InlineData("2026.2", RightState.Undetermined, "API-DROITS")]
    public void Beyond_the_horizon_no_declaration_is_known(string version, RightState state, string rule)
    {
        var rights = Known.Rights with { Physician = Doctor("2026-01-01", null) };
        var beyond = new Care(Known.Today.AddYears(1).AddDays(1));

        var physician = rights.On(beyond, rules: RuleSet.Find(version)).Physician;

        Assert.Equal((state, rule), (physician.State, physician.Rule));
        Assert.Equal(("CF614", RightState.Undetermined), ((rights with { Physician = null }).On(beyond, rules: RuleSet.Find(version)).Physician.Rule, RightState.Undetermined));
        if (version == "2026.2")
            Assert.Equal("Médecin traitant : à plus d'un an, rien n'est encore connu.", physician.Sentence);
    }

    [Fact]
    public void The_first_version_ranks_no_full_cover_and_names_no_migrant()
    {
        var rights = Known.Rights with
        {
            Insured = Known.Rights.Insured with { Nir = Nir.Parse("5185056600903").Value }, Exemptions = [new(Exemption.Invalidity, Known.Period("2026-01-01/.."))],
        };

        var (first, second) = (Derived("2026.1", rights), Derived("2026.2", rights));

        Assert.Equal((null, null), (first.FullCover, first.PassingMigrant));
        Assert.NotNull(second.FullCover);
        Assert.NotNull(second.PassingMigrant);
    }

    [Theory]
    [InlineData("2026.1", "2026-03-01")]
    [InlineData("2026.2", "2026-01-01")]
    public void Of_periods_that_end_together_the_longer_decides_whatever_their_order(string version, string start)
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period("2026-03-01/2026-12-31"), Known.Period("2026-01-01/2026-12-31")] };

        Assert.Equal(Known.Day(start), Derived(version, rights).BaseRights.Start);
    }

    [Theory]
    [InlineData("2026.1", "2026-12-31")]
    [InlineData("2026.2", "2027-03-31")]
    public void Of_two_c2s_that_cost_the_same_the_longer_decides(string version, string end)
    {
        var rights = Known.Rights with { Situations = [Known.C2s, Known.C2s with { Period = Known.Period("2026-01-01/2027-03-31") }] };

        Assert.Equal(Known.Day(end), Derived(version, rights).C2s.End);
    }

    [Fact]
    public void Of_c2s_that_cost_the_same_and_end_together_what_decides_does_not_depend_on_their_order()
    {
        var c2s = Known.C2s with { ComplementaryBody = ComplementaryBody.C2sManagedByCaisse };
        DatedSituation[] situations =
        [
            c2s,
            c2s with { Period = Known.Period("2025-01-01/2026-12-31") },
            c2s with { Period = Known.Period("2025-01-01/2026-12-31"), Situation = SpecialSituation.C2sManagedByCaisse2 },
            c2s with { Period = Known.Period("2025-01-01/2026-12-31"), ComplementaryBody = ComplementaryBody.C2sManagedSeparately },
        ];

        foreach (var rights in new[] { situations, [.. situations.Reverse()] }.Select(one => Known.Rights with { Situations = one }))
        {
            // Two managers for one and the same C2S: the first of the two numbers is kept, always.
            var decided = Derived("2026.2", rights).C2s;
            Assert.Equal(("1", Known.Day("2025-01-01"), ComplementaryBody.C2sManagedSeparately.Value), (decided.Code, decided.Start, decided.ComplementaryBody));
        }
    }

    [Theory]
    [InlineData("2026.2", RightState.Open, "Complémentaire santé solidaire sans participation, gérée par un organisme complémentaire, du 01/01/2026 au 31/12/2026.")]
    [InlineData("2026.3", RightState.Undetermined, "Complémentaire santé solidaire déclarée, mais son gestionnaire est indiqué de deux façons différentes : à vérifier auprès de la caisse.")]
    public void C2s_of_the_caisse_that_names_another_body_has_two_managers(string version, RightState state, string sentence)
    {
        foreach (var code in new[] { SpecialSituation.C2sManagedByCaisse1, SpecialSituation.C2sManagedByCaisse2 })
        {
            var c2s = Derived(version, Known.Rights with { Situations = [Known.C2s with { Situation = code, ComplementaryBody = ComplementaryBody.Parse("12345678").Value }] }).C2s;
            Assert.Equal((state, sentence), (c2s.State, c2s.Sentence));
        }

        Assert.Equal(
            RightState.Open,
            Derived(version, Known.Rights with { Situations = [Known.C2s with { Situation = SpecialSituation.C2sManagedSeparately, ComplementaryBody = ComplementaryBody.Parse("12345678").Value }] }).C2s.State);
    }

    [Theory]
    [InlineData("2026-03-01/2026-03-31", "2026-03-01/..", "2026-03-01/2026-04-30", null)]
    [InlineData("2026-03-01/2026-03-31", "2026-03-01/2026-04-30", "2026-03-01/2026-04-15", "2026-04-30")]
    public void Of_periods_that_begin_together_after_the_date_the_longest_is_shown(string one, string other, string third, string? end)
    {
        var rights = Known.Rights with { BasePeriods = [Known.Period(one), Known.Period(other), Known.Period(third)] };

        var conclusion = rights.On("2026-01-15").BaseRights;

        Assert.Equal((RightState.Closed, end is null ? (DateOnly?)null : Known.Day(end)), (conclusion.State, conclusion.End));
    }

    [Theory]
    [InlineData("2027-11-23", "2027-11-23")]
    [InlineData("2027-11-24", null)]
    public void A_declaration_that_ends_at_the_horizon_is_known_to_the_day(string end, string? known) =>
        Assert.Equal(known is null ? (DateOnly?)null : Known.Day(known), Derived("2026.2", Known.Rights with { Physician = Doctor("2026-01-01", end) }).Physician.End);

    [Theory]
    [InlineData("2026.1", RightState.Open)]
    [InlineData("2026.2", RightState.Undetermined)]
    public void Two_ame_of_one_period_that_name_different_bodies_are_for_a_person_to_decide(string version, RightState state)
    {
        var rights = Known.Rights with { BasePeriods = [], Situations = [Known.Ame, Known.Ame with { ComplementaryBody = ComplementaryBody.C2sManagedByCaisse }] };

        Assert.Equal(state, Derived(version, rights).Ame.State);
    }

    [Theory]
    [InlineData("2026.1", RightState.Open)]
    [InlineData("2026.2", RightState.Undetermined)]
    public void Two_maternity_organisms_are_for_a_person_to_decide(string version, RightState state)
    {
        var rights = Known.Rights with
        {
            Maternities = [new(Known.Period("2026-09-01/2027-01-12"), null), new(Known.Period("2026-10-01/2027-01-12"), Organism.Parse("015610000").Value)],
        };

        var maternity = Derived(version, rights).Maternity;

        Assert.Equal(state, maternity.State);
        if (version == "2026.2")
            Assert.Equal((null, "Maternité : plusieurs organismes sont indiqués à cette date ; une personne décide lequel la gère."), (maternity.Label, maternity.Sentence));
        Assert.Equal(RightState.Open, Derived(version, rights with { Maternities = [rights.Maternities[0], rights.Maternities[1] with { Organism = null }] }).Maternity.State);
        Assert.Equal(RightState.Closed, Derived(version, rights with { BasePeriods = [], Situations = [Known.Ame] }).Maternity.State);
    }

    private static DeclaredPhysician Doctor(string? start, string? end) =>
        new(true, "Dr Zoé Älvarez", null, start is null ? null : Known.Day(start), end is null ? null : Known.Day(end));

    private static DerivedRights Derived(string version, DatedRights rights, Departure? departure = null) =>
        rights.On(new Care(Day), departure: departure, rules: RuleSet.Find(version));
}
