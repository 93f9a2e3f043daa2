using Cdr.Contracts.Rights;
using Cdr.Domain;

namespace Cdr.Bench.Load;

/// <summary>
/// Consultations as a country asks them: 3,000 establishments in 101 départements, few of them large (the n-th asks as 1/n^0.8), a third in
/// 150 groups; each with one to four units a function; four in five consultations of one regime, the sixteen others sharing the rest; nine in
/// ten of the usual outcome. So most cells of the nine dimensions stay empty, and most of the full ones hold a few consultations, as they do.
/// The same for the same seed.
/// </summary>
internal sealed class Country
{
    public const int Establishments = 3000;

    private static readonly string[] Reasons =
        ["card-forgotten-lost-stolen", "emergency", "patient-absent", "state-medical-aid", "invoice-rejected", "provisional-number", "attending-physician"];

    private static readonly double[] ReasonParts = Cumulated([0.46, 0.27, 0.12, 0.05, 0.05, 0.03, 0.02]);
    private static readonly string[] Functions = ["reception", "emergencies", "invoicing"];
    private static readonly double[] FunctionParts = Cumulated([0.6, 0.25, 0.15]);
    private static readonly double[] OutcomeParts = Cumulated([0.88, 0.01, 0.02, 0.075, 0.015]);
    private static readonly double[] SourceParts = Cumulated([0.62, 0.37, 0.01]);
    private static readonly double[] EstablishmentParts = Cumulated([.. Enumerable.Range(1, Establishments).Select(n => Math.Pow(n, -0.8))]);
    private static readonly double[] RegimeParts = Cumulated([0.8, 0.07, .. Enumerable.Range(1, 15).Select(n => 0.13 / 15 * 2 * n / 16)]);

    private readonly string[] regimes;
    private readonly (string Finess, string Group, string Department, int Units)[] places;

    public Country(IReadOnlyList<string> regimes)
    {
        this.regimes = [.. regimes.Take(RegimeParts.Length)];
        var random = new Random(1);
        places =
        [
            .. Enumerable.Range(0, Establishments).Select(n =>
            {
                var department = Department.All[n < 101 ? n : random.Next(101)].Code;
                return (Finess(n), n % 3 == 0 ? $"ght-{random.Next(150)}" : "", department, 1 + random.Next(4));
            }),
        ];
    }

    public (string Finess, string Group, string Department) Place(int rank) => (places[rank].Finess, places[rank].Group, places[rank].Department);

    /// <summary>So many consultations of an instant or a span of time.</summary>
    public ConsultationFact[] Facts(Random random, int count, DateTimeOffset from, TimeSpan span)
    {
        var facts = new ConsultationFact[count];
        for (var n = 0; n < count; n++)
            facts[n] = Fact(random, from + span * random.NextDouble());
        return facts;
    }

    private ConsultationFact Fact(Random random, DateTimeOffset at)
    {
        var (finess, group, department, units) = places[Pick(random, EstablishmentParts)];
        var (function, outcome, source) = (Functions[Pick(random, FunctionParts)], (ConsultationOutcome)Pick(random, OutcomeParts), (Freshness)Pick(random, SourceParts));
        var regime = regimes[Pick(random, RegimeParts)];
        // Around 150 ms where a regime was asked, 5 where none was; one in some hundred takes more than a second.
        var milliseconds = (int)Math.Exp((source == Freshness.Cached ? 1.6 : 5) + 0.8 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2);
        return new ConsultationFact(
            Guid.CreateVersion7(at), at, finess, group, department, $"{function[..3]}-{random.Next(units)}", function, Reasons[Pick(random, ReasonParts)], outcome,
            outcome is ConsultationOutcome.Found ? regime : "", source, milliseconds, [new RegimeFact(regime, RegimeOutcome.Found, source == Freshness.Live ? milliseconds : 0)]);
    }

    private static int Pick(Random random, double[] cumulated)
    {
        var found = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
        return Math.Min(found < 0 ? ~found : found, cumulated.Length - 1);
    }

    private static double[] Cumulated(double[] parts)
    {
        var sum = 0d;
        return [.. parts.Select(part => sum += part)];
    }

    /// <summary>Nine characters and a key, as Cdr.Domain checks them.</summary>
    private static string Finess(int n) =>
        Enumerable.Range(0, 10).Select(key => $"75{n:000000}{key}").First(text => Domain.Finess.Parse(text).TryGet(out _, out _));
}
