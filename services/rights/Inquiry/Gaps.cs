namespace Cdr.Rights.Inquiry;

/// <summary>Whose word is missing from an answer, by short name.</summary>
/// <param name="Silent">Did not answer; may later.</param>
/// <param name="NoPastDates">Were not asked: they never answer for a past date.</param>
/// <param name="WentTo">Where another regime says that the person went by the time of the care, and which did not say; they are among the others too where the question was theirs.</param>
/// <param name="NoNames">Were not asked: they cannot be searched by names. They never count as silent, or nobody would ever be found by names.</param>
/// <param name="Unasked">Those of <paramref name="WentTo"/> that the question was not for: another regime was chosen.</param>
/// <param name="Later">Those of <paramref name="Silent"/> that may answer in a moment.</param>
/// <param name="Shut">Those of <paramref name="Silent"/> that are closed or interrupted as announced, and when in Paris they answer again.</param>
internal sealed record Gaps(
    IReadOnlyList<string> Silent, IReadOnlyList<string> NoPastDates, IReadOnlyList<string> NoNames, IReadOnlyList<string> WentTo, IReadOnlyList<string> Unasked,
    IReadOnlyList<string> Later, IReadOnlyList<(string Name, DateTimeOffset Opens)> Shut)
{
    public IReadOnlyList<string> All { get; } = [.. Silent.Concat(NoPastDates).Union(WentTo)];

    public static Gaps Of(Question question, IReadOnlyList<RegimeFinding> findings, Regimes.RegimeRegistry registry, DateTimeOffset now)
    {
        List<(RegimeFinding Finding, DateTimeOffset Opens)> shut =
        [
            .. from finding in findings
               where (finding.Silence ?? finding.Answer) is Regimes.RegimeAnswer.NotAsked { Reason: Regimes.NotAskedReason.ClosedNow or Regimes.NotAskedReason.PlannedDowntime }
               let opens = Regimes.RegimeSchedule.AnswersAgain(finding.Regime, now)
               where opens > now
               select (finding, opens),
        ];
        var wentTo = OutcomeRule.Unanswered(question, findings);
        return new Gaps(
            [.. findings.Where(f => f.IsSilent && !f.HasNoPastDates).Select(f => f.Regime.ShortName)],
            [.. findings.Where(f => f.HasNoPastDates).Select(f => f.Regime.ShortName)],
            [.. findings.Where(f => f.Answer is Regimes.RegimeAnswer.NotAsked { Reason: Regimes.NotAskedReason.NoSearchByName }).Select(f => f.Regime.ShortName)],
            [.. wentTo.Select(Name)],
            [.. wentTo.Where(to => findings.All(f => f.Regime.Id != to)).Select(Name)],
            [.. findings.Where(f => f.MaySayLater && !shut.Exists(one => one.Finding == f)).Select(f => f.Regime.ShortName)],
            [.. shut.Select(one => (one.Finding.Regime.ShortName, one.Opens))]);

        string Name(Domain.RegimeId regime) => registry.Find(regime)?.ShortName ?? regime.Value;
    }
}
