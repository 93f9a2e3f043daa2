using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Search;

/// <summary>When a search may end. Pure.</summary>
internal static class SearchRule
{
    /// <summary>
    /// Everybody is asked when the payer may not be the regime with open rights (a rejected invoice), and when names were asked: a file
    /// with open rights may be a homonym's, which only the other regimes can tell.
    /// </summary>
    public static bool IsExhaustive(Question question, SearchPolicy policy) =>
        policy == SearchPolicy.Exhaustive || question.Exhaustive || question.Reason == ConsultationReason.InvoiceRejected || question.Subject is RegimeSubject.ByName;

    /// <summary>
    /// Fresh open rights end a search, and so does a list to pick from: the insured person is known, somebody has to say which
    /// beneficiary is meant. Closed rights do not, nor does a stale answer.
    /// </summary>
    public static bool Decides(RuleSet rules, RegimeFinding finding, Question question) =>
        finding.Freshness != Freshness.Stale && (finding.Answer is RegimeAnswer.Candidates || AffiliationWriting.IsOpen(rules, finding, question));

    /// <summary>
    /// Another regime says that the person went there, by the last day that the care is looked at: of a series prescribed before the move,
    /// the day it is done. Gone later they were not there yet, and it need not learn of them.
    /// </summary>
    public static bool IsPointedTo(RegimeId regime, IReadOnlyDictionary<RegimeId, RegimeFinding> findings, Care care) =>
        findings.Values.Any(finding => finding.Answer is RegimeAnswer.Moved moved && moved.To == regime && moved.MayConcern(care.Date));
}
