using System.Globalization;
using Cdr.Contracts.Usage;
using Cdr.Domain;

namespace Cdr.Usage.Campaigns;

/// <summary>A target of an imported file.</summary>
/// <param name="Phase">Its number.</param>
/// <param name="Finess">Of the legal entity or the site, as the phase counts.</param>
/// <param name="Name">For people.</param>
/// <param name="Department">Code.</param>
/// <param name="EquippedOn">As the file says; null: it does not.</param>
/// <param name="Sites">FINESS géographiques.</param>
/// <param name="Number">Of its first line.</param>
internal sealed record TargetLine(int Phase, string Finess, string Name, string Department, DateOnly? EquippedOn, IReadOnlySet<string> Sites, int Number);

/// <summary>
/// The file of a campaign's targets: <c>phase;finess_juridique;finess_geographique;nom;departement;equipe_le</c>. A legal entity has a line a
/// site, or one without; the columns of what a phase does not count by may be empty, and those from <c>nom</c> on missing.
/// </summary>
internal static class TargetFile
{
    private const int MostLines = 20_000;

    /// <summary>Reads all of it; where anything is wrong, all that is, and nothing else.</summary>
    public static (IReadOnlyList<TargetLine> Targets, IReadOnlyList<TargetFault> Faults) Read(string text, IReadOnlyDictionary<int, TargetKind> phases)
    {
        List<TargetFault> faults = [];
        if (CsvRows.Read(text.TrimStart('\uFEFF')) is not [var header, .. var rows])
            return ([], [new TargetFault(1, "", "file-unreadable", "Le fichier est vide, ou une citation n'y est jamais fermée.")]);
        if (rows.Count > MostLines)
            return ([], [new TargetFault(MostLines + 1, "", "file-too-long", $"Le fichier dépasse {MostLines} lignes.")]);
        var columns = header.Cells.Select((name, index) => (Name: name.ToLowerInvariant(), Index: index)).DistinctBy(column => column.Name).ToDictionary(column => column.Name, column => column.Index);
        foreach (var name in (string[])["phase", "finess_juridique", "finess_geographique"])
        {
            if (!columns.ContainsKey(name))
                faults.Add(new TargetFault(header.Line, name, "column-missing", "Cette colonne manque."));
        }

        if (faults.Count > 0)
            return ([], faults);
        Dictionary<(int Phase, string Finess), TargetLine> targets = [];
        foreach (var (line, cells) in rows)
        {
            var reading = new Line(line, name => columns.TryGetValue(name, out var index) && index < cells.Count ? cells[index] : "", faults);
            if (reading.Read(phases) is not { } read)
                continue;
            targets[(read.Phase, read.Finess)] = targets.TryGetValue((read.Phase, read.Finess), out var before) ? Merge(before, read) : read;
        }

        return faults.Count > 0 ? ([], faults) : ([.. targets.Values], []);
    }

    private static TargetLine Merge(TargetLine before, TargetLine line) => before with
    {
        Name = before.Name.Length > 0 ? before.Name : line.Name,
        EquippedOn = before.EquippedOn is null || line.EquippedOn < before.EquippedOn ? line.EquippedOn ?? before.EquippedOn : before.EquippedOn,
        Sites = before.Sites.Union(line.Sites).ToHashSet(),
    };

    private sealed class Line(int number, Func<string, string> cell, List<TargetFault> faults)
    {
        public TargetLine? Read(IReadOnlyDictionary<int, TargetKind> phases)
        {
            var before = faults.Count;
            if (!int.TryParse(cell("phase"), NumberStyles.None, CultureInfo.InvariantCulture, out var phase) || !phases.TryGetValue(phase, out var kind))
            {
                Fault("phase", "phase-unknown", "La campagne n'a pas cette phase.");
                return null;
            }

            var legal = Number("finess_juridique", isNeeded: kind == TargetKind.LegalEntities);
            var site = Number("finess_geographique", isNeeded: kind == TargetKind.Establishments);
            var department = cell("departement");
            Department? known = null;
            if (department.Length > 0 && !Department.Parse(department).TryGet(out known, out var unknown))
                Fault("departement", unknown.Code, unknown.Message);
            DateOnly? equipped = null;
            if (cell("equipe_le") is { Length: > 0 } day)
            {
                if (DateOnly.TryParseExact(day, (string[])["yyyy-MM-dd", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
                    equipped = read;
                else
                    Fault("equipe_le", "date-unreadable", "La date n'est pas lisible.");
            }

            var name = cell("nom");
            if (name.Length > 200)
                Fault("nom", "name-too-long", "Le nom dépasse 200 caractères.");
            if (faults.Count > before || (kind == TargetKind.LegalEntities ? legal : site) is not { } target)
                return null;
            return new TargetLine(phase, target.Value, name, (known ?? target.Department).Code, equipped, site is null ? new HashSet<string>() : new HashSet<string> { site.Value }, number);
        }

        private Finess? Number(string column, bool isNeeded)
        {
            var text = cell(column);
            if (text.Length == 0)
            {
                if (isNeeded)
                    Fault(column, "finess-missing", "Le numéro FINESS que cette phase compte manque.");
                return null;
            }

            if (Finess.Parse(text).TryGet(out var finess, out var error))
                return finess;
            Fault(column, error.Code, error.Message);
            return null;
        }

        private void Fault(string field, string code, string message) => faults.Add(new TargetFault(number, field, code, message));
    }
}
