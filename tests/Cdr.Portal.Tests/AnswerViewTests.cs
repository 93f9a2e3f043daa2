using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Portal.Answers;
using Cdr.Portal.Tests.Fakes;
using MudBlazor.Services;

namespace Cdr.Portal.Tests;

public sealed class AnswerViewTests : BunitContext
{
    public AnswerViewTests()
    {
        System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo("fr-FR");
        Services.AddLocalization();
        Services.AddLogging();
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void The_headline_and_its_outcome_are_there_and_the_statement_says_what_it_is_not_worth()
    {
        var page = Show(Samples.Found());
        Assert.Equal("found", page.Find("[data-testid=answer]").GetAttribute("data-outcome"));
        Assert.Equal("Droits ouverts", page.Find("[data-testid=headline]").TextContent);
        Assert.Contains("ne vaut ni attestation de droits ni accord de prise en charge", page.Find("[data-testid=statement]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_answer_says_is_marked_as_french_and_what_the_page_says_is_not()
    {
        var view = Show(Samples.Found());
        foreach (var said in (string[])["[data-testid=headline]", "[data-testid=explanation]", "[data-testid=section-base-rights] .sentence", "[data-testid=section-attending-physician] .sentence", "[data-testid=tile-cnam] .tile-word"])
            Assert.Equal("fr", view.Find(said).GetAttribute("lang"));
        foreach (var ours in view.FindAll("h3, dt, button, .state, footer p"))
            Assert.Null(ours.Closest("[lang]"));
    }

    [Fact]
    public void An_answer_leads_to_its_statement_and_a_list_of_persons_to_none()
    {
        var found = Samples.Found();
        Assert.Equal($"/consultations/{found.Id}/releve", Show(found).Find("[data-testid=make-statement]").GetAttribute("href"));
        Assert.Empty(Show(Samples.Candidates()).FindAll("[data-testid=make-statement]"));
        var several = Samples.Several();
        Assert.NotEmpty(Show(several).FindAll("[data-testid=make-statement]"));
        // Homonyms: no number is in both files.
        var other = several.Affiliations[1] with { Insured = several.Affiliations[1].Insured with { Nir = "2790351215189" } };
        Assert.Empty(Show(several with { Affiliations = [several.Affiliations[0], other] }).FindAll("[data-testid=make-statement]"));
        // Nobody: the paper would pass for anybody's.
        Assert.Empty(Show(Samples.NotFound()).FindAll("[data-testid=make-statement]"));
        Assert.Empty(Show(Samples.Incomplete()).FindAll("[data-testid=make-statement]"));
    }

    [Fact]
    public void The_reference_date_a_passing_migrant_and_full_cover_are_said_the_last_only_when_asked_for()
    {
        var found = Samples.Found();
        var cover = new Conclusion { State = RightState.Open, Rule = "VF", Sentence = "Prise en charge à 100 % : Invalidité." };
        var page = Show(found with
        {
            Reference = new ReferenceDate(new DateOnly(2026, 11, 20), "series", new DateOnly(2026, 11, 20), "CF600", "Série d'actes : les droits sont ceux du 20/11/2026, date de la prescription."),
            Affiliations = [found.Affiliations[0] with { FullCover = cover, PassingMigrant = cover with { Rule = "MIGRANT", Sentence = "Migrant de passage." } }],
        });

        Assert.Contains("20/11/2026, date de la prescription", page.Find("[data-testid=reference-date]").TextContent, StringComparison.Ordinal);
        Assert.Equal("Migrant de passage.", page.Find("[data-testid=passing-migrant]").TextContent);
        Assert.DoesNotContain("Invalidité", page.Markup, StringComparison.Ordinal);
        page.Find("[data-testid=unfold-exemptions]").Click();
        Assert.Contains("Invalidité", page.Find("[data-testid=section-exemptions]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c2s", "99999997")]
    [InlineData("exemptions", "Affection de longue durée")]
    [InlineData("ame", "Sans objet.")]
    [InlineData("work-accidents", "123456782")]
    public void What_the_next_patient_must_not_read_is_absent_until_asked_for(string section, string content)
    {
        var page = Show(Samples.Found());
        Assert.DoesNotContain(content, page.Markup, StringComparison.Ordinal);
        page.Find($"[data-testid=unfold-{section}]").Click();
        Assert.Contains(content, page.Find($"[data-testid=section-{section}]").TextContent, StringComparison.Ordinal);
        page.Find($"[data-testid=unfold-{section}]").Click();
        Assert.DoesNotContain(content, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stale_answer_is_marked_as_such_at_its_regime_too()
    {
        var found = Samples.Found(freshness: Freshness.Stale);
        var page = Show(found with { Regimes = [.. found.Regimes.Select(state => state.Regime == "cnam" ? state with { Freshness = Freshness.Stale } : state)] });

        Assert.Matches(@"Obtenue le .*\S\. Il y a .*\S\. Une réponse ancienne ne vaut pas preuve\.", string.Join(' ', page.Find("[data-testid=freshness]").TextContent.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("stale", page.Find("[data-testid=tile-cnam]").GetAttribute("data-freshness"));
    }

    [Fact]
    public void Somebody_silent_beside_an_open_right_says_nothing_of_that_right()
    {
        var page = Show(Samples.Found() with { Missing = ["MGEN"] });

        Assert.Contains("MGEN. De ces régimes, on ne peut conclure ni", page.Find("[data-testid=missing]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folded_title_is_the_same_whatever_is_inside()
    {
        static string Titles(IRenderedComponent<AnswerView> page) => string.Join('|', page.FindAll(".fold").Select(fold => fold.TextContent));
        var without = Samples.Found() with { Affiliations = [Samples.Affiliation("cnam", "Cnam", false, Freshness.Live) with { Exemptions = [], WorkAccidents = [] }] };
        Assert.Equal(Titles(Show(Samples.Found())), Titles(Show(without)));
    }

    [Fact]
    public void The_insured_person_s_number_is_not_called_the_patient_s()
    {
        var page = Show(Samples.Found(child: true));
        Assert.Contains("ce n’est pas celui du patient", page.Find("[data-testid=insured-nir]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=patient-nir]"));
        Assert.Contains("Léa", page.Find("[data-testid=patient]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stale_answer_is_no_proof_and_is_not_green()
    {
        var page = Show(Samples.Found(freshness: Freshness.Stale));
        Assert.Contains("ne vaut pas preuve", page.Find("[data-testid=freshness]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Il y a 3", page.Find("[data-testid=freshness]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".headline-open"));
    }

    [Fact]
    public void It_is_said_until_when_an_answer_may_be_relied_upon_and_of_a_stale_one_that_it_is_no_proof()
    {
        Affiliation Known(Freshness freshness, DateTimeOffset? until) => Samples.Affiliation("cnam", "Cnam", false, freshness) is var one ? one with { Source = one.Source with { ReliableUntil = until } } : one;
        var page = Render<AnswerView>(view => view
            .Add(v => v.Answer, Samples.Several() with { Affiliations = [Known(Freshness.Live, Samples.Now.AddMinutes(75)), Known(Freshness.Cached, Samples.Now.AddHours(20)), Known(Freshness.Stale, null)] })
            .Add(v => v.TimeZone, TimeZoneInfo.FindSystemTimeZoneById("Indian/Reunion")));

        Assert.Equal(
            ["Utilisable jusqu’au 23/11/2026 14:45 ; ensuite, consultez de nouveau.", "Utilisable jusqu’au 24/11/2026 09:30 ; ensuite, consultez de nouveau."],
            page.FindAll("[data-testid=reliable-until]").Select(until => until.TextContent));
        var freshness = page.FindAll("[data-testid=freshness]").Select(one => string.Join(' ', one.TextContent.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Matches(@"Obtenue le .*\S\. Utilisable jusqu", freshness[0]);
        Assert.Matches(@"Il y a 3.*\S\. Utilisable jusqu", freshness[1]);
        Assert.EndsWith("Une réponse ancienne ne vaut pas preuve.", freshness[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_regime_that_could_not_say_is_named()
    {
        var page = Show(Samples.Incomplete());
        Assert.Contains("MGEN", page.Find("[data-testid=missing]").TextContent, StringComparison.Ordinal);
        Assert.Equal("unavailable", page.Find("[data-testid=tile-mgen]").GetAttribute("data-outcome"));
        Assert.Equal(17, page.FindAll(".tile").Count);
    }

    [Fact]
    public void Two_regimes_stand_side_by_side() => Assert.Equal(2, Show(Samples.Several()).FindAll(".affiliations-2 > .affiliation").Count);

    [Fact]
    public void A_candidate_is_picked_from_a_list_without_any_number()
    {
        Candidate? picked = null;
        var page = Render<AnswerView>(view => view.Add(v => v.Answer, Samples.Candidates()).Add(v => v.OnPick, candidate => picked = candidate));
        Assert.Contains("00/20/1950", page.Find("[data-testid=candidate-1]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("ref-2", page.Markup, StringComparison.Ordinal);
        page.Find("[data-testid=candidate-1]").Click();
        Assert.Equal("ref-2", picked?.Reference);
    }

    [Fact]
    public void Instants_are_the_establishment_s()
    {
        var page = Render<AnswerView>(view => view.Add(v => v.Answer, Samples.Found()).Add(v => v.TimeZone, TimeZoneInfo.FindSystemTimeZoneById("Indian/Reunion")));
        Assert.Contains("13:30", page.Find("[data-testid=checked-at]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<AnswerView> Show(ConsultationAnswer answer) => Render<AnswerView>(view => view.Add(v => v.Answer, answer));
}
