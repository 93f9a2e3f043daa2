using Cdr.Contracts.Rights;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>Facts and batches, alike but for what a test names.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 10, 11, 0, 0, TimeSpan.Zero);

    public static ConsultationFact One(
        DateTimeOffset? at = null, string establishment = "750100018", string group = "ghu-paris", string department = "75", string unit = "urg-1",
        string function = "emergencies", string reason = "emergency", ConsultationOutcome outcome = ConsultationOutcome.Found, string regime = "cnam",
        Freshness source = Freshness.Live, params RegimeFact[] regimes) =>
        new(Guid.CreateVersion7(at ?? Noon), at ?? Noon, establishment, group, department, unit, function, reason, outcome, regime, source, 140, regimes);

    public static ConsultationsAnswered Batch(Guid journal, long number, params ConsultationFact[] facts) => new(journal, number, facts);

    /// <summary>Batches 1 to <paramref name="count"/>, each of one fact more than the one before it.</summary>
    public static ConsultationsAnswered[] Journal(Guid journal, int count) =>
        [.. Enumerable.Range(1, count).Select(number => Batch(journal, number, [.. Enumerable.Range(0, number).Select(_ => One())]))];
}
