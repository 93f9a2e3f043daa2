using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>What is known of one regime for one question.</summary>
/// <param name="Regime">Which.</param>
/// <param name="Answer">What it said, now or before.</param>
/// <param name="Freshness">Live, cached or stale.</param>
/// <param name="At">UTC instant at which it said it.</param>
/// <param name="Milliseconds">Time of the call; 0 when there was none.</param>
/// <param name="Silence">Why it says nothing now, beside a stale answer.</param>
internal sealed record RegimeFinding(RegimeRow Regime, RegimeAnswer Answer, Freshness Freshness, DateTimeOffset At, int Milliseconds, RegimeAnswer? Silence)
{
    /// <summary>
    /// It could not say: neither known nor unknown. A regime that knows nothing of past dates may well have the person's rights; one that
    /// is not searched by name is asked by number. An old word is none of now, whatever keeps it from saying one.
    /// </summary>
    public bool IsSilent => Freshness == Freshness.Stale || (Silence ?? Answer) is RegimeAnswer.Unavailable
        or RegimeAnswer.NotAsked { Reason: NotAskedReason.NoPastDates or NotAskedReason.ClosedNow or NotAskedReason.PlannedDowntime or NotAskedReason.SearchOff or NotAskedReason.NoTimeLeft };

    /// <summary>Silent for the moment: asked later it may say.</summary>
    public bool MaySayLater => (Silence ?? Answer) is RegimeAnswer.Unavailable { Reason: not UnavailableReason.Refused }
        or RegimeAnswer.NotAsked { Reason: NotAskedReason.ClosedNow or NotAskedReason.PlannedDowntime or NotAskedReason.NoTimeLeft };

    /// <summary>Silent about this date, however often it is asked.</summary>
    public bool HasNoPastDates => Answer is RegimeAnswer.NotAsked { Reason: NotAskedReason.NoPastDates };

    /// <summary>The rights it gave, for the present or the past.</summary>
    public DatedRights? Rights => Answer switch
    {
        RegimeAnswer.Found found => found.Rights,
        RegimeAnswer.Moved moved => moved.Rights,
        _ => null,
    };

    public RegimeOutcome Outcome => Answer switch
    {
        RegimeAnswer.Found => RegimeOutcome.Found,
        RegimeAnswer.Unknown => RegimeOutcome.Unknown,
        RegimeAnswer.Candidates => RegimeOutcome.Candidates,
        RegimeAnswer.BeneficiaryUnknown => RegimeOutcome.BeneficiaryUnknown,
        RegimeAnswer.Moved => RegimeOutcome.Moved,
        RegimeAnswer.Unavailable => RegimeOutcome.Unavailable,
        _ => RegimeOutcome.NotAsked,
    };
}
