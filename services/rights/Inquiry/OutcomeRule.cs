using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>How a consultation ends. Pure.</summary>
internal static class OutcomeRule
{
    /// <summary>
    /// An outage is never absence of rights: with nothing open and somebody missing, the answer is incomplete. An open right is an
    /// answer even if another regime is silent, except for a rejected invoice, where the payer at that date may be the silent one; asking
    /// again would not make one speak that never answers for the past: it is named beside the answer. And it is an answer about one
    /// person only: where others may be meant, somebody decides first. So may they be where names were asked of all and an able regime is
    /// silent: the open file may be a homonym's, and the person's own be there.
    /// </summary>
    public static ConsultationOutcome Of(Question question, IReadOnlyList<Affiliation> affiliations, int open, int candidates, Gaps gaps, bool hasGone)
    {
        if (open > 1)
            return ConsultationOutcome.Several;
        if (candidates > 0)
            return ConsultationOutcome.Candidates;
        if (question.Subject is RegimeSubject.ByName && affiliations.Select(a => a.Insured.Nir).Distinct(StringComparer.Ordinal).Count() > 1)
            return ConsultationOutcome.Several;
        // A family hangs on a number: the open right of one is not the other's. Only of what was asked: a search ends with the first wave that has something open.
        if (open == 1 && Affiliation.MayBeOfSeveral(affiliations))
            return ConsultationOutcome.Several;
        var everybodyMatters = question.Reason == ConsultationReason.InvoiceRejected || question is { Subject: RegimeSubject.ByName, Regime: null };
        if (open == 0 ? gaps.All.Count > 0 : everybodyMatters && gaps.Silent.Count + gaps.WentTo.Count > 0)
            return ConsultationOutcome.Incomplete;
        if (affiliations.Count > 0)
            return ConsultationOutcome.Found;
        // Known once, and a file nowhere: neither insured nor not insured, until a person has asked where it is.
        return hasGone ? ConsultationOutcome.Incomplete : ConsultationOutcome.NotFound;
    }

    /// <summary>Where a regime says that the person went by the time of the care, and which did not say whether it knows them.</summary>
    public static IReadOnlyList<RegimeId> Unanswered(Question question, IReadOnlyList<RegimeFinding> findings)
    {
        // An old reply shown in place of a silent regime is no answer of now.
        var answered = findings.Where(f => !f.IsSilent && f.Answer is not (RegimeAnswer.Unavailable or RegimeAnswer.NotAsked)).Select(f => f.Regime.Id).ToHashSet();
        return
        [
            .. findings.Select(f => f.Answer).OfType<RegimeAnswer.Moved>()
                .Where(moved => moved.MayConcern(question.Care.Date) && !answered.Contains(moved.To))
                .Select(moved => moved.To).Distinct(),
        ];
    }
}
