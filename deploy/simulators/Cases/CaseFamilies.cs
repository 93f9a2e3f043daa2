using System.Globalization;
using Cdr.Domain;
using Cdr.RegimeSimulator.People;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.Cases;

/// <summary>Makes the families of the named cases. Rights are open since 2010 and without end unless a case says otherwise.</summary>
internal sealed class CaseFamilies(RegimeRegistry registry)
{
    private static readonly DateOnly Opening = new(2010, 1, 1);

    /// <param name="department">Where they live: which caisse.</param>
    /// <param name="stays">In which regimes; one that the registry does not have is left out.</param>
    public SimulatedInsured Family(SimulatedPerson insured, string department, Stay[] stays, params Dependent[] dependents) =>
        new(insured.Nir!, insured, [.. stays
            .Where(stay => registry.Find(stay.Regime) is not null)
            .Select(stay => Membership(registry.Find(stay.Regime)!, stay, insured, Department.Parse(department).Value, dependents))]);

    /// <param name="place">Department and commune of birth, 5 characters.</param>
    /// <param name="order">900 to 999: the random population has none of these.</param>
    public static SimulatedPerson Woman(string family, string given, string birth, string place, int order = 901) =>
        Person('2', family, given, birth, place, order);

    /// <inheritdoc cref="Woman"/>
    public static SimulatedPerson Man(string family, string given, string birth, string place, int order = 901) =>
        Person('1', family, given, birth, place, order);

    /// <summary>Someone whose own number the regime does not know.</summary>
    public static SimulatedPerson Known(string family, string given, string birth) =>
        new(family, null, given, BirthDate.Parse(birth).Value, null);

    /// <summary>Reads <c>2026-01-01/..</c>.</summary>
    public static CarePeriod Period(string text) => CarePeriod.Parse(text).Value;

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static SimulatedPerson Person(char sex, string family, string given, string birth, string place, int order)
    {
        var date = BirthDate.Parse(birth).Value;
        var month = date.Month is >= 1 and <= 12 ? date.Month : 20;
        return new SimulatedPerson(family, null, given, date, $"{sex}{date.Year % 100:00}{month:00}{place}{order:000}");
    }

    private static SimulatedMembership Membership(
        RegimeRow regime, Stay stay, SimulatedPerson insured, Department department, Dependent[] dependents)
    {
        var (organism, label) = Organisms.Of(regime, department, 1);
        var rights = new SimulatedRights { Organism = organism, OrganismLabel = label, ManagementCode = regime.IsGeneral ? "10" : null };
        var adult = OfAdult(rights);
        return new SimulatedMembership(
            regime.Id,
            [
                new(insured, 1, BeneficiaryQuality.Insured, stay.Rights?.Invoke(adult) ?? adult),
                .. dependents.Select((dependent, index) => new SimulatedBeneficiary(
                    dependent.Person,
                    regime.RanksTwinsOnly ? dependent.TwinRank : index + 2,
                    dependent.Quality,
                    OfDependent(dependent, rights))),
            ],
            stay.MovedTo, stay.MovedSince);
    }

    private static SimulatedRights OfAdult(SimulatedRights rights) => rights with
    {
        Base = [CarePeriod.Create(Opening).Value],
        AttendingPhysician = new(true, "Dr Edmée Sauvage", CheckedNumbers.Rpps(900_001), null, null),
    };

    private static SimulatedRights OfDependent(Dependent dependent, SimulatedRights rights)
    {
        var own = dependent.Quality == BeneficiaryQuality.Child
            ? rights with { Base = [CarePeriod.Create(dependent.Person.BirthDate.ForAge).Value] }
            : OfAdult(rights);
        return dependent.Rights?.Invoke(own) ?? own;
    }
}

internal sealed record Stay(
    string Regime, Func<SimulatedRights, SimulatedRights>? Rights = null, string? MovedTo = null, DateOnly? MovedSince = null);

/// <param name="TwinRank">Used where the rank only tells twins apart (Cnam).</param>
internal sealed record Dependent(
    SimulatedPerson Person, BeneficiaryQuality Quality, int TwinRank = 1, Func<SimulatedRights, SimulatedRights>? Rights = null);
