using Cdr.Domain;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.People;

/// <summary>
/// Thrown rights of one family in one regime. Open ones have no end or end in 2039, closed ones ended by 2025: what was
/// true of a person the day a test was written stays so for years.
/// </summary>
internal sealed class Histories(RegimeRow regime, Affiliation affiliation, Department department)
{
    private static readonly DateOnly FarEnd = new(2039, 12, 31);
    private static readonly DateOnly Computerised = new(1998, 1, 1);
    private static readonly string[] LongTermIllnesses = ["13", "13", "13", "13", "13", "8", "9", "16"];

    public SimulatedRights Rights(Dice dice, Sketch person)
    {
        var (organism, label) = Organisms.Of(regime, department, dice.Below(12));
        var rights = new SimulatedRights
        {
            Organism = organism,
            OrganismLabel = label,
            ManagementCode = regime.IsGeneral ? "10" : null,
            ManagementCentre = regime.IsGeneral && dice.Chance(0.3) ? $"{dice.Between(1, 40):0000}" : null,
            AttendingPhysician = person.Age < 16 ? null : AttendingPhysician(ref dice),
        };
        return affiliation.IsAme
            ? rights with { Situations = [Ame(ref dice)], AttendingPhysician = null }
            : Insured(rights, ref dice, person);
    }

    private static SimulatedSituation Ame(ref Dice dice) =>
        new("10", Period(dice.Day(2020, 2025), dice.Chance(0.8) ? null : FarEnd), ComplementaryBody.Ame, null);

    private SimulatedRights Insured(SimulatedRights rights, ref Dice dice, Sketch person)
    {
        var baseRights = BaseRights(ref dice, person);
        var exemptions = Exemptions(ref dice, person);
        var maternity = person is { IsFemale: true, Age: >= 19 and <= 43 } && dice.Chance(0.07) ? Maternity(dice.Day(2022, 2027)) : null;
        if (maternity is not null)
            exemptions.Add(new SimulatedRight("6", maternity.Period));
        // Never named otherwise: full third-party payment.
        var isPaidInFull = IsOfGeneralScheme(rights) && person.Age >= 18 && dice.Chance(0.0006);
        if (isPaidInFull)
            exemptions.Add(new SimulatedRight("1", Period(dice.Day(2019, 2025), null)));
        return rights with
        {
            Base = baseRights,
            Exemptions = exemptions,
            Modulations = Modulations(ref dice, rights, person),
            Situations = dice.Chance(0.09) ? [C2s(ref dice)] : [],
            Maternities = maternity is null ? [] : [maternity],
            WorkAccidents = regime.Capabilities.WorkAccidents && person.Age >= 18 && dice.Chance(0.04) ? [WorkAccident(ref dice)] : [],
            ContractSpecificity = isPaidInFull ? "0" : null,
        };

        static bool IsOfGeneralScheme(SimulatedRights rights) => rights.Organism.RegimeCode == "01";
    }

    private List<CarePeriod> BaseRights(ref Dice dice, Sketch person)
    {
        var birth = person.BirthDate.ForAge;
        var first = person.Age < 21 ? birth : Later(birth.AddYears(dice.Between(16, 24)), Computerised);
        var start = affiliation.Start is { } arrival ? Later(first, arrival) : first;
        if (affiliation.End is { } departure)
            return start < departure ? [Period(start, departure)] : [];

        var kind = dice.Share();
        var closed = dice.Day(2015, 2024);
        var far = kind > 0.93 ? FarEnd : (DateOnly?)null;
        if (kind >= 0.08 || start >= closed)
            return [Period(start, far)];
        return kind < 0.03
            ? [Period(start, closed)]
            : [Period(start, closed), Period(closed.AddDays(dice.Between(20, 300)), null)];
    }

