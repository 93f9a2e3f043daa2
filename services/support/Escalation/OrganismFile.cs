using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.Support.Clocks;
using Cdr.Support.Mail;
using Cdr.Support.Store;

namespace Cdr.Support.Escalation;

/// <summary>The table as a file: semicolons, a header, one organism a line.</summary>
internal static class OrganismFile
{
    private static readonly string[] Header = ["code", "regime", "libelle", "departement", "horaires"];

    // Optional: where an organism's team reads.
    private const string Mail = "courriel";

    /// <param name="text">Of the file.</param>
    /// <param name="regimes">The registry that it is held against; null where there is none to ask.</param>
    public static (IReadOnlyList<ImportedOrganism> Organisms, IReadOnlyList<OrganismFault> Faults) Read(string text, IReadOnlyList<RegimeInfo>? regimes)
    {
        List<ImportedOrganism> organisms = [];
        List<OrganismFault> faults = [];
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var header = lines[0].TrimStart('\uFEFF').Split(';').Select(cell => cell.Trim()).ToArray();
        if (!header.SequenceEqual(Header) && !header.SequenceEqual([.. Header, Mail]))
            return ([], [new OrganismFault(1, "header", "header-unknown", "L'en-tête attendu est : " + string.Join(';', Header) + ", et au besoin " + Mail + " à la fin.")]);
        foreach (var (index, line) in lines.Index().Skip(1).Where(line => line.Item.Length > 0))
        {
            var cells = line.Split(';').Select(cell => cell.Trim()).ToArray();
            var fault = cells.Length != header.Length ? new OrganismFault(index + 1, "line", "cells-missing", $"La ligne n'a pas {(header.Length == 5 ? "cinq" : "six")} colonnes.") : Check(index + 1, cells, regimes);
            if (fault is null && organisms.Exists(one => one.Organism.Key == cells[0]))
                fault = new OrganismFault(index + 1, "code", "code-twice", "Cet organisme est déjà plus haut.");
            if (fault is not null)
                faults.Add(fault);
            else
                organisms.Add(new ImportedOrganism(
                    new DestinationOrganism(cells[0], cells[1], cells[2], Department.Parse(cells[3]).Value.Code, cells[4].Length == 0 ? BusinessHours.DefaultWeek : cells[4]), cells is [.., { Length: > 0 } mail] && cells.Length > Header.Length ? mail : null));
        }

        return (organisms, faults);
    }

    private static OrganismFault? Check(int line, string[] cells, IReadOnlyList<RegimeInfo>? regimes)
    {
        if (cells[0].Length != 5 || !cells[0].All(char.IsAsciiDigit))
            return new OrganismFault(line, "code", "code-invalid", "Le code a cinq chiffres : régime (2) et caisse (3).");
        if (!RegimeId.Parse(cells[1]).TryGet(out _, out var regime))
            return new OrganismFault(line, "regime", regime.Code, regime.Message);
        var known = regimes?.FirstOrDefault(one => one.Id == cells[1]);
        if (regimes is not null && known is null)
            return new OrganismFault(line, "regime", "regime-unknown", $"Le registre n'a pas ce régime. Il a\u00a0: {string.Join(", ", regimes.Select(one => one.Id))}.");
        if (known?.Codes.Contains(cells[0][..2]) is false)
            return new OrganismFault(line, "code", "code-elsewhere", $"Les deux premiers chiffres du code ne sont pas de ce régime, qui a\u00a0: {string.Join(", ", known.Codes)}.");
        if (cells[2].Length is < 1 or > 100)
            return new OrganismFault(line, "libelle", "label-invalid", "Le libellé a de 1 à 100 caractères.");
        if (!Department.Exists(cells[3]))
            return new OrganismFault(line, "departement", "department-unknown", "Ce département n'existe pas.");
        if (cells.Length > Header.Length && cells[5].Length > 0 && AddressText.Read(cells[5]) is null)
            return new OrganismFault(line, Mail, "address-invalid", "Ce n'est pas une adresse de courriel.");
        if (cells[4].Length == 0)
            return null;
        if (BusinessHours.TryRead(cells[3], cells[4], out var hours))
            return hours.IsEnough ? null : new OrganismFault(line, "horaires", "hours-too-few", $"Un organisme est ouvert au moins {BusinessHours.LeastHours} heures par semaine\u00a0: sinon ses délais ne se terminent pas.");
        return new OrganismFault(line, "horaires", "hours-invalid", "Les horaires s'écrivent « 1-5 08:30-12:00 13:30-17:30 », les jours de 1 (lundi) à 7.");
    }
}

/// <param name="Organism">As it is shown.</param>
/// <param name="Mail">Where its team reads.</param>
internal sealed record ImportedOrganism(DestinationOrganism Organism, string? Mail)
{
    public OrganismRow In(string table) => new()
    {
        Table = table, Key = Organism.Key, Regime = Organism.Regime, Label = Organism.Label, Department = Organism.Department, Hours = Organism.Hours, Mail = Mail,
    };
}

/// <param name="Line">Of the file, the header being 1.</param>
/// <param name="Field">Name of the column.</param>
/// <param name="Code">Stable.</param>
/// <param name="Message">For people.</param>
internal sealed record OrganismFault(int Line, string Field, string Code, string Message);
