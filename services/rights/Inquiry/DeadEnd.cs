using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>
/// Regimes say that the person went elsewhere, those said to have them now have answered, and none has a file: somebody has to ask. It is
/// no « unknown », which every able regime would have said.
/// </summary>
/// <param name="From">By short name, those that say where the person went.</param>
/// <param name="Sentences">Who says it, where to and since when, and what is said there.</param>
internal sealed record DeadEnd(IReadOnlyList<string> From, string Sentences)
{
    /// <returns>Null where nobody says so; of use where there is no file.</returns>
    public static DeadEnd? Of(IReadOnlyList<RegimeFinding> findings, RegimeRegistry registry)
    {
        List<string> from = [], sentences = [], there = [];
        foreach (var finding in findings)
        {
            // An old word is none of now: its regime is silent, and named as such.
            if (finding.IsSilent || finding.Answer is not RegimeAnswer.Moved moved)
                continue;
            from.Add(finding.Regime.ShortName);
            sentences.Add($"Le régime {finding.Regime.ShortName} dit que la personne est partie vers le régime {RegimeWords.Name(moved, registry)}{(moved.Since is { } since ? " le " + RegimeWords.Day(since) : "")}.");
            if (findings.FirstOrDefault(one => one.Regime.Id == moved.To) is { IsSilent: false } other && Said(other) is { } said && !there.Contains(said))
                there.Add(said);
        }

        return from.Count == 0 ? null : new DeadEnd(from, string.Join(' ', sentences.Concat(there)));
    }

    // One that says itself where the person went has its own sentence.
    private static string? Said(RegimeFinding finding) => finding.Answer switch
    {
        RegimeAnswer.Unknown => $"Le régime {finding.Regime.ShortName} ne la connaît pas.",
        RegimeAnswer.BeneficiaryUnknown => $"Le régime {finding.Regime.ShortName} connaît l’assuré, mais pas ce bénéficiaire.",
        _ => null,
    };
}