    private List<SimulatedRight> Exemptions(ref Dice dice, Sketch person)
    {
        List<SimulatedRight> exemptions = [];
        var start = Later(dice.Day(2009, 2024), person.BirthDate.ForAge);
        if (dice.Chance(person.Age switch { < 20 => 0.02, < 50 => 0.07, < 70 => 0.2, _ => 0.42 }))
            exemptions.Add(new SimulatedRight(LongTermIllnesses[dice.Below(LongTermIllnesses.Length)],
                Period(start, dice.Share() switch { < 0.25 => start.AddYears(5).AddDays(-1), < 0.5 => FarEnd, _ => null })));
        if (person.Age is >= 35 and <= 62 && dice.Chance(0.025))
            exemptions.Add(new SimulatedRight("14", Period(Later(dice.Day(2010, 2025), start), null)));
        if (person.Age >= 18 && dice.Chance(regime.Codes.Contains("08") ? 0.04 : 0.001))
            exemptions.Add(new SimulatedRight("1", Period(dice.Day(2005, 2024), null)));
        if (dice.Chance(0.008))
            exemptions.Add(new SimulatedRight(dice.Chance(0.5) ? "17" : "18", Period(Later(dice.Day(2021, 2025), start), null)));
        return exemptions;
    }

    private List<SimulatedRight> Modulations(ref Dice dice, SimulatedRights rights, Sketch person)
    {
        List<SimulatedRight> modulations = [];
        if (department.Code is "57" or "67" or "68" && rights.Organism.RegimeCode is "01" or "02" && dice.Chance(0.8))
            modulations.Add(new SimulatedRight("9", Period(Later(new DateOnly(2010, 1, 1), person.BirthDate.ForAge), null)));
        if (person.Age >= 65 && dice.Chance(0.04))
            modulations.Add(new SimulatedRight("8", Period(dice.Day(2018, 2025), null)));
        if (person.Age >= 25 && dice.Chance(0.004))
            modulations.Add(new SimulatedRight("6", Period(dice.Day(2012, 2025), null)));
        if (person.Age >= 18 && dice.Chance(0.002))
            modulations.Add(new SimulatedRight("7", Period(dice.Day(2015, 2025), null)));
        return modulations;
    }

    // From the first day of the sixth month of pregnancy to twelve days after delivery [SFG, maternity].
    private static SimulatedMaternity Maternity(DateOnly sixthMonth) => new(Period(sixthMonth, sixthMonth.AddDays(122 + 12)), null);

    private static SimulatedSituation C2s(ref Dice dice)
    {
        var code = dice.Below(3);
        var start = dice.Day(2020, 2025);
        var end = dice.Share() switch { < 0.3 => start.AddYears(1).AddDays(-1), < 0.5 => FarEnd, _ => (DateOnly?)null };
        return new SimulatedSituation($"{code + 1}", Period(start, end),
            code == 2 ? ComplementaryBody.C2sManagedSeparately : ComplementaryBody.C2sManagedByCaisse, dice.Chance(0.25));
    }

    private static SimulatedWorkAccident WorkAccident(ref Dice dice)
    {
        var date = dice.Day(2015, 2025);
        return new SimulatedWorkAccident(CheckedNumbers.WorkAccident(dice.Below(100_000_000)), date,
            Period(date, dice.Chance(0.6) ? date.AddDays(dice.Between(10, 500)) : null));
    }

    private static SimulatedAttendingPhysician AttendingPhysician(ref Dice dice)
    {
        var kind = dice.Share();
        var doctor = dice.Below(60_000);
        var name = $"Dr {Names.Families[doctor % Names.Families.Length]}";
        var start = dice.Day(2012, 2025);
        return kind switch
        {
            < 0.1 => SimulatedAttendingPhysician.None,
            < 0.7 => new(true, name, CheckedNumbers.Rpps(doctor), null, null),
            < 0.9 => new(true, name, CheckedNumbers.Rpps(doctor), start, null),
            < 0.95 => new(true, name, CheckedNumbers.Rpps(doctor), start, start.AddDays(dice.Between(300, 1500))),
            _ => new(true, name, CheckedNumbers.Rpps(doctor), FarEnd, null),
        };
    }

    private static CarePeriod Period(DateOnly start, DateOnly? end) =>
        CarePeriod.Create(start, end < start ? start : end).Value;

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
}
