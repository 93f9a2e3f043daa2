using Cdr.Contracts.Support;
using Cdr.Support.Discrepancies;
using Cdr.Support.Tests.Doubles;
using Cdr.Support.Tests.Features;

namespace Cdr.Support.Tests.Discrepancies;

public sealed class DiscrepancyTests
{
    private static readonly Guid Consultation = Guid.Parse("01900000-0000-7000-8000-000000000002");

    [Theory]
    [InlineData("nir", "2 84 05 75 112 901 54", FieldVerdict.Same)]
    [InlineData("nir", "284057511290154", FieldVerdict.Same)]
    [InlineData("nir", "2 84 05 75 112 902", FieldVerdict.Different)]
    [InlineData("nir", "2 84 05 75 112 901 55", FieldVerdict.Unreadable)]
    [InlineData("familyName", "lefevre morel", FieldVerdict.Same)]
    [InlineData("familyName", "LEFEVRE", FieldVerdict.Different)]
    [InlineData("givenName", "ANNE", FieldVerdict.Same)]
    [InlineData("birthDate", "12/05/1984", FieldVerdict.Same)]
    [InlineData("birthDate", "12.05.1984", FieldVerdict.Same)]
    [InlineData("birthDate", "13/05/1984", FieldVerdict.Different)]
    [InlineData("birthDate", "00/20/1984", FieldVerdict.Different)]
    [InlineData("birthDate", "mai 1984", FieldVerdict.Unreadable)]
    [InlineData("birthRank", "1", FieldVerdict.Same)]
    [InlineData("regimeCode", "1", FieldVerdict.Same)]
    [InlineData("caisse", "751", FieldVerdict.Same)]
    [InlineData("caisse", "671", FieldVerdict.Different)]
    [InlineData("baseRights", "ouverts", FieldVerdict.Same)]
    [InlineData("baseRights", "non", FieldVerdict.Different)]
    [InlineData("rightsEnd", "31/12/2027", FieldVerdict.Same)]
    [InlineData("rightsEnd", "31/12/2028", FieldVerdict.Different)]
    [InlineData("rightsEnd", "31/02/2027", FieldVerdict.Unreadable)]
    [InlineData("rightsStart", "32/13/2027", FieldVerdict.Unreadable)]
    [InlineData("c2s", "Oui", FieldVerdict.Different)]
    [InlineData("c2sEnd", "31/12/2027", FieldVerdict.NotInAnswer)]
    [InlineData("ame", "non", FieldVerdict.Same)]
    [InlineData("exemption", "oui", FieldVerdict.Same)]
    [InlineData("attendingPhysician", "dr elise PETIT", FieldVerdict.Same)]
    public void Each_field_is_read_as_it_is_typed(string field, string typed, FieldVerdict verdict)
    {
        var report = DiscrepancyCheck.Compare(new DiscrepancyRequest { Consultation = Consultation, Fields = new Dictionary<string, string> { [field] = typed } }, Answers.Of(Consultation));

        Assert.Equal(verdict, Assert.Single(report.Fields).Verdict);
        Assert.Equal(verdict is FieldVerdict.Different or FieldVerdict.NotInAnswer, report.Differs);
        Assert.Equal(report.Differs, report.Ticket is not null);
    }

    [Fact]
    public void What_is_pasted_is_read_line_by_line_and_the_ticket_says_it_in_words()
    {
        var report = DiscrepancyCheck.Compare(
            new DiscrepancyRequest { Consultation = Consultation, Source = "attestation", Pasted = "Nom : LEFEVRE-MOREL\r\nNé(e) le : 12/05/1984\nNée le : 12/05/1984\nC2S : oui\nFin des droits : 31/12/2028\nPage 1/2" },
            Answers.Of(Consultation));

        Assert.Equal(["familyName", "birthDate", "rightsEnd", "c2s"], report.Fields.Select(field => field.Field));
        Assert.Equal(2, report.Unknown);
        var ticket = report.Ticket!;
        Assert.Equal((TicketKind.DataInconsistency, Consultation), (ticket.Kind, ticket.Consultation!.Value));
        Assert.Equal("Écart avec l'attestation (Régime de test) : fin des droits, complémentaire santé solidaire", ticket.Title);
        Assert.Equal("Fin des droits : l'attestation indique 31/12/2028, le régime 31/12/2027.\nComplémentaire santé solidaire : l'attestation indique oui, le régime non.\nIdentique : nom, date de naissance.", ticket.Text);
    }

