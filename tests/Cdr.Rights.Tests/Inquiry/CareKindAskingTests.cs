using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>Questions that say what kind of care it is, asked of the simulated regimes.</summary>
public sealed class CareKindAskingTests : IAsyncLifetime
{
    private RightsWorld world = null!;

    public async ValueTask InitializeAsync() => world = await RightsWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task A_series_is_the_business_of_the_regime_of_the_day_it_was_prescribed()
    {
        var nir = world.Regimes.People.Case("moved").Nir;

        var series = await world.Host.AskAsync(
            new { nir, reason = "invoice-rejected", careKind = "series", prescriptionDate = "15/06/2023", careDate = "10/07/2023" }).AnswerAsync();
        var act = await world.Host.AskAsync(new { nir, reason = "invoice-rejected", careKind = "isolated-act", careDate = "10/07/2023" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, "cnam", RightState.Open), (series.Outcome, series.Affiliations[0].Source.Regime, series.Affiliations[0].BaseRights.State));
        Assert.Equal((new DateOnly(2023, 7, 10), new DateOnly(2023, 6, 15), "CF600"), (series.CareDate, series.Reference!.Date, series.Reference.Rule));
        Assert.Equal((ConsultationOutcome.Found, "msa"), (act.Outcome, act.Affiliations[0].Source.Regime));
        Assert.Equal(new DateOnly(2023, 7, 10), act.Reference!.Date);
    }

    [Fact]
    public async Task Kinds_that_share_a_reference_date_share_the_kept_reply_and_not_the_conclusions()
    {
        var nir = world.Regimes.People.Case("c2s").Nir;
        var question = new { nir, reason = "emergency", regime = "cnam", careKind = "laboratory", prescriptionDate = "2024-10-31", careDate = "2024-11-15" };

        var laboratory = await world.Host.AskAsync(question).AnswerAsync();
        var pharmacy = await world.Host.AskAsync(question with { careKind = "pharmacy" }).AnswerAsync();
        var plain = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", careDate = "2024-10-31" }).AnswerAsync();

        Assert.Equal(1, world.Regimes.Calls("cnam"));
        Assert.Equal(
            [("CP01", RightState.Open), ("CF612", RightState.Open), ("CF612", RightState.Closed)],
            new[] { laboratory, pharmacy, plain }.Select(answer => (answer.Affiliations[0].C2s.Rule, answer.Affiliations[0].C2s.State)));
        Assert.Null(plain.Reference);
    }

    [Fact]
    public async Task A_prescription_of_the_past_leaves_the_rights_of_a_regime_without_past_dates_in_doubt()
    {
        var (nir, today) = (world.Regimes.People.Case("enim").Nir, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime));

        var plain = await world.Host.AskAsync(new { nir, reason = "emergency" }).AnswerAsync();
        var pharmacy = await world.Host.AskAsync(new { nir, reason = "emergency", careKind = "pharmacy", prescriptionDate = $"{today.AddDays(-3):yyyy-MM-dd}" }).AnswerAsync();

        Assert.Equal("Droits ouverts", plain.Headline);
        Assert.Equal(ConsultationOutcome.Incomplete, pharmacy.Outcome);
        Assert.Contains("Enim", pharmacy.Missing);
    }

    [Fact]
    public async Task The_same_id_with_another_kind_is_another_question()
    {
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("c2s").Nir, reason = "emergency", regime = "cnam", careKind = "stay" };
        await world.Host.AskAsync(question).AnswerAsync();

        Assert.Equal(409, (await world.Host.AskAsync(question with { careKind = "isolated-act" }).ProblemAsync()).Status);
        Assert.Equal("stay", (await world.Host.AskAsync(question).AnswerAsync()).Reference!.Kind);
    }

    [Fact]
    public async Task A_nature_of_insurance_goes_before_the_miners_regime()
    {
        var nir = world.Regimes.People.Case("invalidity").Nir;

        var plain = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "canssm" }).AnswerAsync();
        var stated = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "canssm", insuranceNature = "41" }).AnswerAsync();

        Assert.Equal(("Régime des mines", "41"), (plain.Affiliations[0].FullCover!.Label, stated.Affiliations[0].FullCover!.Code));
    }

    [Fact]
    public async Task State_medical_aid_comes_without_a_card_to_update()
    {
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("ame").Nir, reason = "state-medical-aid" }).AnswerAsync();

        Assert.Equal("Droits ouverts", answer.Headline);
        Assert.DoesNotContain(answer.NextSteps, step => step.Contains("Vitale", StringComparison.Ordinal));
    }
}
