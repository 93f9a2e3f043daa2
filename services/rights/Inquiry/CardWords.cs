using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>What an answer says of the carte Vitale. Up to date it is the best proof, and to be said to whoever can bring theirs up to date: nobody else.</summary>
internal static class CardWords
{
    private const string Lost = "Carte Vitale perdue ou volée : la personne le signale à son organisme. Oubliée : qu'elle la présente à sa prochaine venue.";

    // Until then one is on a parent's card.
    private const int OwnCardFrom = 16;

    /// <summary>Beside open rights that come with a card; null where nobody is there to bring it up to date.</summary>
    public static string? OfOpen(Question question, IReadOnlyList<Affiliation> affiliations) =>
        Of(question, affiliations, "Invitez la personne à mettre à jour sa carte Vitale : elle reste la meilleure preuve.");

    /// <summary>Where rights are closed or the person is not found; null where nobody has a card to bring up to date.</summary>
    public static string? OfNotFound(Question question, IReadOnlyList<Affiliation> affiliations) => Of(question, affiliations, "Invitez la personne à mettre à jour sa carte Vitale.");

    private static string? Of(Question question, IReadOnlyList<Affiliation> affiliations, string update)
    {
        var reason = question.Reason;
        if (reason == ConsultationReason.CardForgottenLostStolen)
            return Lost;
        // Without a card, or not there to show it.
        if (reason == ConsultationReason.StateMedicalAid || reason == ConsultationReason.ProvisionalNumber || reason == ConsultationReason.PatientAbsent || reason == ConsultationReason.InvoiceRejected
            || question.Subject is RegimeSubject.ByNir { Nir.Kind: not NirKind.Permanent })
            return null;
        return BirthOf(question, affiliations)?.AgeOn(question.CareDate) < OwnCardFrom ? "Invitez le parent assuré à mettre à jour sa carte Vitale : l'enfant y est inscrit." : update;
    }

    private static BirthDate? BirthOf(Question question, IReadOnlyList<Affiliation> affiliations) => question.Subject switch
    {
        _ when affiliations.Count > 0 => BirthDate.Parse(affiliations[0].Beneficiary.BirthDate).TryGet(out var known, out _) ? known : null,
        RegimeSubject.ByNir one => one.BeneficiaryBirthDate,
        RegimeSubject.ByName one => one.BirthDate,
        _ => null,
    };
}
