using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>What the types of the registry cannot say: each fault is a sentence that names the row.</summary>
internal static class RegistryFaults
{
    public static IEnumerable<string> Of(RegistryFile file)
    {
        if (file.Regimes.Count == 0)
            yield return "There is no regime.";

        foreach (var twice in file.Regimes.CountBy(row => row.Id).Where(one => one.Value > 1))
            yield return $"{twice.Key}: the id is there {twice.Value} times.";

        var known = file.Regimes.Select(row => row.Id).ToHashSet();
        foreach (var row in file.Regimes)
        {
            if (row.Successor is { } successor && (successor == row.Id || !known.Contains(successor)))
                yield return $"{row.Id}: its successor {successor} is not another regime of the registry.";

            foreach (var fault in OfRow(row).Concat(OfDialect(row)))
                yield return $"{row.Id}: {fault}";
        }
    }

    private static IEnumerable<string> OfRow(RegimeRow row)
    {
        if (string.IsNullOrWhiteSpace(row.Name) || string.IsNullOrWhiteSpace(row.ShortName))
            yield return "it has no name.";
        if (row.Codes.Count == 0 || row.Codes.Any(code => code.Length != 2 || !code.All(char.IsAsciiDigit)))
            yield return "codes must be of two digits, one at least.";
        if (row.ClosedOn < row.OpenedOn)
            yield return "it closed before it opened.";
        if (!row.Address.OriginalString.EndsWith('/') || row.Address.OriginalString.StartsWith('/'))
            yield return "the address must end with a slash, and must not start with one.";
        if (row.Address.IsAbsoluteUri && row.Address.Scheme is not ("http" or "https"))
            yield return "the address is neither http nor https.";
        if (row.ClosedDaily.Any(closure => closure.From == closure.To))
            yield return "a daily closure starts when it ends.";
        if (row.Downtime?.Any(planned => planned.To <= planned.From) == true)
            yield return "downtime: an interruption ends before it starts.";
        if (row.Limits.PerSecond is < 1)
            yield return "limits.perSecond must be above zero.";
        if (row.Limits.Timeout <= TimeSpan.Zero || row.Limits.Timeout > TimeSpan.FromSeconds(20))
            yield return "limits.timeout must be above zero and of 20 seconds at most.";
        if (row.Limits.Concurrency is < 1 or > 10_000)
            yield return "limits.concurrency must be from 1 to 10000.";
        if (row.Cache.Found < TimeSpan.Zero || row.Cache.Unknown < TimeSpan.Zero || row.Cache.Stale < TimeSpan.Zero)
            yield return "a cache duration is negative.";
        if (row.Cache.Found > TimeSpan.FromDays(1) || row.Cache.Unknown > TimeSpan.FromDays(1))
            yield return "an answer may be kept the same day only.";
        if (row.PopulationShare is < 0 or > 1)
            yield return "populationShare must be from 0 to 1.";
        if (row.Likelihood is { } likelihood)
        {
            foreach (var fault in OfLikelihood(likelihood))
                yield return fault;
        }
    }

    private static IEnumerable<string> OfLikelihood(RegimeLikelihoods likelihood)
    {
        foreach (var (code, _) in likelihood.Departments ?? new Dictionary<string, double>())
        {
            if (!Department.Parse(code).IsValid)
                yield return $"likelihood.departments: {code} is not a département.";
        }

        if (likelihood.Ages?.Any(ages => ages.From < 0 || ages.To < ages.From) == true)
            yield return "likelihood.ages: an age ends before it starts.";
        var factors = (likelihood.Departments?.Values ?? []).Concat(likelihood.NirStarts?.Values ?? []).Concat(likelihood.Ages?.Select(ages => ages.Factor) ?? []);
        if (factors.Any(factor => factor <= 0 || !double.IsFinite(factor)))
            yield return "likelihood: a factor must be above zero.";
    }

    private static IEnumerable<string> OfDialect(RegimeRow row)
    {
        var (_, openEnd, unknown, names, dates, encoding) = row.Dialect;
        var isFhir = row.Protocol == RegimeProtocol.Fhir;
        if (isFhir == names.HasValue)
            yield return isFhir ? "dialect.names does not apply to fhir." : "dialect.names is missing.";
        if (isFhir == dates.HasValue)
            yield return isFhir ? "dialect.dates does not apply to fhir." : "dialect.dates is missing.";
        if ((row.Protocol == RegimeProtocol.Soap) != encoding.HasValue)
            yield return encoding.HasValue ? "dialect.encoding applies to soap only." : "dialect.encoding is missing.";
        if (openEnd == OpenEndStyle.Null && row.Protocol != RegimeProtocol.Rest)
            yield return "dialect.openEnd null applies to rest only.";
        if (!WaysToSayUnknown(row.Protocol).Contains(unknown))
            yield return $"dialect.unknown has no such value in protocol {row.Protocol}.";
    }

    private static UnknownStyle[] WaysToSayUnknown(RegimeProtocol protocol) => protocol switch
    {
        RegimeProtocol.Rest => [UnknownStyle.Status, UnknownStyle.NotFound, UnknownStyle.Empty],
        RegimeProtocol.Soap => [UnknownStyle.Status, UnknownStyle.Fault],
        _ => [UnknownStyle.Disposition, UnknownStyle.OperationOutcome],
    };
}
