using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Features.MakeStatement;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Derivation;
using Cdr.Rights.Tests.Regimes;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>What several regimes' replies make together.</summary>
public sealed class OutcomeTests : IDisposable
{
    private static readonly DateOnly CareDate = Known.Today;
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private static readonly DatedRights Open = Known.Rights;
    private static readonly DatedRights Closed = Known.Rights with { BasePeriods = [Known.Period("2015-01-01/2016-12-31")] };
    private readonly TestFolder folder = new("outcome");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_open_right_never_hides_that_another_person_may_be_meant()
    {
        var answer = Write(ByName, Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", Homonyms));
        Assert.Equal((ConsultationOutcome.Candidates, "Choisissez la personne"), (answer.Outcome, answer.Headline));
        Assert.Equal((409, "statement-of-nobody"), Refused(answer));
    }

    [Fact]
    public void Two_open_rights_beside_a_list_have_no_statement_of_one_person()
    {
        var answer = Write(ByName, Said("cnam", new RegimeAnswer.Found(Open)), Said("mgen", new RegimeAnswer.Found(Open)), Said("msa", Homonyms));
        Assert.Equal((ConsultationOutcome.Several, 1), (answer.Outcome, answer.Candidates.Count));
        Assert.Equal((409, "statement-of-nobody"), Refused(answer));
    }

    [Fact]
    public void Two_persons_of_one_name_are_not_one_person_with_open_rights()
    {
        var other = Closed with { Insured = Closed.Insured with { Nir = Nir.Parse("279035121518989").Value } };
        var answer = Write(ByName, Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Found(other)));
        Assert.Equal((ConsultationOutcome.Several, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Equal((409, "statement-of-several"), Refused(answer));
    }

    [Fact]
    public void One_number_in_every_file_is_one_person_who_has_a_statement()
    {
        var child = Open.Beneficiary with { Nir = Open.Insured.Nir };
        var ofParent = Open with { Beneficiary = child, Insured = Open.Insured with { Nir = Nir.Parse("279035121518989").Value } };
        var answer = Write(ByName, Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Found(ofParent)));
        Assert.Equal(2, answer.Affiliations.Count);
        Assert.Null(Refused(answer));
    }

    [Fact]
    public void Everybody_whose_data_a_search_by_names_shows_is_named_for_the_journal()
    {
        Nir parent = Nir.Parse("255081416802538").Value, own = Nir.Parse("279035121518989").Value;
        var child = Open with { Insured = Open.Insured with { Nir = parent }, Beneficiary = Open.Beneficiary with { Nir = own } };
        RegimeFinding[] findings = [Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Found(child)), Said("mgen", Homonyms), Said("enim", new RegimeAnswer.Unknown())];

        var shown = RecordWriting.Found(ByName, Write(ByName, findings), findings);

        Assert.Equal(Open.Insured.Nir.Value, shown[0].Nir);
        Assert.All((string[])[Open.Insured.Nir.Value, parent.Value, own.Value], nir => Assert.Contains(shown, one => one.Nir == nir));
        Assert.Equal(shown.Count, shown.Select(one => one.Nir).Distinct().Count());
        Assert.Equal("msa", shown.Single(one => one.Nir == own.Value).Regime);
        // By number the family is found together.
        Assert.Empty(RecordWriting.Found(ByNir, Write(ByNir, findings), findings));
    }

