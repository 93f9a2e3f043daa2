using Cdr.Portal.Questions;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

public sealed class QuestionFormTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    private static QuestionForm Good => new() { Nir = "2 55 08 14 168 025 38", CareDate = "2026-11-23", Reason = "emergency" };

    [Fact]
    public void A_pasted_number_with_its_key_and_spaces_is_good() => Assert.Empty(Good.Check(Today));

    [Fact]
    public void An_empty_form_names_every_field_in_the_order_of_the_page() =>
        Assert.Equal(["nir", "careDate", "reason"], new QuestionForm().Check(Today).Select(error => error.Field));

    [Fact]
    public void By_names_the_birth_date_is_needed_and_the_number_is_not() =>
        Assert.Equal(["familyName", "givenName", "birthDate"], new QuestionForm { ByNames = true, CareDate = "2026-11-23", Reason = "emergency" }.Check(Today).Select(error => error.Field));

    [Fact]
    public void A_wrong_character_is_told_with_its_place_in_what_was_typed()
    {
        var form = Good;
        form.Nir = "2 55 08 X4";
        var error = Assert.Single(form.Check(Today));
        Assert.Equal(("nir-character", 8), (error.Code, error.Position));
    }

    [Fact]
    public void A_fictitious_number_asks_no_regime()
    {
        var form = Good;
        form.Nir = "1555555123456";
        Assert.Equal("nir-fictitious", Assert.Single(form.Check(Today)).Code);
    }

    [Fact]
    public void A_lunar_birth_date_is_kept_as_it_is()
    {
        var form = new QuestionForm { ByNames = true, FamilyName = "Durand", GivenName = "Léa", BirthDate = "00/20/1950", CareDate = "2026-11-23", Reason = "emergency" };
        Assert.Empty(form.Check(Today));
        Assert.Equal("00/20/1950", form.ToRequest().BirthDate);
    }

    [Theory]
    [InlineData("23/11/2026", null, null)]
    [InlineData("24/11/2026", "birthDate", 0)]
    [InlineData("11/12/2026", "birthDate", 3)]
    [InlineData("12/05/2084", "birthDate", 6)]
    [InlineData("00/20/2026", null, null)]
    public void A_birth_date_to_come_is_refused_at_its_place(string birth, string? field, int? position)
    {
        var form = new QuestionForm { ByNames = true, FamilyName = "Durand", GivenName = "Léa", BirthDate = birth, CareDate = "2026-11-23", Reason = "emergency" };
        var child = Good;
        child.BeneficiaryBirthDate = birth;

        Assert.Equal(field is null ? [] : [(field, "birth-date-future", position)], form.Check(Today).Select(error => (error.Field, error.Code, error.Position)));
        Assert.Equal(field is null ? [] : [("beneficiaryBirthDate", "birth-date-future", position)], child.Check(Today).Select(error => (error.Field, error.Code, error.Position)));
    }

    [Theory]
    [InlineData("23/11/2026", "2026-11-22", "care-date-before-birth")]
    [InlineData("23/11/2026", "2026-11-23", null)]
    [InlineData("00/20/1991", "1991-01-01", null)]
    public void Nobody_is_cared_for_before_they_are_born(string birth, string care, string? code)
    {
        var form = Good;
        (form.BeneficiaryBirthDate, form.CareDate) = (birth, care);

        Assert.Equal(code is null ? [] : [code], form.Check(Today).Select(error => error.Code));
    }

    [Fact]
    public void A_care_date_more_than_a_year_ahead_is_refused()
    {
        var form = Good;
        form.CareDate = "2027-11-24";
        Assert.Equal("careDate", Assert.Single(form.Check(Today)).Field);
    }

    [Theory]
    [InlineData("series", "", "prescription-date-missing")]
    [InlineData("series", "2026-11-24", "prescription-date-after-care")]
    [InlineData("isolated-act", "hier", "prescription-date-missing")]
    [InlineData("series", "2026-11-23", null)]
    [InlineData("isolated-act", "", null)]
    [InlineData("stay", "hier", null)]
    public void Care_on_prescription_needs_its_date(string kind, string prescribed, string? code)
    {
        var form = Good;
        (form.CareKind, form.PrescriptionDate) = (kind, prescribed);
        Assert.Equal(code is null ? [] : [code], form.Check(Today).Select(error => error.Code));
    }

    [Fact]
    public void The_kind_of_care_goes_with_the_question_and_a_prescription_only_where_there_may_be_one()
    {
        var form = Good;
        Assert.Equal((null, null), (form.ToRequest().CareKind, form.ToRequest().PrescriptionDate));
        (form.CareKind, form.PrescriptionDate) = ("pharmacy", "2026-11-20");
        Assert.Equal(("pharmacy", "2026-11-20"), (form.ToRequest().CareKind, form.ToRequest().PrescriptionDate));
        form.CareKind = "stay";
        Assert.Equal(("stay", null), (form.ToRequest().CareKind, form.ToRequest().PrescriptionDate));
    }

    [Fact]
    public void A_candidate_replaces_what_was_typed()
    {
        var request = Good.ToRequest("ref-2");
        Assert.Equal(("ref-2", null, null), (request.Candidate, request.Nir, request.Names));
        Assert.Equal(("emergency", "2026-11-23"), (request.Reason, request.CareDate));
    }

    [Fact]
    public void Nothing_personal_is_in_its_text() => Assert.DoesNotContain(Samples.Nir[..5], Good + Good.ToRequest().ToString(), StringComparison.Ordinal);
}
