using System.Globalization;
using System.Text.RegularExpressions;

namespace Cdr.Rights.Journal.Retention;

/// <summary>What purges call their policies, and how old each lets a record be before it goes.</summary>
/// <param name="clocks">As they are now.</param>
/// <param name="former">Names of shorter ones that the clocks once were.</param>
internal sealed partial class PurgePolicies(RetentionOptions clocks, IReadOnlyList<string> former)
{
    public static string OfTraces(RetentionOptions clocks) => string.Create(CultureInfo.InvariantCulture, $"access-trace-{clocks.AccessTraceMonths}-months");

    public static string OfProofs(RetentionOptions clocks) => string.Create(CultureInfo.InvariantCulture, $"proof-{clocks.ProofMonths}-months-and-{clocks.ProofMarginMonths}");

    /// <summary>
    /// Months that no purge of this name goes below: what the name says, and what the clocks say, unless they once said less. Null where no
    /// policy is called so.
    /// </summary>
    public int? MonthsOf(string policy)
    {
        static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);
        var (named, clock) = Traces().Match(policy) is { Success: true } trace ? (Number(trace.Groups[1]), clocks.AccessTraceMonths)
            : Proofs().Match(policy) is { Success: true } proof ? (Number(proof.Groups[1]) + Number(proof.Groups[2]), clocks.ProofMonths + clocks.ProofMarginMonths)
            : (0, 0);
        return named == 0 ? null : Math.Max(RetentionOptions.Floor, former.Contains(policy) ? named : Math.Max(named, clock));
    }

    [GeneratedRegex("^access-trace-([0-9]{1,3})-months$")]
    private static partial Regex Traces();

    [GeneratedRegex("^proof-([0-9]{1,3})-months-and-([0-9]{1,3})$")]
    private static partial Regex Proofs();
}
