using Cdr.Domain;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.People;

/// <summary>
/// Plausible organisms: régime codes are the registry's, caisses and centres are invented where no public source gives
/// them (formats.md gives the shape; MSA caisses end in 1, non-salaried, or 5, salaried).
/// </summary>
internal static class Organisms
{
    private const string General = "01";

    public static (Organism Organism, string Label) Of(RegimeRow regime, Department department, int choice)
    {
        var code = regime.Codes[choice % regime.Codes.Count];
        var (caisse, centre, label) = (regime.Id, code) switch
        {
            ("cnam", _) => (CaisseOf(department, '1'), "0000", $"CPAM {department.Name}"),
            (Affiliations.Msa, _) => (CaisseOf(department, choice % 3 == 0 ? '1' : '5'), "0000", $"MSA {department.Name}"),
            // Local mutual sections of MGEN within the general scheme.
            ("mgen", General) => (CaisseOf(department, '1'), choice % 4 == 0 ? "0506" : "0501", $"MGEN {department.Name}"),
            (_, General) => ("940", "0000", regime.ShortName),
            _ => ("750", "0000", regime.ShortName),
        };
        return (Organism.Parse(code + caisse + centre).Value, label);
    }

    private static string CaisseOf(Department department, char end) => department.Code switch
    {
        "2A" => $"20{end}",
        "2B" => end == '1' ? "202" : "206",
        { Length: 3 } overseas => overseas,
        var code => $"{code}{end}",
    };
}
