using Cdr.Contracts.Rights;
using Cdr.Domain;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>C2S and AME.</summary>
public sealed class SituationRulesTests
{
    [Theory]
    [InlineData("1", null, false, "Complémentaire santé solidaire sans participation, gérée par la caisse, du 01/01/2026 au 31/12/2026.", "99999997")]
    [InlineData("2", "99999997", true, "Complémentaire santé solidaire avec participation, gérée par la caisse, du 01/01/2026 au 31/12/2026.", "99999997")]
    [InlineData("3", null, true, "Complémentaire santé solidaire avec participation, gérée par un organisme complémentaire, du 01/01/2026 au 31/12/2026.", "88888888")]
    [InlineData("3", "12345678", null, "Complémentaire santé solidaire (participation non précisée), gérée par un organisme complémentaire, du 01/01/2026 au 31/12/2026.", "12345678")]
    public void C2s_says_its_participation_and_its_manager(string code, string? body, bool? participation, string sentence, string shown)
    {
        var situation = Known.C2s with
        {
            Situation = SpecialSituation.Parse(code).Value,
            ComplementaryBody = body is null ? null : ComplementaryBody.Parse(body).Value,
            Participation = participation,
        };

        var c2s = (Known.Rights with { Situations = [situation] }).On("2026-11-23").C2s;

        Assert.Equal((RightState.Open, "CF612", sentence), c2s.Said());
        Assert.Equal((code, shown, participation), (c2s.Code, c2s.ComplementaryBody, c2s.WithParticipation));
        Assert.Equal((Known.Day("2026-01-01"), Known.Day("2026-12-31")), (c2s.Start, c2s.End));
    }

    [Theory]
    [InlineData("1", "88888888")]
    [InlineData("1", "12345678")]
    [InlineData("2", "12345678")]
    [InlineData("3", "99999997")]
    [InlineData("3", "75500017")]
    public void C2s_with_two_different_managers_is_for_a_person_to_decide(string code, string body)
    {
        var situation = Known.C2s with
        {
            Situation = SpecialSituation.Parse(code).Value, ComplementaryBody = ComplementaryBody.Parse(body).Value,
        };

        var c2s = (Known.Rights with { Situations = [situation] }).On("2026-11-23").C2s;

        Assert.Equal(RightState.Undetermined, c2s.State);
        Assert.Contains("de deux façons différentes", c2s.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_c2s_the_one_without_participation_is_kept()
    {
        var rights = Known.Rights with { Situations = [Known.C2s with { Participation = true }, Known.C2s with { Participation = null }, Known.C2s] };

        Assert.False(rights.On("2026-11-23").C2s.WithParticipation);
        Assert.True((rights with { Situations = [.. rights.Situations.Take(2).Reverse()] }).On("2026-11-23").C2s.WithParticipation);
    }

    [Theory]
    [InlineData("2025-12-31", "Complémentaire santé solidaire non retrouvée à cette date : la prochaine période connue commence le 01/01/2026.")]
    [InlineData("2027-01-01", "Complémentaire santé solidaire non retrouvée à cette date : la dernière période connue a pris fin le 31/12/2026.")]
    public void C2s_outside_its_period_is_closed(string day, string sentence)
    {
        var c2s = (Known.Rights with { Situations = [Known.C2s] }).On(day).C2s;

        Assert.Equal((RightState.Closed, "CF612", sentence), c2s.Said());
        Assert.Equal(Known.Day("2026-01-01"), c2s.Start);
    }

    [Fact]
    public void Without_situations_both_are_closed()
    {
        var derived = Known.Rights.On("2026-11-23");

        Assert.Equal((RightState.Closed, "CF612", "Complémentaire santé solidaire non retrouvée à cette date."), derived.C2s.Said());
        Assert.Equal((RightState.Closed, "CF612", "Aide médicale de l'État non retrouvée à cette date."), derived.Ame.Said());
    }

    [Fact]
    public void Ame_is_open_inside_its_period_and_managed_by_the_caisse()
    {
        var ame = (Known.Rights with { BasePeriods = [], Situations = [Known.Ame with { ComplementaryBody = null }] }).On("2026-12-31").Ame;

        Assert.Equal(
            (RightState.Open, "VF", "Aide médicale de l'État ouverte du 01/01/2026 au 31/12/2026 ; elle est gérée par la caisse, sans carte Vitale."), ame.Said());
        Assert.Equal(("10", "75500017"), (ame.Code, ame.ComplementaryBody));
    }

    [Fact]
    public void Ame_excludes_every_other_right()
    {
        var derived = (Regimes.Recorded.Rights("cnam") with { Situations = [Known.Ame, Known.C2s] }).On("2026-04-01");

        Assert.Equal(RightState.Open, derived.Ame.State);
        Assert.All([derived.C2s, derived.Maternity, .. derived.Exemptions, .. derived.Modulations], conclusion =>
        {
            Assert.Equal((RightState.Closed, "VF"), (conclusion.State, conclusion.Rule));
            Assert.Contains("l'aide médicale de l'État la remplace", conclusion.Sentence, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Ame_with_the_number_of_another_body_is_for_a_person_to_decide()
    {
        var ame = (Known.Rights with { Situations = [Known.Ame with { ComplementaryBody = ComplementaryBody.C2sManagedByCaisse }] })
            .On("2026-11-23").Ame;

        Assert.Equal((RightState.Undetermined, "99999997"), (ame.State, ame.ComplementaryBody));
        Assert.Contains("à vérifier auprès de la caisse", ame.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_asks_for_ame_is_told_what_to_do_where_it_is_not_found()
    {
        Assert.Contains(
            "demandez au patient", Known.Rights.On("2026-11-23", ConsultationReason.StateMedicalAid).Ame.Sentence, StringComparison.Ordinal);
        Assert.Equal(
            "Aide médicale de l'État non retrouvée à cette date : la dernière période connue a pris fin le 31/12/2026.",
            (Known.Rights with { Situations = [Known.Ame] }).On("2027-01-01", ConsultationReason.StateMedicalAid).Ame.Sentence);
    }

    [Fact]
    public void A_right_that_rests_on_base_rights_is_undetermined_without_them()
    {
        var derived = (Regimes.Recorded.Rights("cnam") with { BasePeriods = [] }).On("2026-04-01");

        Assert.All([derived.C2s, derived.Maternity, .. derived.Exemptions, .. derived.Modulations], conclusion =>
        {
            Assert.Equal((RightState.Undetermined, "CF611"), (conclusion.State, conclusion.Rule));
            Assert.Contains("les droits de base n'y sont pas retrouvés", conclusion.Sentence, StringComparison.Ordinal);
        });
    }
}
