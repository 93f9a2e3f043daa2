using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>A valid question.</summary>
internal sealed record Question
{
    /// <value>UUIDv7.</value>
    public required Guid Id { get; init; }

    /// <value>True when the caller chose the id: it may have been answered already.</value>
    public required bool IdIsCallers { get; init; }

    public required RegimeSubject Subject { get; init; }

    public required DateOnly CareDate { get; init; }

    /// <value>At the establishment.</value>
    public required DateOnly Today { get; init; }

    public required ConsultationReason Reason { get; init; }

    /// <value>The chosen one; null to search all.</value>
    public required RegimeRow? Regime { get; init; }

    public required bool Refresh { get; init; }

    public required Caller Caller { get; init; }

    /// <value>Keyed hash of the whole question.</value>
    public required byte[] Fingerprint { get; init; }

    /// <value>UTC instant at which it arrived.</value>
    public required DateTimeOffset At { get; init; }

    /// <value>Monotonic, for the time taken.</value>
    public required long Started { get; init; }

    public RegimeQuestion ForRegimes() => new(Subject, CareDate, Id, Caller.Establishment, Reason);

    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(Question)} {Id}";
}