    [Fact]
    public void An_answer_without_a_file_has_no_statement_whatever_its_outcome()
    {
        RegimeAnswer[] said = [new RegimeAnswer.Unknown(), new RegimeAnswer.BeneficiaryUnknown(), new RegimeAnswer.Unavailable(UnavailableReason.Timeout), new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, null, null)];
        Assert.All(said, one => Assert.Equal((409, "statement-without-file"), Refused(Write(ByNir, Said("cnam", one)))));
        Assert.Null(Refused(Write(ByNir, Said("cnam", new RegimeAnswer.Found(Open)))));
    }

    [Fact]
    public void A_parent_and_a_child_under_one_number_are_not_one_person()
    {
        var parent = Open.Beneficiary with { Nir = Open.Insured.Nir, Quality = BeneficiaryQuality.Insured, BirthDate = BirthDate.Parse("1979-03-01").Value, BirthRank = BirthRank.Create(1).Value };
        var child = parent with { Nir = null, Quality = BeneficiaryQuality.Parse("child").Value, BirthDate = BirthDate.Parse("2015-06-09").Value };
        var twin = child with { BirthRank = BirthRank.Create(2).Value, GivenName = "Zélie" };
        // Born the same day as the insured person: told apart by a number of their own.
        var partner = parent with { Nir = Nir.Parse("279035121518989").Value, Quality = BeneficiaryQuality.Partner };
        (int, string?)? Both(BeneficiaryPerson one, BeneficiaryPerson other) =>
            Refused(Write(ByNir, Said("cnam", new RegimeAnswer.Found(Open with { Beneficiary = one })), Said("msa", new RegimeAnswer.Found(Open with { Beneficiary = other }))));

        Assert.Equal((409, "statement-of-several"), Both(parent, child));
        Assert.Equal((409, "statement-of-several"), Both(child, twin));
        Assert.Equal((409, "statement-of-several"), Both(parent, partner));
        Assert.Null(Both(child, child));
        // Twins are ranked in one regime, all children in another.
        Assert.Null(Both(child, child with { BirthRank = BirthRank.Create(3).Value }));
        Assert.Null(Both(parent, parent));
    }

    [Fact]
    public void An_open_right_of_a_child_is_not_its_parents_whose_number_was_asked()
    {
        var parent = Closed with { Beneficiary = Closed.Beneficiary with { Nir = Closed.Insured.Nir, Quality = BeneficiaryQuality.Insured, BirthDate = BirthDate.Parse("1979-03-01").Value } };
        var child = Open with { Beneficiary = Open.Beneficiary with { Nir = null, Quality = BeneficiaryQuality.Child, BirthDate = BirthDate.Parse("2015-06-09").Value } };
        RegimeFinding[] findings = [Said("cnam", new RegimeAnswer.Found(parent)), Said("msa", new RegimeAnswer.Found(child))];

        var answer = Write(ByNir, findings);

        Assert.Equal((ConsultationOutcome.Several, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.StartsWith("Les dossiers trouvés sous ce numéro sont peut-être de personnes différentes", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains(answer.NextSteps, step => step.StartsWith("Redemandez avec la date de naissance du bénéficiaire", StringComparison.Ordinal));
        // Nothing open may be anybody's: whoever is silent is named, and what is closed is closed.
        var closed = findings[1] with { Answer = new RegimeAnswer.Found(child with { BasePeriods = [] }) };
        Assert.Equal(ConsultationOutcome.Incomplete, Write(ByNir, findings[0], closed, Said("enim", new RegimeAnswer.Unavailable(UnavailableReason.Timeout))).Outcome);
        Assert.Equal(ConsultationOutcome.Found, Write(ByNir, findings[0], closed).Outcome);
        // One person, whom one regime knows by another rank.
        Assert.Equal(ConsultationOutcome.Found, Write(ByNir, findings[0], Said("msa", new RegimeAnswer.Found(Open with { Beneficiary = parent.Beneficiary with { BirthRank = BirthRank.Create(3).Value } }))).Outcome);
    }

    [Fact]
    public void One_number_of_their_own_is_one_person_whatever_birth_date_a_regime_holds()
    {
        // Born abroad, on a day that the old regime never knew.
        var old = Closed with { Beneficiary = Closed.Beneficiary with { Nir = Closed.Insured.Nir, Quality = BeneficiaryQuality.Insured, BirthDate = BirthDate.Parse("1950-20-00").Value } };
        var now = Open with { Beneficiary = old.Beneficiary with { BirthDate = BirthDate.Parse("1950-01-01").Value } };

        var answer = Write(ByNir, Said("cnam", new RegimeAnswer.Found(old)), Said("msa", new RegimeAnswer.Found(now)));

        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts"), (answer.Outcome, answer.Headline));
        Assert.Null(Refused(answer));
    }

    [Fact]
    public void An_open_right_of_a_twin_is_not_the_others()
    {
        var one = Open.Beneficiary with { Nir = null, Quality = BeneficiaryQuality.Child, BirthDate = BirthDate.Parse("2017-05-21").Value, BirthRank = BirthRank.Create(1).Value, GivenName = "Nolwenn" };
        var other = one with { BirthRank = BirthRank.Create(2).Value, GivenName = "Maëlle" };
        ConsultationAnswer Both(Question question, BeneficiaryPerson closed) =>
            Write(question, Said("cnam", new RegimeAnswer.Found(Closed with { Beneficiary = closed })), Said("msa", new RegimeAnswer.Found(Open with { Beneficiary = other })));

        var answer = Both(Asked(new RegimeSubject.ByNir(Open.Insured.Nir, other.BirthDate)), one);

        Assert.Equal((ConsultationOutcome.Several, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Contains(answer.NextSteps, step => step.StartsWith("Redemandez avec le rang de naissance du bénéficiaire", StringComparison.Ordinal));
        // Written otherwise, or ranked otherwise.
        Assert.Equal(ConsultationOutcome.Found, Both(ByNir, other with { GivenName = "MAELLE", BirthRank = one.BirthRank }).Outcome);
        Assert.Equal(ConsultationOutcome.Found, Both(ByNir, other with { GivenName = "Maëlle Anne" }).Outcome);
    }

    [Theory]
    [InlineData("invoice-rejected")]
    [InlineData("patient-absent")]
    [InlineData("provisional-number")]
    public void Where_several_are_open_nobody_is_told_to_note_one_of_them(string reason)
    {
        var question = ByNir with { Reason = ConsultationReason.Parse(reason).Value };

        var steps = Write(question, Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Found(Open))).NextSteps;

        Assert.StartsWith("Comparez les dossiers", Assert.Single(steps), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_who_is_silent_is_named_and_asked_again()
    {
        var silent = Said("enim", new RegimeAnswer.Unavailable(UnavailableReason.Timeout));
        var child = Open with { Beneficiary = Open.Beneficiary with { Nir = null, Quality = BeneficiaryQuality.Child, BirthDate = BirthDate.Parse("2015-06-09").Value } };
        var homonym = Closed with { Insured = Closed.Insured with { Nir = Nir.Parse("279035121518989").Value } };
        ConsultationAnswer[] answers =
        [
            Write(ByNir with { Reason = ConsultationReason.InvoiceRejected }, Said("cnam", new RegimeAnswer.Found(Closed)), Said("msa", new RegimeAnswer.Found(child)), silent),
            Write(ByNir, Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Found(Open)), silent),
            Write(ByName, Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Found(homonym)), silent),
            Write(ByName, Said("cnam", new RegimeAnswer.Found(Closed)), Said("msa", new RegimeAnswer.Found(homonym)), silent),
        ];

        Assert.All(answers, answer =>
        {
            Assert.Equal(ConsultationOutcome.Several, answer.Outcome);
            Assert.EndsWith(" Le régime Enim n'a pas pu répondre.", answer.Explanation, StringComparison.Ordinal);
            Assert.Contains("Redemandez dans quelques minutes ; les régimes manquants sont nommés.", answer.NextSteps);
        });
        Assert.DoesNotContain(Write(ByNir, Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Found(Open))).NextSteps, step => step.StartsWith("Redemandez dans", StringComparison.Ordinal));
    }

    [Fact]
    public void One_person_with_an_old_and_a_new_regime_is_found()
    {
        var answer = Write(ByName, Said("cnam", new RegimeAnswer.Found(Closed)), Said("msa", new RegimeAnswer.Found(Open)));
        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts"), (answer.Outcome, answer.Headline));
    }

    [Fact]
    public void Gone_to_a_regime_that_was_not_asked_is_incomplete_and_names_it()
    {
        var answer = Write(ByNir, Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, CareDate.AddDays(-10), null)));
        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.Equal(["MSA"], answer.Missing);
        Assert.Contains("Interrogez tous les régimes, ou choisissez le régime MSA.", answer.NextSteps);
        Assert.Contains("MSA, qui n'a pas été interrogé.", answer.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.NextSteps, step => step.StartsWith("Redemandez", StringComparison.Ordinal));
    }

    [Fact]
    public void Gone_after_the_care_the_regime_of_after_is_not_missing()
    {
        var open = Write(ByNir, Said("cnam", Gone(1, Open)));
        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts"), (open.Outcome, open.Headline));
        Assert.Empty(open.Missing);
        Assert.DoesNotContain("MSA", open.Explanation, StringComparison.Ordinal);
        var closed = Write(ByNir, Said("cnam", Gone(1, Closed)));
        Assert.Equal((ConsultationOutcome.Found, "À vérifier"), (closed.Outcome, closed.Headline));
        // On the day of the care it may be theirs.
        Assert.Equal(["MSA"], Write(ByNir, Said("cnam", Gone(0, Open))).Missing);
        // The regime left says nothing of its own time: nobody else may know.
        Assert.Equal(ConsultationOutcome.Incomplete, Write(ByNir, Said("cnam", Gone(1, null))).Outcome);
        // Of what was prescribed before, and done after.
        Assert.Equal(["MSA"], Write(ByNir with { CareKind = CareKind.Series, Prescription = CareDate, CareDate = CareDate.AddDays(1) }, Said("cnam", Gone(1, Open))).Missing);

        static RegimeAnswer.Moved Gone(int days, DatedRights? rights) => new(RegimeId.Parse("msa").Value, CareDate.AddDays(days), rights);
    }

    [Fact]
    public void Where_the_person_went_has_not_answered_by_an_old_reply()
    {
        RegimeFinding gone = Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, null, null)), old = Said("msa", new RegimeAnswer.Found(Closed)) with
        {
            Freshness = Freshness.Stale, Silence = new RegimeAnswer.Unavailable(UnavailableReason.Timeout),
        };

        var answer = Write(ByNir, gone, old);

        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.StartsWith("La personne est partie vers un autre régime, MSA, ", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void By_names_an_open_file_is_nobodys_while_a_regime_that_may_know_a_homonym_is_silent()
    {
        RegimeFinding open = Said("cnam", new RegimeAnswer.Found(Open)), silent = Said("msa", new RegimeAnswer.Unavailable(UnavailableReason.Timeout));

        var answer = Write(ByName, open, silent);

        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Equal(["MSA"], answer.Missing);
        Assert.Equal(RightState.Open, Assert.Single(answer.Affiliations).BaseRights.State);
        Assert.Contains("peut être celui d’un homonyme", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains(" Le régime MSA n'a pas pu répondre.", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains("Redemandez dans quelques minutes ; les régimes manquants sont nommés.", answer.NextSteps);
        Assert.Contains(answer.NextSteps, step => step.StartsWith("Redemandez avec le numéro de sécurité sociale", StringComparison.Ordinal));
        Assert.Equal((409, "statement-of-several"), Refused(answer));
        // A rejected invoice as well, though of a number it has a statement there.
        RegimeFinding[] all = [open, silent, Said("enim", new RegimeAnswer.NotAsked(NotAskedReason.NoSearchByName))];
        Assert.Equal((409, "statement-of-several"), Refused(Write(ByName with { Reason = ConsultationReason.InvoiceRejected }, all)));
        Assert.Null(Refused(Write(ByNir with { Reason = ConsultationReason.InvoiceRejected }, open, silent)));
        // Where one more says that somebody of these names went, and which did not say.
        var gone = Write(ByName, open, Said("mgen", new RegimeAnswer.Moved(RegimeId.Parse("senat").Value, null, null)), Said("senat", new RegimeAnswer.NotAsked(NotAskedReason.NoSearchByName)));
        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (gone.Outcome, gone.Headline));
        Assert.Equal(["Sénat"], gone.Missing);
        // Pinned by the regime that was chosen, or by a number; and whoever is never able to say leaves nothing open.
        Assert.Equal("Droits ouverts", Write(ByName with { Regime = open.Regime }, open).Headline);
        Assert.Equal("Droits ouverts", Write(ByName with { Regime = open.Regime }, open, silent).Headline);
        Assert.Equal("Droits ouverts", Write(ByNir, open, silent).Headline);
        Assert.Equal("Droits ouverts", Write(ByName, open, Said("senat", new RegimeAnswer.NotAsked(NotAskedReason.NoSearchByName)), Said("enim", new RegimeAnswer.NotAsked(NotAskedReason.NoPastDates))).Headline);
    }

    [Fact]
    public void Gone_to_a_regime_that_does_not_know_the_person_is_for_a_person_to_decide_and_never_not_found()
    {
        var moved = Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, new DateOnly(2026, 5, 3), null));

        var answer = Write(ByNir, moved, Said("msa", new RegimeAnswer.Unknown()), Said("enim", new RegimeAnswer.Unknown()));

        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Empty(answer.Missing);
        Assert.Equal(
            "Le régime Cnam dit que la personne est partie vers le régime MSA le 3 mai 2026. Le régime MSA ne la connaît pas. On ne peut dire ni qu’elle est assurée, ni qu’elle ne l’est pas.", answer.Explanation);
        Assert.Equal(
            ["Demandez au régime Cnam où est le dossier de la personne, ou passez par la hotline, qui s’adresse au régime.", "En attendant, soignez et admettez la personne comme d'habitude."], answer.NextSteps);
        Assert.Equal((409, "statement-without-file"), Refused(answer));
        var beneficiary = Write(ByNir, moved, Said("msa", new RegimeAnswer.BeneficiaryUnknown()));
        Assert.Equal(ConsultationOutcome.Incomplete, beneficiary.Outcome);
        Assert.Contains("Le régime MSA connaît l’assuré, mais pas ce bénéficiaire.", beneficiary.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_regimes_that_say_of_each_other_that_the_person_went_there_make_nobody_unknown()
    {
        var answer = Write(
            ByNir, Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, new DateOnly(2026, 5, 1), null)), Said("msa", new RegimeAnswer.Moved(RegimeId.Parse("cnam").Value, null, null)), Said("enim", new RegimeAnswer.Unknown()));

        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.Equal(
            "Le régime Cnam dit que la personne est partie vers le régime MSA le 1er mai 2026. Le régime MSA dit que la personne est partie vers le régime Cnam. On ne peut dire ni qu’elle est assurée, ni qu’elle ne l’est pas.", answer.Explanation);
        Assert.StartsWith("Demandez aux régimes Cnam et MSA où est le dossier", answer.NextSteps[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("75", "23 novembre 2026")]
    [InlineData("972", "22 novembre 2026")]
    public void The_day_of_an_old_reply_is_the_establishments(string department, string day)
    {
        var question = ByNir with { Caller = new Caller("s", "", "person", "clerk", Finess.Parse("750712184").Value, Department.Parse(department).Value, "", "", "") };
        // Half past midnight in Paris.
        var old = Said("cnam", new RegimeAnswer.Found(Open)) with
        {
            At = new DateTimeOffset(2026, 11, 22, 23, 30, 0, TimeSpan.Zero), Freshness = Freshness.Stale, Silence = new RegimeAnswer.Unavailable(UnavailableReason.Timeout),
        };

        Assert.Contains($"Réponse du {day} montrée", Write(question, old).Regimes[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gone_to_a_regime_that_was_silent_says_so()
    {
        var answer = Write(ByNir, Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, null, null)), Said("msa", new RegimeAnswer.Unavailable(UnavailableReason.Timeout)));
        Assert.Contains("MSA, dont la réponse manque.", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains("Redemandez dans quelques minutes ; les régimes manquants sont nommés.", answer.NextSteps);
    }

    [Theory]
    [InlineData(nameof(NotAskedReason.ClosedNow))]
    [InlineData(nameof(NotAskedReason.NoPastDates))]
    // It left the service since.
    [InlineData(nameof(NotAskedReason.NotOpen))]
    public void An_old_word_never_makes_an_answer_whatever_keeps_its_regime_from_saying_a_new_one(string reason)
    {
        var old = Said("senat", new RegimeAnswer.Found(Open)) with { Freshness = Freshness.Stale, Silence = new RegimeAnswer.NotAsked(Enum.Parse<NotAskedReason>(reason)) };

        var answer = Write(ByNir, old, Said("cnam", new RegimeAnswer.Unknown()));

        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Equal(["Sénat"], answer.Missing);
    }

    [Fact]
    public void Who_is_closed_at_this_hour_is_said_with_the_hour_at_which_it_opens()
    {
        // One o'clock in Paris, or two in summer.
        clock.SetUtcNow(new DateTimeOffset(clock.GetUtcNow().Date.AddDays(1), TimeSpan.Zero));
        var answer = Write(ByNir, Said("senat", new RegimeAnswer.NotAsked(NotAskedReason.ClosedNow)), Said("cnam", new RegimeAnswer.Unknown()));
        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.Contains("Le régime Sénat ne répond pas à cette heure : redemandez à partir de 05:00 (heure de Paris).", answer.NextSteps);
        Assert.DoesNotContain(answer.NextSteps, step => step.StartsWith("Redemandez dans quelques minutes", StringComparison.Ordinal));

        var both = Write(ByNir, Said("senat", new RegimeAnswer.NotAsked(NotAskedReason.ClosedNow)), Said("msa", new RegimeAnswer.Unavailable(UnavailableReason.Timeout)));
        Assert.Contains(both.NextSteps, step => step.StartsWith("Redemandez dans quelques minutes", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_known_is_said_beside_what_is_missing()
    {
        var silent = Said("msa", new RegimeAnswer.Unavailable(UnavailableReason.Timeout));
        Assert.Contains(Write(ByNir, silent, Said("cnam", new RegimeAnswer.BeneficiaryUnknown())).NextSteps, step => step.Contains("mais pas ce bénéficiaire", StringComparison.Ordinal));
        Assert.Contains(Write(ByNir, silent, Said("cnam", new RegimeAnswer.Unknown())).NextSteps, step => step.Contains("ne connaissent pas la personne", StringComparison.Ordinal));
        Assert.DoesNotContain(Write(ByNir, silent).NextSteps, step => step.Contains("ne connaissent pas la personne", StringComparison.Ordinal));
        // Another regime says where the person went; and an old « unknown » is no answer.
        var moved = Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, null, null));
        Assert.DoesNotContain(Write(ByNir, moved, silent, Said("enim", new RegimeAnswer.Unknown())).NextSteps, step => step.Contains("ne connaissent pas la personne", StringComparison.Ordinal));
        var old = Said("cnam", new RegimeAnswer.Unknown()) with { Freshness = Freshness.Stale, Silence = new RegimeAnswer.Unavailable(UnavailableReason.Timeout) };
        Assert.DoesNotContain(Write(ByNir, old).NextSteps, step => step.Contains("ne connaissent pas la personne", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_cannot_be_searched_by_names_is_named_where_nothing_is_open()
    {
        var notAsked = new RegimeAnswer.NotAsked(NotAskedReason.NoSearchByName);
        var nothing = Write(ByName, Said("cnam", new RegimeAnswer.Unknown()), Said("enim", notAsked), Said("senat", notAsked));
        Assert.Equal(ConsultationOutcome.NotFound, nothing.Outcome);
        Assert.EndsWith(" Les régimes Enim et Sénat ne se recherchent pas par nom et n'ont pas été interrogés.", nothing.Explanation, StringComparison.Ordinal);
        Assert.Contains("Redemandez avec le numéro de sécurité sociale : lui seul permet d'interroger les régimes Enim et Sénat.", nothing.NextSteps);
        Assert.DoesNotContain(nothing.NextSteps, step => step.Contains("par les noms", StringComparison.Ordinal));

        var open = Write(ByName, Said("cnam", new RegimeAnswer.Found(Open)), Said("enim", notAsked));
        Assert.DoesNotContain("Enim", open.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chosen_regime_that_does_not_know_the_person_is_not_the_only_one_to_ask()
    {
        var said = Said("cnam", new RegimeAnswer.Unknown());
        const string step = "La personne relève peut-être d'un autre régime : interrogez-les tous, ou un autre.";
        Assert.Equal(step, Write(ByNir with { Regime = said.Regime }, said).NextSteps[0]);
        Assert.DoesNotContain(step, Write(ByNir, said).NextSteps);
        Assert.DoesNotContain(step, Write(ByNir with { Regime = said.Regime, IsPicked = true }, said).NextSteps);
    }

    [Fact]
    public void A_regime_that_never_answers_for_the_past_makes_nothing_not_found()
    {
        var notAsked = new RegimeAnswer.NotAsked(NotAskedReason.NoPastDates);
        var nothing = Write(ByNir, Said("cnam", new RegimeAnswer.Unknown()), Said("enim", notAsked));
        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (nothing.Outcome, nothing.Headline));
        Assert.Equal(["Enim"], nothing.Missing);
        Assert.Equal("Réponse incomplète. Le régime Enim ne répond pas pour une date passée et n'a pas été interrogé. On ne peut dire ni que la personne est assurée, ni qu'elle ne l'est pas.", nothing.Explanation);
        Assert.Equal(["Pour le régime Enim : demandez à la date du jour, ou passez par la hotline, qui s'adresse au régime.", "Les régimes qui ont répondu ne connaissent pas la personne : vérifiez aussi le numéro, le nom et la date de naissance.", "En attendant, soignez et admettez la personne comme d'habitude."], nothing.NextSteps);

        Assert.Equal(ConsultationOutcome.Incomplete, Write(ByNir, Said("cnam", new RegimeAnswer.Found(Closed)), Said("enim", notAsked)).Outcome);
        // Open rights stand, with it named: a rejected invoice is always of the past, and asking again would change nothing.
        foreach (var question in new[] { ByNir, ByNir with { Reason = ConsultationReason.InvoiceRejected } })
        {
            var open = Write(question, Said("cnam", new RegimeAnswer.Found(Open)), Said("enim", notAsked));
            Assert.Equal(ConsultationOutcome.Found, open.Outcome);
            Assert.Equal(["Enim"], open.Missing);
            Assert.EndsWith(" Le régime Enim ne répond pas pour une date passée et n'a pas été interrogé.", open.Explanation, StringComparison.Ordinal);
        }

        var gone = Write(ByNir, Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("enim").Value, null, null)), Said("enim", notAsked));
        Assert.Contains("Enim, qui ne répond pas pour une date passée.", gone.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Gone_to_a_regime_that_answers_is_what_that_regime_says()
    {
        var answer = Write(ByNir, Said("cnam", new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, CareDate.AddDays(-10), null)), Said("msa", new RegimeAnswer.Found(Open)));
        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts"), (answer.Outcome, answer.Headline));
    }

    [Theory]
    [InlineData(-10, RightState.Undetermined)]
    [InlineData(0, RightState.Undetermined)]
    [InlineData(10, RightState.Open)]
    public void A_period_that_outlives_the_departure_decides_nothing(int daysFromCare, RightState expected)
    {
        var moved = new RegimeAnswer.Moved(RegimeId.Parse("msa").Value, CareDate.AddDays(daysFromCare), Open);
        var answer = Write(ByNir, Said("cnam", moved), Said("msa", new RegimeAnswer.Unknown()));
        Assert.Equal(expected, Assert.Single(answer.Affiliations).BaseRights.State);
        Assert.Equal(expected == RightState.Open ? "Droits ouverts" : "À vérifier", answer.Headline);
    }

    [Theory]
    [InlineData("emergency", "1979-03-01", "Invitez la personne à mettre à jour sa carte Vitale : elle reste la meilleure preuve.")]
    [InlineData("attending-physician", "1979-03-01", "Invitez la personne à mettre à jour sa carte Vitale : elle reste la meilleure preuve.")]
    [InlineData("card-forgotten-lost-stolen", "1979-03-01", "Carte Vitale perdue ou volée : la personne le signale à son organisme. Oubliée : qu'elle la présente à sa prochaine venue.")]
    // On a parent's card.
    [InlineData("emergency", "2016-06-09", "Invitez le parent assuré à mettre à jour sa carte Vitale : l'enfant y est inscrit.")]
    // Not there to bring a card, or without one.
    [InlineData("patient-absent", "1979-03-01", "Reportez le régime, la caisse et le centre dans le dossier.")]
    [InlineData("invoice-rejected", "1979-03-01", "Reportez le régime, la caisse et le centre dans le dossier.")]
    [InlineData("provisional-number", "1979-03-01", "Reportez le régime, la caisse et le centre dans le dossier.")]
    public void The_card_is_spoken_of_to_whom_it_helps(string reason, string born, string step)
    {
        var person = Open.Beneficiary with { BirthDate = BirthDate.Parse(born).Value };
        var question = ByNir with { Reason = ConsultationReason.Parse(reason).Value, CareDate = new DateOnly(2026, 3, 1) };

        Assert.Equal(step, Write(question, Said("cnam", new RegimeAnswer.Found(Open with { Beneficiary = person }))).NextSteps[0]);
    }

    [Theory]
    [InlineData("emergency", null, "Invitez la personne à mettre à jour sa carte Vitale.")]
    [InlineData("emergency", "2016-06-09", "Invitez le parent assuré à mettre à jour sa carte Vitale : l'enfant y est inscrit.")]
    [InlineData("card-forgotten-lost-stolen", null, "Carte Vitale perdue ou volée : la personne le signale à son organisme. Oubliée : qu'elle la présente à sa prochaine venue.")]
    [InlineData("provisional-number", null, null)]
    public void Where_nobody_is_found_the_card_is_spoken_of_to_whom_it_helps(string reason, string? born, string? step)
    {
        var question = Asked(new RegimeSubject.ByNir(Open.Insured.Nir, born is null ? null : BirthDate.Parse(born).Value)) with { Reason = ConsultationReason.Parse(reason).Value, CareDate = new DateOnly(2026, 3, 1) };

        Assert.Equal(step, Write(question, Said("cnam", new RegimeAnswer.Unknown())).NextSteps.SingleOrDefault(one => one.Contains("Vitale", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_silent_regime_makes_a_rejected_invoice_incomplete_and_another_question_not()
    {
        RegimeFinding[] findings = [Said("cnam", new RegimeAnswer.Found(Open)), Said("msa", new RegimeAnswer.Unavailable(UnavailableReason.Timeout))];
        Assert.Equal(ConsultationOutcome.Found, Write(ByNir, findings).Outcome);
        Assert.Equal(ConsultationOutcome.Incomplete, Write(ByNir with { Reason = ConsultationReason.InvoiceRejected }, findings).Outcome);
    }

    private static (int Status, string? Code)? Refused(ConsultationAnswer answer) =>
        MakeStatement.Refusal(answer)?.ProblemDetails is { } problem ? (problem.Status ?? 0, problem.Extensions["code"]?.ToString()) : null;

    private static RegimeAnswer.Candidates Homonyms =>
        new([new RegimeCandidate(Nir.Parse("279035121518989").Value, "A", null, "B", BirthDate.Parse("1979-03-01").Value, null)]);

    private static Question ByNir => Asked(new RegimeSubject.ByNir(Open.Insured.Nir));

    private static Question ByName => Asked(new RegimeSubject.ByName("A", "B", BirthDate.Parse("1979-03-01").Value));

    private static Question Asked(RegimeSubject subject) => new()
    {
        Id = Guid.Empty,
        IdIsCallers = false,
        Subject = subject,
        CareDate = CareDate,
        Today = CareDate,
        Reason = ConsultationReason.Emergency,
        Regime = null,
        Refresh = false,
        Caller = new Caller("s", "", "person", "clerk", Finess.Parse("750712184").Value, Department.Parse("75").Value, "", "", ""),
        Fingerprint = [],
        At = DateTimeOffset.UnixEpoch,
        Started = 0,
    };

    private static RegimeFinding Said(string regime, RegimeAnswer answer) =>
        new(Recorded.Row(regime), answer, Freshness.Live, DateTimeOffset.UnixEpoch, 1, null);

    private ConsultationAnswer Write(Question question, params RegimeFinding[] findings)
    {
        var keys = KeyRing.Load(folder.File("keys.json"), createMissing: true);
        var writing = new AnswerWriting(
            Cdr.Rights.Derivation.RuleSet.Current,
            RegimeRegistry.Load(Path.Combine(AppContext.BaseDirectory, "regimes.json")), new CandidateReference(new Sealer(keys), TimeProvider.System), clock);
        return writing.Write(question, findings).Answer;
    }
}
