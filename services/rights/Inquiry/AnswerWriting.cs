using System.Diagnostics;
using Cdr.Contracts.Rights;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>From what the regimes said to the one answer, to what is counted of it, and to what lets it be derived again.</summary>
internal sealed class AnswerWriting(RuleSet rules, RegimeRegistry registry, CandidateReference references, TimeProvider clock)
{
    public (ConsultationAnswer Answer, ConsultationFact Fact, Evidence Evidence) Write(Question question, IReadOnlyList<RegimeFinding> findings)
    {
        var now = RecordedInstant.Now(clock);
        var affiliations = findings.Where(f => f.Rights is not null)
            .Select(f => AffiliationWriting.Write(rules, f, f.Rights!, question, now))
            .OrderByDescending(AnswerWords.IsOpen)
            .ThenByDescending(a => a.BaseRights.State == RightState.Undetermined)
            .ThenByDescending(a => a.Ame.State == RightState.Undetermined)
            .ThenBy(a => a.Source.Freshness)
            .ToList();
        var candidates = findings.Where(f => f.Answer is RegimeAnswer.Candidates).SelectMany(f => Candidates(f, question)).ToList();
        var gaps = Gaps.Of(question, findings, registry, now);
        var beneficiaryUnknown = findings.Any(f => f.Answer is RegimeAnswer.BeneficiaryUnknown);
        var open = affiliations.Where(a => AnswerWords.IsOpen(a) && a.Source.Freshness != Freshness.Stale).ToList();
        var deadEnd = affiliations.Count == 0 ? DeadEnd.Of(findings, registry) : null;
        var outcome = OutcomeRule.Of(question, affiliations, open.Count, candidates.Count, gaps, deadEnd is not null);
        var notNeeded = findings.Count(f => f.Answer is RegimeAnswer.NotAsked { Reason: NotAskedReason.NotNeeded });
        var stale = affiliations.Any(a => a.Source.Freshness == Freshness.Stale);

        var answer = new ConsultationAnswer
        {
            Id = question.Id,
            AnsweredAt = now,
            CareDate = question.CareDate,
            Reference = ReferenceRule.Decide(question.Care),
            Reason = question.Reason.Id,
            Outcome = outcome,
            Headline = AnswerWords.Headline(outcome, outcome == ConsultationOutcome.Found && open.Count == 1),
            Explanation = AnswerWords.Explanation(question, outcome, affiliations, open.Count, gaps, deadEnd, beneficiaryUnknown, notNeeded),
            NextSteps = AnswerWords.NextSteps(question, outcome, affiliations, open.Count > 0, open.Any(a => a.BaseRights.State == RightState.Open), stale, gaps, deadEnd, beneficiaryUnknown, findings.Count == 1, NobodyKnows(findings), now),
            RulesVersion = rules.Version,
            Affiliations = affiliations,
            Candidates = candidates,
            Regimes = [.. findings.Select(f => RegimeWords.State(question, f, registry))],
            Missing = gaps.All,
        };
        return (answer, Fact(question, answer, findings, open, now), Evidence.Of(question, findings, affiliations));
    }

    /// <summary>Of those that answered, and at least one did, each says that it does not know the person.</summary>
    private static bool NobodyKnows(IReadOnlyList<RegimeFinding> findings) =>
        findings.Any(f => f.Answer is RegimeAnswer.Unknown && !f.IsSilent) && findings.All(f => f.Answer is RegimeAnswer.Unknown or RegimeAnswer.Unavailable or RegimeAnswer.NotAsked);

    private IEnumerable<Candidate> Candidates(RegimeFinding finding, Question question) =>
        ((RegimeAnswer.Candidates)finding.Answer).People.Select(person => new Candidate
        {
            Reference = references.Make(finding.Regime, question.Subject, person, question.Caller.Establishment),
            Regime = finding.Regime.Id.Value,
            FamilyName = person.FamilyName,
            NameInUse = person.NameInUse,
            GivenName = person.GivenName,
            BirthDate = person.BirthDate.Iso,
            BirthRank = person.BirthRank?.Value,
        });

    private static ConsultationFact Fact(
        Question question, ConsultationAnswer answer, IReadOnlyList<RegimeFinding> findings, List<Affiliation> open, DateTimeOffset now)
    {
        var shown = open.Count > 0 ? open : answer.Affiliations;
        var regime = shown.Count switch { 0 => "", 1 => shown[0].Source.Regime, _ => "several" };
        var source = answer.Affiliations.Count > 0
            ? answer.Affiliations.Max(a => a.Source.Freshness)
            : findings.All(f => f.Freshness == Freshness.Cached || f.Answer is RegimeAnswer.NotAsked { Reason: NotAskedReason.NotNeeded }) ? Freshness.Cached : Freshness.Live;
        var caller = question.Caller;
        return new ConsultationFact(
            question.Id, now, caller.Establishment.Value, caller.Group, caller.Department.Code, caller.Unit, caller.Function, question.Reason.Id,
            answer.Outcome, regime, source, (int)Stopwatch.GetElapsedTime(question.Started).TotalMilliseconds,
            [.. findings.Where(f => f.Answer is not RegimeAnswer.NotAsked).Select(f => new RegimeFact(f.Regime.Id.Value, f.Outcome, f.Milliseconds))]);
    }
}
