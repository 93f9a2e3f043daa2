using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Portal.Questions;

namespace Cdr.Portal.Tickets;

/// <summary>The question of a contested answer, to be asked afresh: whom, when, what care, and for which ticket.</summary>
internal static class QuestionAgain
{
    public static QuestionForm Of(ConsultationAnswer answer, Guid ticket)
    {
        var form = new QuestionForm { CareDate = Day(answer.CareDate), Reason = answer.Reason, Refresh = true, Ticket = ticket };
        if (answer.Reference is { } reference)
            (form.CareKind, form.PrescriptionDate) = (reference.Kind, reference.PrescriptionDate is { } prescribed ? Day(prescribed) : "");
        if (answer.Affiliations is not [var first, ..])
            return form;
        form.Regime = first.Source.Regime;
        if (first.Beneficiary is { Nir: { } nir } own)
        {
            form.Nir = nir + own.NirKey;
        }
        else
        {
            form.Nir = first.Insured.Nir + first.Insured.NirKey;
            form.BeneficiaryBirthDate = first.Beneficiary.BirthDate;
        }

        return form;
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
