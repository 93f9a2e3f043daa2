using System.Globalization;
using Cdr.Bench.Running;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Testing.Identity;

namespace Cdr.Bench.Figures;

/// <summary>Who asks on the working day, and what. The guard sees 140 persons a card within its hour, the morning's twenty among them: it slows from 240 on.</summary>
internal static class Desks
{
    /// <summary>Subject of each of them, before its number.</summary>
    public const string Card = "day-";

    private const int Establishments = 100;
    private const int CardsEach = 5;
    private static readonly string[] Departments = ["13", "31", "33", "35", "44", "59", "67", "69", "75", "93"];

    // A rejected invoice asks all seventeen, and names all that can be searched by name: both are rare at a desk, where the number is on a paper.
    private const double ByNames = 0.01;
    private const double WithoutRegime = 0.70;

    // What the registry's people are: one in thirty went from one regime to another that is known, one in seventy to nobody knows where.
    private const double OldRegime = 0.5;

    private static readonly (ConsultationReason Reason, double Share)[] Reasons =
    [
        (ConsultationReason.CardForgottenLostStolen, 0.40), (ConsultationReason.Emergency, 0.25), (ConsultationReason.PatientAbsent, 0.18), (ConsultationReason.AttendingPhysician, 0.08),
        (ConsultationReason.StateMedicalAid, 0.04), (ConsultationReason.ProvisionalNumber, 0.04), (ConsultationReason.InvoiceRejected, 0.01),
    ];

    /// <summary>Each card's token.</summary>
    public static async Task<IReadOnlyList<string>> SignInAsync(BenchPlatform platform)
    {
        List<string> tokens = [];
        for (var card = 0; card < Establishments * CardsEach; card++)
        {
            var house = card / CardsEach;
            var department = Departments[house % Departments.Length];
            tokens.Add(await platform.SignInAsync(new TestCaller
            {
                Subject = string.Create(CultureInfo.InvariantCulture, $"{Card}{card}"), Finess = Finess(department, house), Department = department, Group = "ght-" + department,
            }));
        }

        return tokens;
    }

    /// <summary>Each person once, the rest again some time after: at admission, then for the invoice, at the same desk.</summary>
    public static IReadOnlyList<(string Body, int Card)> Day(BenchPlatform platform, int questions, int persons)
    {
        var dice = new Random(20261124);
        var people = platform.TakeAnybody(persons);
        List<(double Hour, string Body, int Card)> day = [];
        for (var i = 0; i < questions; i++)
        {
            var again = i >= persons;
            var who = again ? dice.Next(persons) : i;
            // Two peaks, and a tail into the night.
            var hour = dice.Next(10) switch { < 4 => 9 + Bell(dice), < 8 => 14 + Bell(dice) * 1.5, _ => dice.NextDouble() * 24 };
            day.Add((again ? Math.Min(24, hour + dice.NextDouble() * 4) : hour, Body(people[who], dice), who % (Establishments * CardsEach)));
        }

        return [.. day.OrderBy(one => one.Hour).Select(one => (one.Body, one.Card))];
    }

    private static string Body(SimulatedInsured person, Random dice)
    {
        var reason = Reason(dice.NextDouble());
        if (dice.NextDouble() < ByNames)
            return BenchPlatform.Question(person.Person, reason);
        // Names are asked of all: the rest has as many regimes fewer.
        var regime = dice.NextDouble() < (WithoutRegime - ByNames) / (1 - ByNames) ? null : Regime(person, dice);
        return BenchPlatform.Question(person.Nir, regime, reason: reason);
    }

    /// <summary>Of who moved, as often the one that an old attestation names.</summary>
    private static string Regime(SimulatedInsured person, Random dice) =>
        person.Memberships is [_, var left, ..] && dice.NextDouble() < OldRegime ? left.Regime : person.Memberships[0].Regime;

    private static string Reason(double dice)
    {
        foreach (var (reason, share) in Reasons)
        {
            if ((dice -= share) < 0)
                return reason.Id;
        }

        return Reasons[0].Reason.Id;
    }

    private static string Finess(string department, int house)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{department}078{house:000}");
        return Enumerable.Range(0, 10).Select(key => string.Create(CultureInfo.InvariantCulture, $"{number}{key}")).First(whole => Domain.Finess.Parse(whole).IsValid);
    }

    private static double Bell(Random dice) => dice.NextDouble() + dice.NextDouble() + dice.NextDouble() - 1.5;
}
