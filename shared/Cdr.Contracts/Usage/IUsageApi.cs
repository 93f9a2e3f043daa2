using Cdr.Contracts.Rights;
using Refit;

namespace Cdr.Contracts.Usage;

/// <summary>What was asked.</summary>
public interface IUsageApi
{
    /// <summary>Consultations counted a day (Europe/Paris), both days included, at most 400 days. The caller sees their establishment, their group, or all, by role.</summary>
    [Get("/api/usage/daily")]
    Task<IReadOnlyList<DailyUsage>> DailyAsync([Query(Format = "yyyy-MM-dd")] DateOnly? from, [Query(Format = "yyyy-MM-dd")] DateOnly? to, CancellationToken cancellationToken);
}

/// <summary>One row: the sum of <see cref="Consultations"/> over all rows is the number of consultations.</summary>
public sealed record DailyUsage(
    DateOnly Day,
    string Department,
    string Group,
    string Establishment,
    string Unit,
    string Function,
    string Regime,
    string Reason,
    ConsultationOutcome Outcome,
    Freshness Source,
    long Consultations);
