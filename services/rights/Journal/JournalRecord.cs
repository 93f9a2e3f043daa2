namespace Cdr.Rights.Journal;

/// <summary>One line of the journal. Append-only: the application's role can neither change nor delete it.</summary>
internal sealed class JournalRecord
{
    /// <value>UUIDv7, partition key. Of an answer: the consultation's id.</value>
    public Guid Id { get; init; }

    /// <value>UUIDv7.</value>
    public Guid Consultation { get; init; }

    public RecordKind Kind { get; init; }

    /// <value>The chain: one a writer.</value>
    public Guid Journal { get; set; }

    /// <value>From 1, without holes within a journal.</value>
    public long Batch { get; set; }

    /// <value>From 0 within a batch.</value>
    public int Position { get; set; }

    /// <value>UTC.</value>
    public DateTimeOffset At { get; init; }

    /// <value>Keyed reference of who asked.</value>
    public required string Subject { get; init; }

    /// <value>Their session.</value>
    public required string Session { get; init; }

    /// <value>Their role.</value>
    public required string Role { get; init; }

    /// <value>FINESS géographique.</value>
    public required string Establishment { get; init; }

    public required string Group { get; init; }

    public required string Department { get; init; }

    public required string Unit { get; init; }

    public required string Function { get; init; }

    /// <value>Id of the consultation reason: why.</value>
    public required string Reason { get; init; }

    public DateOnly CareDate { get; init; }

    /// <value>Outcome as its wire number; null for other kinds than answered.</value>
    public short? Outcome { get; init; }

    /// <value>The regime whose rights were shown; « several »; empty when none.</value>
    public required string Regime { get; init; }

    /// <value>Freshness as its wire number; null for other kinds than answered.</value>
    public short? Source { get; init; }

    public int Milliseconds { get; init; }

    /// <value>What was asked of whom, and what each said: <c>cnam:0:34;msa:1:12</c> (regime, outcome, ms). Of a use: which. Of a purge: its note.</value>
    public required string Regimes { get; init; }

    /// <value>Which pseudonym key.</value>
    public int PseudonymKey { get; init; }

    /// <value>Keyed hash of the person asked about.</value>
    public required byte[] Pseudonym { get; init; }

    /// <value>Keyed hash of the patient found, where it is another text than the one asked (names); else null.</value>
    public byte[]? PatientPseudonym { get; init; }

    /// <value>Keyed hash of the whole question, to know a repeated call from another.</value>
    public required byte[] Request { get; init; }

    public required string RulesVersion { get; init; }

    /// <value>W3C trace id; empty when there is none.</value>
    public required string TraceId { get; init; }

    /// <value>The exact bytes of the answer and what they were derived from, compressed, then sealed for this record; null where there is none.</value>
    public byte[]? Payload { get; init; }

    /// <value>SHA-256 over all of the above but the chain's own columns; over the payload's hash, so that a proof shows the record without the answer.</value>
    public byte[] Hash { get; set; } = [];

    /// <value>SHA-256 of <see cref="Payload"/>; null where there never was one.</value>
    public byte[]? PayloadHash { get; set; }
}
