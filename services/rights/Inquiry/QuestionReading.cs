using System.Diagnostics;
using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Journal;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Inquiry;

/// <summary>From what was sent to a question that can be asked, or the problem that names the field.</summary>
internal sealed class QuestionReading(
    RegimeRegistry registry, SubjectReading subjects, [FromKeyedServices("Rights")] Pseudonyms pseudonyms, IOptions<SearchOptions> search, TimeProvider clock)
{
    private static readonly TimeSpan IdTolerance = TimeSpan.FromDays(1);
    private static readonly DateOnly Oldest = new(1990, 1, 1);
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "dd/MM/yyyy"];

    /// <returns>
    /// Null where it could be asked at no time. With a problem: it can no longer be asked, but may have been when it could, and whoever
    /// repeats it under its own id is to be given its answer.
    /// </returns>
    /// <param name="request">As sent.</param>
    /// <param name="caller">Who asks, and for which establishment.</param>
    /// <param name="problem">Why it cannot be asked now.</param>
    public Question? Read(ConsultationRequest request, Caller caller, out ProblemHttpResult? problem)
    {
        var now = clock.GetUtcNow();
        var today = caller.Today(now);
        if (!TryId(request.Id, now, out var id, out problem)
            || !subjects.TryRead(request, caller, today, out var subject, out var proposal, out problem)
            || !TryCareDate(request.CareDate, today, out var careDate, out problem)
            || (proposal is null && !IsBorn(subject!, careDate, out problem))
            || !TryCare(request, careDate, out var care, out problem)
            || !TryReason(request.Reason, out var reason, out problem)
            || !WorkflowReading.TryRead(request.WorkflowId, out problem)
            || !TryRegime(request.Regime, proposal?.Regime, subject!, out var regime, out problem)
            || !IsOneScope(request, out problem))
            return null;
        problem = NotNow(request.Id, proposal, regime, care!, today, now);
        if (problem is not null && request.Id is null)
            return null;

        var (sent, fingerprint) = Fingerprint(request, caller, subject!, care!, reason!, regime, request.CareDate is null ? null : care!.Date);
        return new Question
        {
            Id = id,
            IdIsCallers = request.Id is not null,
            Subject = subject!,
            CareDate = careDate,
            CareKind = care!.Kind,
            Prescription = care.Prescription,
            Nature = care.Nature,
            Today = today,
            Reason = reason!,
            Regime = regime,
            IsPicked = proposal is not null,
            Exhaustive = request.Exhaustive,
            Refresh = request.Refresh,
            Caller = caller,
            Workflow = request.WorkflowId is { } workflow ? WorkflowReading.Of(pseudonyms, caller.Establishment, workflow) : null,
            Mark = Fishing.Mark.Of(pseudonyms, subject!, today),
            Sent = sent,
            SentOn = request is { Id: not null, CareDate: null } ? SentOn(request, caller, subject!, care, reason!, regime) : null,
            Fingerprint = fingerprint,
            At = now,
            Started = Stopwatch.GetTimestamp(),
        };
    }

    /// <summary>Of what was sent, not of what it means today: repeated after midnight, a question without a date is the same one.</summary>
    private (string? Sent, byte[] Fingerprint) Fingerprint(ConsultationRequest request, Caller caller, RegimeSubject subject, Care care, ConsultationReason reason, RegimeRow? regime, DateOnly? day)
    {
        var who = new CanonicalText(stackalloc char[256]);
        SubjectText.Write(ref who, subject);
        var text = new CanonicalText(stackalloc char[512]);
        text.Add(caller.Establishment.Value);
        text.Add(caller.Subject);
        text.Add(who.Written);
        text.Add(day);
        text.Add(reason.Id);
        text.Add(regime?.Id.Value);
        text.Add(request.Refresh ? "1" : "0");
        // A question that says no more keeps the fingerprint it had before one could.
        if (care.Kind is not null || care.Nature is not null)
        {
            text.Add(care.Kind?.Id);
            text.Add(care.Prescription);
            text.Add(care.Nature?.Code);
        }

        if (request.Exhaustive)
            text.Add("exhaustive");
        if (request.WorkflowId is not null)
        {
            text.Add("workflow");
            text.Add(request.WorkflowId);
        }

        // Nobody repeats an id that was not theirs.
        return (request.Id is null ? null : text.Written.ToString(), pseudonyms.Of(Question.Purpose, text.Written));
    }

    private Func<DateOnly, string> SentOn(ConsultationRequest request, Caller caller, RegimeSubject subject, Care care, ConsultationReason reason, RegimeRow? regime) =>
        day => Fingerprint(request, caller, subject, care, reason, regime, day).Sent!;

    private static bool TryId(Guid? given, DateTimeOffset now, out Guid id, out ProblemHttpResult? problem)
    {
        problem = null;
        id = given ?? Guid.CreateVersion7(now);
        if (given is null)
            return true;
        if (UuidV7.InstantOf(id) is { } instant && instant - now <= IdTolerance)
            return true;
        problem = IdNotAcceptable();
        return false;
    }

    private static ProblemHttpResult IdNotAcceptable() =>
        Problems.Invalid("id", "id-not-acceptable", "L'identifiant de la consultation n'est pas acceptable.", "Donnez un UUID version 7 fabriqué à l'instant, ou n'en donnez pas.");

    private static bool TryCareDate(string? text, DateOnly today, out DateOnly careDate, out ProblemHttpResult? problem)
    {
        (careDate, problem) = (today, null);
        if (text is null)
            return true;
        if (!TryDay(text, out careDate))
            problem = Problems.Invalid("careDate", "care-date-impossible", "La date des soins n'existe pas ou n'est pas lisible.", "Écrivez-la jj/mm/aaaa ou aaaa-mm-jj.");
        else if (careDate > today.AddYears(1))
            problem = Problems.Invalid("careDate", "care-date-too-far", "La date des soins est à plus d'un an.", "Les droits ne sont pas connus au-delà d'un an.");
        else if (careDate < Oldest)
            problem = Problems.Invalid("careDate", "care-date-too-old", "La date des soins est antérieure à 1990.", "Vérifiez l'année.");
        return problem is null;
    }

    /// <summary>As the caller wrote it: the date of somebody picked from a list is the regime's, and nobody here can mend it.</summary>
    private static bool IsBorn(RegimeSubject subject, DateOnly careDate, out ProblemHttpResult? problem)
    {
        var birthDate = subject switch
        {
            RegimeSubject.ByName named => named.BirthDate,
            RegimeSubject.ByNir numbered => numbered.BeneficiaryBirthDate,
            _ => null,
        };
        problem = birthDate?.IsAfter(careDate) != true
            ? null
            : Problems.Invalid("careDate", "care-date-before-birth", "La date des soins est avant la naissance.", "Vérifiez la date des soins et la date de naissance.");
        return problem is null;
    }

    private static bool TryCare(ConsultationRequest request, DateOnly careDate, out Care? care, out ProblemHttpResult? problem)
    {
        (care, problem) = (null, null);
        CareKind? kind = null;
        InsuranceNature? nature = null;
        DateOnly? prescription = null;
        if (request.CareKind is not null && !CareKind.Parse(request.CareKind).TryGet(out kind, out var error))
            problem = Problems.Invalid("careKind", error.Code, error.Message, "Choisissez parmi : " + string.Join(", ", CareKind.All.Select(k => k.Id)) + ", ou n'en donnez pas.");
        else if (request.InsuranceNature is not null && !InsuranceNature.Parse(request.InsuranceNature).TryGet(out nature, out error))
            problem = Problems.Invalid("insuranceNature", error.Code, error.Message, "Choisissez parmi : " + string.Join(", ", InsuranceNature.All.Select(n => n.Code)) + ", ou n'en donnez pas.");
        else if (request.PrescriptionDate is { } text)
        {
            if (kind is not { MayBePrescribed: true })
                problem = Problems.Invalid("prescriptionDate", "prescription-date-not-expected", "La date de prescription accompagne des soins prescrits.", "Donnez le type de soins (acte isolé, série, analyses, appareillage, pharmacie), ou pas de date de prescription.");
            else if (!TryDay(text, out var day))
                problem = Problems.Invalid("prescriptionDate", "prescription-date-impossible", "La date de prescription n'existe pas ou n'est pas lisible.", "Écrivez-la jj/mm/aaaa ou aaaa-mm-jj.");
            else if (day > careDate)
                problem = Problems.Invalid("prescriptionDate", "prescription-date-after-care", "La date de prescription est après la date des soins.", "Vérifiez les deux dates.");
            else if (day < Oldest)
                problem = Problems.Invalid("prescriptionDate", "prescription-date-too-old", "La date de prescription est antérieure à 1990.", "Vérifiez l'année.");
            else
                prescription = day;
        }
        else if (kind is { IsByPrescription: true })
        {
            problem = Problems.Invalid("prescriptionDate", "prescription-date-missing", "Pour ces soins, les droits se lisent à la date de prescription : elle manque.", "Donnez la date de prescription.");
        }

        if (problem is null)
            care = new Care(careDate, kind, prescription, nature);
        return problem is null;
    }

    private static bool IsOneScope(ConsultationRequest request, out ProblemHttpResult? problem)
    {
        // A rejected invoice is asked of all, whatever regime is named: the two say the same.
        problem = request is { Exhaustive: true, Regime: not null } && request.Reason != ConsultationReason.InvoiceRejected.Id
            ? Problems.Invalid("exhaustive", "exhaustive-beside-regime", "« exhaustive » interroge tous les régimes, et « regime » un seul : la question dit les deux.", "Retirez « regime » pour les interroger tous, ou « exhaustive » pour n’interroger que lui.")
            : null;
        return problem is null;
    }

    private static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text.Trim(), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static bool TryReason(string? text, out ConsultationReason? reason, out ProblemHttpResult? problem)
    {
        problem = null;
        if (ConsultationReason.Parse(text).TryGet(out reason, out var error))
            return true;
        problem = Problems.Invalid("reason", error.Code, error.Message, "Choisissez un des sept motifs : " + string.Join(", ", ConsultationReason.All.Select(r => r.Id)) + ".");
        return false;
    }

    /// <summary>What was good when it was first sent, and may have passed since.</summary>
    private static ProblemHttpResult? NotNow(Guid? id, CandidateReference.Proposal? proposal, RegimeRow? regime, Care care, DateOnly today, DateTimeOffset now)
    {
        // The journal is partitioned by the instant inside the id.
        if (id is { } given && now - UuidV7.InstantOf(given) > IdTolerance)
            return IdNotAcceptable();
        if (proposal?.Until <= now)
            return SubjectReading.CandidateExpired();
        if (regime is not null && !RegimeSchedule.IsInService(regime, now))
            return Problems.Invalid("regime", "regime-not-in-service", $"Le régime {regime.ShortName} n'est pas ouvert au service.", "Choisissez un autre régime, ou aucun pour les interroger tous.");
        return regime is { Capabilities.PastDates: false } && care.Reference < today
            ? Problems.Invalid(care.Reference == care.Date ? "careDate" : "prescriptionDate", "regime-no-past-dates", $"Le régime {regime.ShortName} ne répond pas pour une date passée.", "Demandez à la date du jour, ou adressez-vous à l'organisme par la hotline.")
            : null;
    }

    private bool TryRegime(string? chosen, string? proposedBy, RegimeSubject subject, out RegimeRow? regime, out ProblemHttpResult? problem)
    {
        (regime, problem) = (null, null);
        if ((chosen ?? proposedBy) is not { } text)
        {
            if (!search.Value.Enabled)
                problem = Problems.Invalid("regime", "regime-required", "La recherche dans tous les régimes n'est pas ouverte ici.", "Choisissez un régime de la liste.");
            return problem is null;
        }

        regime = RegimeId.Parse(text).TryGet(out var id, out _) ? registry.Find(id) : null;
        if (regime is null)
            problem = Problems.Invalid("regime", "regime-unknown", "Ce régime n'existe pas.", "Choisissez un régime de la liste, ou aucun pour les interroger tous.");
        else if (proposedBy is not null && text != proposedBy)
            problem = Problems.Invalid("regime", "regime-not-the-candidates", "Cette personne a été proposée par un autre régime.", "Ne donnez pas de régime avec une personne choisie dans la liste.");
        else if (subject is RegimeSubject.ByName && !regime.Capabilities.SearchByName)
            problem = Problems.Invalid("regime", "regime-no-search-by-name", $"Le régime {regime.ShortName} ne permet pas la recherche par nom.", "Demandez par NIR, ou sans choisir de régime.");
        return problem is null;
    }
}
