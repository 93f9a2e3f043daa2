using Cdr.Contracts.Rights;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>Facts and batches, alike but for what a test names.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 10, 11, 0, 0, TimeSpan.Zero);

    public static ConsultationFact One(
        DateTimeOffset? at = null, string establishment = "750100018", string group = "ghu-paris", string department = "75", string unit = "urg-1",
        string function = "emergencies", string reason = "emergency", ConsultationOutcome outcome = ConsultationOutcome.Found, string regime = "cnam",
        Freshness source = Freshness.Live, int milliseconds = 140, params RegimeFact[] regimes) =>
        new(Guid.CreateVersion7(at ?? Noon), at ?? Noon, establishment, group, department, unit, function, reason, outcome, regime, source, milliseconds, regimes);

    /// <summary>Facts of all kinds, of three départements, from an instant backwards over so many hours. The same for the same seed.</summary>
    public static ConsultationFact[] Mixed(int seed, int count, DateTimeOffset until, double hours)
    {
        string[] establishments = ["750100018", "690000005", "2A0000014", "750100125", "590780193"];
        string[] departments = ["75", "69", "2A", "75", "59"];
        string[] groups = ["ghu-paris", "hcl", "", "ghu-paris", "ghu-nord"];
        string[] regimes = ["cnam", "msa", "", "several"];
        string[] reasons = ["emergency", "card-forgotten-lost-stolen", "patient-absent"];
        string[] functions = ["emergencies", "reception", "invoicing"];
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var where = random.Next(establishments.Length);
                var function = random.Next(functions.Length);
                var milliseconds = (int)Math.Exp(random.NextDouble() * 9);
                return One(
                    until.AddHours(-hours * random.NextDouble()), establishments[where], groups[where], departments[where], $"u{function}", functions[function], reasons[random.Next(reasons.Length)],
                    (ConsultationOutcome)random.Next(5), regimes[random.Next(regimes.Length)], (Freshness)random.Next(3), milliseconds,
                    new RegimeFact("cnam", RegimeOutcome.Found, milliseconds / 2), new RegimeFact("msa", RegimeOutcome.Unknown, 0));
            }),
        ];
    }

    /// <summary>A journal of these facts, so many a batch.</summary>
    public static ConsultationsAnswered[] Batches(Guid journal, ConsultationFact[] facts, int each) =>
        [.. facts.Chunk(each).Select((some, index) => Batch(journal, index + 1, some))];

    public static ConsultationsAnswered Batch(Guid journal, long number, params ConsultationFact[] facts) => new(journal, number, facts);

    /// <summary>Batches 1 to <paramref name="count"/>, each of one fact more than the one before it.</summary>
    public static ConsultationsAnswered[] Journal(Guid journal, int count) =>
        [.. Enumerable.Range(1, count).Select(number => Batch(journal, number, [.. Enumerable.Range(0, number).Select(_ => One())]))];
}
