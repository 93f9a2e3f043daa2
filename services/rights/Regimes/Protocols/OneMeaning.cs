namespace Cdr.Rights.Regimes.Protocols;

/// <summary>A right is said once: the same row twice is one row, and one right from one day to two ends contradicts itself.</summary>
/// <remarks>Periods that overlap otherwise add up: each states that the right was there.</remarks>
internal static class OneMeaning
{
    /// <exception cref="UnreadableAnswerException">Two rows cannot both be true: nobody here can tell which is.</exception>
    public static RegimeAnswer Of(RegimeAnswer answer) => answer switch
    {
        RegimeAnswer.Found found => found with { Rights = Of(found.Rights) },
        RegimeAnswer.Moved { Rights: { } rights } moved => moved with { Rights = Of(rights) },
        _ => answer,
    };

    private static DatedRights Of(DatedRights rights) => rights with
    {
        BasePeriods = Once(rights.BasePeriods, one => one.Start, "droitsBase"),
        Exemptions = Once(rights.Exemptions, one => (one.Exemption, one.Period.Start), "exonerations"),
        Modulations = Once(rights.Modulations, one => (one.Modulation, one.Period.Start), "modulations"),
        Situations = Once(rights.Situations, one => (one.Situation, one.Period.Start), "situations"),
        Maternities = Once(rights.Maternities, one => one.Period.Start, "maternites"),
        // Listed, never applied: a relapse may bear the same number.
        WorkAccidents = [.. rights.WorkAccidents.Distinct()],
    };

    private static List<T> Once<T, TKey>(IReadOnlyList<T> rows, Func<T, TKey> right, string member)
    {
        var once = rows.Distinct().ToList();
        return once.DistinctBy(right).Count() == once.Count ? once : throw new UnreadableAnswerException(member);
    }
}
