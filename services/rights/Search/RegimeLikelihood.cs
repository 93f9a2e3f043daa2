using System.Globalization;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Search;

/// <summary>How likely each regime knows a person, before anything is asked. It only orders: a wrong guess costs a call, never an answer.</summary>
internal static class RegimeLikelihood
{
    /// <summary>The regimes, likeliest first; the registry's order where nothing tells them apart.</summary>
    public static IEnumerable<RegimeRow> Order(IEnumerable<RegimeRow> regimes, Question question) =>
        regimes.OrderByDescending(regime => Of(regime, question));

    /// <summary>The part of the population it insures, times what the registry says of this department, age and number.</summary>
    public static double Of(RegimeRow regime, Question question)
    {
        var likelihood = regime.PopulationShare;
        if (regime.Likelihood is not { } factors)
            return likelihood;
        if (factors.Departments?.TryGetValue(question.Caller.Department.Code, out var here) == true)
            likelihood *= here;
        if (question.Subject is not RegimeSubject.ByNir { Nir.Value: var nir })
            return likelihood;
        var age = Age(nir, question.CareDate.Year);
        return likelihood
            * (factors.NirStarts?.Where(one => nir.StartsWith(one.Key, StringComparison.Ordinal)).Select(one => one.Value).FirstOrDefault(1) ?? 1)
            * (factors.Ages?.Where(ages => age >= ages.From && age <= ages.To).Select(ages => ages.Factor).FirstOrDefault(1) ?? 1);
    }

    // The number says two digits of the year: a person of over a hundred passes for a child, and is found a wave later.
    private static int Age(string nir, int year) =>
        int.TryParse(nir.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var born) ? (((year - born) % 100) + 100) % 100 : -1;
}
