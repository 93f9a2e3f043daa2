using System.Globalization;
using Cdr.Domain;
using Cdr.RegimeSimulator;

namespace Cdr.Rights.Tests.Truth;

/// <summary>The questions worth asking: around every end of every period of people's histories, under every kind of care.</summary>
internal static class Table
{
    public static readonly DateOnly Today = new(2026, 11, 23);

    private const int RandomPeople = 60;
    private static readonly string?[] Kinds = [null, "isolated-act", "series", "stay", "dental-prosthetics", "laboratory", "devices", "pharmacy"];
    private static readonly string?[] Natures = [null, null, "30", null, "41", null, "10", null, "90", null, null];
    private static readonly DateOnly First = new(1995, 1, 1);

    /// <summary>The whole file: a header, then a line a question.</summary>
    public static IReadOnlyList<string> Write(SimulatedPeople people) =>
    [
        "who\tregime\tbeneficiary\tkind\tprescription\tcare\tnature\tconclusions",
        .. Questions(people).Select(question => Line(people, question)),
    ];

    public static TruthQuestion Read(string line)
    {
        var cells = line.Split('\t');
        return new TruthQuestion(
            cells[0], cells[1], int.Parse(cells[2], CultureInfo.InvariantCulture), Given(cells[3]), Given(cells[4]) is { } day ? Day(day) : null, Day(cells[5]), Given(cells[6]));
    }

    public static (SimulatedInsured Insured, SimulatedBeneficiary Beneficiary) Who(SimulatedPeople people, TruthQuestion question)
    {
        var insured = question.Who.StartsWith('#')
            ? people.At(int.Parse(question.Who.AsSpan(1), CultureInfo.InvariantCulture))
            : people.Case(question.Who).Families[0];
        return (insured, insured.Memberships.Single(one => one.Regime == question.Regime).Beneficiaries[question.Rank]);
    }

    private static string Line(SimulatedPeople people, TruthQuestion question)
    {
        var (insured, beneficiary) = Who(people, question);
        return string.Join(
            '\t', question.Who, question.Regime, question.Rank.ToString(CultureInfo.InvariantCulture), question.Kind ?? "-", Iso(question.Prescription), Iso(question.Care),
            question.Nature ?? "-", string.Join(" | ", new Oracle(beneficiary.Rights, insured.Nir, Today, question).Say()));
    }

    private static IEnumerable<TruthQuestion> Questions(SimulatedPeople people)
    {
        var cases = people.Cases.Where(one => one.Families.Count > 0).SelectMany(one => one.Families[0].Memberships.Select(membership => (one.Key, membership)));
        var random = Enumerable.Range(0, people.Count)
            .Where(index => people.Cases.All(one => one.Families.All(family => family.Nir != people.At(index).Nir)))
            .SelectMany(index => people.At(index).Memberships.Select(membership => (Key: $"#{index}", membership)))
            .Where(one => one.membership.Beneficiaries.Any(IsRich))
            .Take(RandomPeople);
        var number = 0;
        foreach (var (key, membership) in cases.Concat(random))
        {
            var rank = key.StartsWith('#') ? membership.Beneficiaries.Index().First(one => IsRich(one.Item)).Index : membership.Beneficiaries.Count - 1;
            foreach (var edge in Edges(membership.Beneficiaries[rank].Rights))
            {
                var kind = Kinds[number % Kinds.Length];
                // Around the edge: prescribed before and done after, or the last day without and the first day with.
                var isPrescribed = kind is "series" or "laboratory" or "devices" or "pharmacy" || (kind == "isolated-act" && number % 3 != 0);
                var care = isPrescribed ? edge.AddDays(number % 5) : edge.AddDays(-(number % 2));
                var question = new TruthQuestion(
                    key, membership.Regime, rank, kind, isPrescribed ? edge.AddDays(-1 - (number % 4)) : null, care, Natures[number % Natures.Length]);
                number++;
                if (!membership.HasMovedOn(question.Prescription ?? care) && !membership.HasMovedOn(care))
                    yield return question;
            }

            // The last day that may be asked about: an end that lies beyond it is known to nobody (API Droits).
            var horizon = Today.AddYears(1);
            if (!membership.HasMovedOn(horizon) && Periods(membership.Beneficiaries[rank].Rights).Any(period => period.End > horizon))
                yield return new TruthQuestion(key, membership.Regime, rank, null, null, horizon, null);
        }
    }

    private static bool IsRich(SimulatedBeneficiary one) =>
        one.Rights.Exemptions.Count + one.Rights.Modulations.Count + one.Rights.Situations.Count + one.Rights.Maternities.Count > 0
        || one.Rights.Base.Count > 1 || one.Rights.ContractSpecificity is not null;

    /// <summary>First days with, and first days without, something; and today.</summary>
    private static IEnumerable<DateOnly> Edges(SimulatedRights rights) => Periods(rights)
        .SelectMany(period => new[] { period.Start, period.End?.AddDays(1) })
        .OfType<DateOnly>().Append(Today)
        .Where(day => day > First && day < Today.AddMonths(11)).Distinct().Order();

    private static IEnumerable<CarePeriod> Periods(SimulatedRights rights) =>
    [
        .. rights.Base, .. rights.Exemptions.Select(one => one.Period), .. rights.Modulations.Select(one => one.Period), .. rights.Situations.Select(one => one.Period),
        .. rights.Maternities.Select(one => one.Period),
        .. rights.AttendingPhysician is { Start: { } start } physician ? [CarePeriod.Create(start, physician.End).Value] : Array.Empty<CarePeriod>(),
    ];

    private static string? Given(string cell) => cell == "-" ? null : cell;

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-";
}
