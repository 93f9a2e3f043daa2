using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Inquiry;

/// <summary>A valid question.</summary>
internal sealed record Question
{
    /// <summary>Of the fingerprint's hash.</summary>
    public const string Purpose = "question";

    /// <value>UUIDv7.</value>
    public required Guid Id { get; init; }

    /// <value>True when the caller chose the id: it may have been answered already.</value>
    public required bool IdIsCallers { get; init; }

    public required RegimeSubject Subject { get; init; }

    public required DateOnly CareDate { get; init; }

    /// <value>What the caller says of the care beside its date, where they do.</value>
    public CareKind? CareKind { get; init; }

    public DateOnly? Prescription { get; init; }

    public InsuranceNature? Nature { get; init; }

    public Care Care => new(CareDate, CareKind, Prescription, Nature);

    /// <value>At the establishment.</value>
    public required DateOnly Today { get; init; }

    public required ConsultationReason Reason { get; init; }

    /// <value>The chosen one, or the one that proposed the picked person; null to search all.</value>
    public required RegimeRow? Regime { get; init; }

    /// <value>True when the person was picked from a list that <see cref="Regime"/> proposed.</value>
    public bool IsPicked { get; init; }

    /// <value>True asks every able regime, whatever the first ones say.</value>
    public bool Exhaustive { get; init; }

    public required bool Refresh { get; init; }

    /// <value>A line of a batch: it waits for a place in the batches' part of each regime's limits.</value>
    public bool FromBatch { get; init; }

    /// <value>Asked again later: an answer that a silent regime leaves open is not one yet.</value>
    public bool MayWait { get; init; }

    public required Caller Caller { get; init; }

    /// <value>Whom it is about, to the guard against enumeration.</value>
    public Fishing.Mark Mark { get; init; }

    /// <value>Keyed hash of the caller's own number of an admission; null where none was given.</value>
    public byte[]? Workflow { get; init; }

    /// <value>Canonical text of all that was sent under an id of the caller's, null under another: input of keyed hashes only, never written anywhere.</value>
    public string? Sent { get; init; }

    /// <value>Keyed hash of it, by which the journal knows it again.</value>
    public required byte[] Fingerprint { get; init; }

    /// <value>UTC instant at which it arrived.</value>
    public required DateTimeOffset At { get; init; }

    /// <value>Monotonic, for the time taken.</value>
    public required long Started { get; init; }

    /// <summary>The same question, sent again.</summary>
    public bool Repeats(Question first) => Sent is null ? Fingerprint.AsSpan().SequenceEqual(first.Fingerprint) : Sent == first.Sent;

    /// <summary>The same, where only the hash is left of the first: under whichever key it was made.</summary>
    public bool Repeats(ReadOnlySpan<byte> fingerprint, Pseudonyms pseudonyms)
    {
        if (fingerprint.SequenceEqual(Fingerprint))
            return true;
        if (Sent is null)
            return false;
        foreach (var (_, other) in pseudonyms.AllOf(Purpose, Sent))
        {
            if (fingerprint.SequenceEqual(other))
                return true;
        }

        return false;
    }

    /// <summary>A birth rank that one regime gave means nothing to another.</summary>
    public RegimeQuestion ForRegime(RegimeRow regime) =>
        new(IsPicked && regime.Id != Regime!.Id && Subject is RegimeSubject.ByNir picked ? picked with { BeneficiaryBirthRank = null } : Subject, Care.Reference, Id, Caller.Establishment, Reason);

    /// <summary>What conclusions rest on, beside the rights that a regime gave.</summary>
    public Circumstances CircumstancesAt(RegimeFinding finding) => new(
        Care, Reason, Today, finding.Regime.Capabilities.WorkAccidents, finding.Answer is RegimeAnswer.Moved moved ? new Departure(moved.Since) : null);

    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(Question)} {Id}";
}
