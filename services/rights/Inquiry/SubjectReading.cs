using System.Globalization;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Inquiry;

/// <summary>Who is asked about: by NIR, by names and birth date, or a person picked from a list. Exactly one of the three.</summary>
internal sealed class SubjectReading(CandidateReference candidates)
{
    private const string NameAdvice = "Lettres, espaces, traits d'union, apostrophes et points.";

    /// <param name="request">As sent.</param>
    /// <param name="caller">For whose establishment.</param>
    /// <param name="subject">Who.</param>
    /// <param name="proposal">Of a picked candidate: its regime alone is asked. It may have passed.</param>
    /// <param name="problem">What is wrong, when false.</param>
    public bool TryRead(ConsultationRequest request, Caller caller, out RegimeSubject? subject, out CandidateReference.Proposal? proposal, out ProblemHttpResult? problem)
    {
        (subject, proposal, problem) = (null, null, null);
        var ways = (request.Nir is null ? 0 : 1) + (request.Names is null ? 0 : 1) + (request.Candidate is null ? 0 : 1);
        if (ways != 1)
        {
            problem = ways == 0
                ? Problems.Invalid("nir", "person-missing", "Il manque la personne.", "Donnez son NIR, ou ses nom, prénom et date de naissance.")
                : Problems.Invalid("nir", "person-ambiguous", "La personne est désignée de plusieurs façons.", "Donnez le NIR, ou les nom et prénom, ou la personne choisie dans la liste : une seule de ces façons.");
            return false;
        }

        if (request.Candidate is { } reference)
        {
            if (Beside(request) is { } beside)
            {
                problem = Problems.Invalid(beside, "person-ambiguous", "La personne est désignée de plusieurs façons.", "Une personne choisie dans la liste se suffit : ne donnez rien d'autre sur elle.");
                return false;
            }

            if (candidates.TryRead(reference, caller.Establishment, out subject, out proposal))
                return true;
            problem = CandidateExpired();
            return false;
        }

        return request.Nir is { } nir ? TryNir(request, nir, out subject, out problem) : TryNames(request, out subject, out problem);
    }

    public static ProblemHttpResult CandidateExpired() =>
        Problems.Invalid("candidate", "candidate-expired", "Cette ligne de la liste n'est plus valable.", "Refaites la recherche, puis choisissez dans la nouvelle liste.");

    private static string? Beside(ConsultationRequest request) =>
        request.BirthDate is not null ? "birthDate"
        : request.BeneficiaryBirthDate is not null ? "beneficiaryBirthDate"
        : request.BirthRank is not null ? "birthRank"
        : null;

    private static bool TryNir(ConsultationRequest request, string text, out RegimeSubject? subject, out ProblemHttpResult? problem)
    {
        (subject, problem) = (null, null);
        BirthDate? birthDate = null;
        BirthRank? rank = null;
        if (!Nir.Parse(text).TryGet(out var nir, out var error))
            problem = Problems.Invalid("nir", error);
        else if (nir.Kind == NirKind.Fictitious)
            problem = Problems.Invalid("nir", "nir-fictitious", "Ce numéro est fictif : il ne désigne personne.", "Aucun régime n'est interrogé. Recherchez par nom, prénom et date de naissance.");
        else if (request.BirthDate is not null)
            problem = Problems.Invalid("birthDate", "birth-date-not-expected", "Une date de naissance accompagne des nom et prénom.", "Avec un NIR, utilisez la date de naissance du bénéficiaire.");
        else if (request.BeneficiaryBirthDate is { } date && !BirthDate.Parse(date).TryGet(out birthDate, out error))
            problem = Problems.Invalid("beneficiaryBirthDate", error);
        else if (request.BirthRank is { } number && !BirthRank.Create(number).TryGet(out rank, out error))
            problem = Problems.Invalid("birthRank", error);
        else
            subject = new RegimeSubject.ByNir(nir, birthDate, rank);
        return problem is null;
    }

    private static bool TryNames(ConsultationRequest request, out RegimeSubject? subject, out ProblemHttpResult? problem)
    {
        (subject, problem) = (null, null);
        var names = request.Names!;
        if (string.IsNullOrWhiteSpace(names.FamilyName) || names.FamilyName.Length > 100)
            problem = Problems.Invalid("names.familyName", "family-name-missing", "Le nom de famille manque, ou dépasse 100 caractères.");
        else if (string.IsNullOrWhiteSpace(names.GivenName) || names.GivenName.Length > 100)
            problem = Problems.Invalid("names.givenName", "given-name-missing", "Le prénom manque, ou dépasse 100 caractères.");
        else if (!IsName(names.FamilyName))
            problem = Problems.Invalid("names.familyName", "family-name-unreadable", "Le nom de famille contient un caractère qui n'est pas d'un nom.", NameAdvice);
        else if (!IsName(names.GivenName))
            problem = Problems.Invalid("names.givenName", "given-name-unreadable", "Le prénom contient un caractère qui n'est pas d'un nom.", NameAdvice);
        else if (!BirthDate.Parse(request.BirthDate).TryGet(out var birthDate, out var error))
            problem = Problems.Invalid("birthDate", error);
        else if (request.BeneficiaryBirthDate is not null || request.BirthRank is not null)
            problem = Problems.Invalid("beneficiaryBirthDate", "beneficiary-not-expected", "La date et le rang de naissance du bénéficiaire accompagnent un NIR.", "Avec des nom et prénom, donnez seulement la date de naissance.");
        else
            subject = new RegimeSubject.ByName(names.FamilyName.Trim(), names.GivenName.Trim(), birthDate);
        return problem is null;
    }

    /// <summary>Not every regime's protocol can carry the rest: such a question would come back as an outage.</summary>
    private static bool IsName(string text) => text.EnumerateRunes().All(rune =>
        Rune.IsLetter(rune) || rune.Value is '\'' or '’' or '.' || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation);
}
