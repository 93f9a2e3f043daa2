namespace Cdr.Contracts.Rights;

/// <summary>
/// One group commit of a journal: batch numbers of a journal have no holes. A batch without answers (readings only) has no facts.
/// </summary>
/// <param name="Journal">The chain: one a writer.</param>
/// <param name="Batch">From 1, without holes.</param>
/// <param name="Facts">In the order of the journal.</param>
public sealed record ConsultationsAnswered(Guid Journal, long Batch, ConsultationFact[] Facts);

/// <summary>What is counted of a consultation: nothing personal.</summary>
/// <param name="Consultation">UUIDv7.</param>
/// <param name="At">UTC.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Group">Hospital group's id; empty when the establishment has none.</param>
/// <param name="Department">Code of the French département of the establishment.</param>
/// <param name="Unit">The hospital's own unit; empty when none.</param>
/// <param name="Function">reception, emergencies, invoicing…; empty when none.</param>
/// <param name="Reason">Id of the consultation reason.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Regime">The regime whose rights were shown; <c>several</c>; empty when none.</param>
/// <param name="Source">The least fresh of what was shown.</param>
/// <param name="Milliseconds">From the question's arrival to the sealed answer.</param>
/// <param name="Regimes">Each regime asked or answered from cache.</param>
public sealed record ConsultationFact(
    Guid Consultation,
    DateTimeOffset At,
    string Establishment,
    string Group,
    string Department,
    string Unit,
    string Function,
    string Reason,
    ConsultationOutcome Outcome,
    string Regime,
    Freshness Source,
    int Milliseconds,
    RegimeFact[] Regimes);

/// <summary>One regime's part in a consultation. Milliseconds is 0 where the cache answered.</summary>
public sealed record RegimeFact(string Regime, RegimeOutcome Outcome, int Milliseconds);