    [Fact]
    public void What_the_card_says_and_the_answer_lacks_is_a_difference_and_said_as_what_it_is()
    {
        var answer = Answers.Of(Consultation) with { Affiliations = [], Outcome = Cdr.Contracts.Rights.ConsultationOutcome.NotFound };

        var report = DiscrepancyCheck.Compare(new DiscrepancyRequest { Consultation = Consultation, Fields = new Dictionary<string, string> { ["rightsEnd"] = "31/12/2027", ["baseRights"] = "oui" } }, answer);

        Assert.True(report.Differs);
        Assert.All(report.Fields, field => Assert.Equal(FieldVerdict.NotInAnswer, field.Verdict));
        Assert.Equal("Écart avec la carte Vitale : droits de base, fin des droits", report.Ticket!.Title);
        Assert.Equal("Absent de la réponse :\nDroits de base : la carte Vitale indique oui ; la réponse ne le donne pas.\nFin des droits : la carte Vitale indique 31/12/2027 ; la réponse ne le donne pas.", report.Ticket.Text);
    }

    [Theory]
    [InlineData("lefevre morel", FieldVerdict.Same)]
    [InlineData("Durand", FieldVerdict.Same)]
    [InlineData("Martin", FieldVerdict.Different)]
    public void Either_name_is_the_persons(string typed, FieldVerdict verdict)
    {
        var own = Answers.Affiliation();
        var answer = Answers.Of(Consultation) with { Affiliations = [own with { Beneficiary = own.Beneficiary with { NameInUse = "DURAND" } }] };

        Assert.Equal(verdict, Assert.Single(DiscrepancyCheck.Compare(new DiscrepancyRequest { Consultation = Consultation, Fields = new Dictionary<string, string> { ["familyName"] = typed } }, answer).Fields).Verdict);
    }

    [Fact]
    public void Of_two_affiliations_the_one_that_is_meant_is_compared()
    {
        var answer = Answers.Of(Consultation);
        var other = Answers.Affiliation();
        answer = answer with { Affiliations = [other with { Organism = other.Organism with { RegimeCode = "02", Caisse = "594" }, Beneficiary = other.Beneficiary with { GivenName = "Paul" } }, Answers.Affiliation()] };

        var report = DiscrepancyCheck.Compare(new DiscrepancyRequest { Consultation = Consultation, Fields = new Dictionary<string, string> { ["givenName"] = "Anne", ["caisse"] = "751", ["c2s"] = "oui" } }, answer);

        Assert.Equal([FieldVerdict.Same, FieldVerdict.Same, FieldVerdict.Different], report.Fields.OrderBy(field => field.Verdict).Select(field => field.Verdict));
    }

    [Fact]
    public void Nothing_of_a_person_is_in_the_printed_form() =>
        Assert.DoesNotContain("LEFEVRE", DiscrepancyCheck.Compare(new DiscrepancyRequest { Consultation = Consultation, Pasted = "Nom : LEFEVRE" }, Answers.Of(Consultation)).ToString(), StringComparison.Ordinal);
}

public sealed class CompareFieldsTests : HostTests
{
    [Fact]
    public async Task From_the_answer_to_a_ticket_in_two_calls()
    {
        var report = await Clerk.CompareAsync(new DiscrepancyRequest { Consultation = Consult(), Fields = new Dictionary<string, string> { ["rightsEnd"] = "31/12/2028" } }, Cancel);

        var ticket = await Clerk.OpenAsync(report.Ticket!, Cancel);

        Assert.True(ticket.HasEvidence);
        Assert.Equal("Fin des droits : la carte Vitale indique 31/12/2028, le régime 31/12/2027.", ticket.Entries[0].Text);
    }

    [Theory]
    [InlineData("colour", "card", "field-unknown")]
    [InlineData("nir", "rumour", "source-unknown")]
    [InlineData(null, "card", "fields-missing")]
    public async Task What_cannot_be_compared_is_refused(string? field, string source, string code)
    {
        var request = new DiscrepancyRequest { Consultation = Consult(), Source = source, Fields = field is null ? null : new Dictionary<string, string> { [field] = "1" } };

        Assert.Equal(code, await RefusedAsync(() => Clerk.CompareAsync(request, Cancel), System.Net.HttpStatusCode.BadRequest));
    }
}
