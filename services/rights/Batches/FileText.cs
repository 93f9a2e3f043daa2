using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Batches;

/// <summary>A line as it was sent, before it is known whether it can be asked.</summary>
/// <param name="FileLine">In CSV: where it begins.</param>
/// <param name="Question">Null where it is not readable.</param>
/// <param name="Fault">What is wrong then: member, code, words.</param>
internal sealed record SentLine(int? FileLine, BatchQuestion? Question, (string? Field, string Code, string Message)? Fault)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(SentLine);
}

/// <summary>From the bytes of a file to its lines: a JSON array, or CSV with a header.</summary>
internal static class FileText
{
    private const string Names = "names";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private delegate BatchQuestion? Put(BatchQuestion question, string cell);

    // What a column sets; null where the cell is not readable.
    private static readonly Dictionary<string, Put> Columns = new(StringComparer.Ordinal)
    {
        ["reference"] = (q, cell) => q with { Reference = cell },
        ["nir"] = (q, cell) => q with { Nir = cell },
        ["names.familyName"] = (q, cell) => q with { Names = new PersonNames(cell, q.Names?.GivenName) },
        ["names.givenName"] = (q, cell) => q with { Names = new PersonNames(q.Names?.FamilyName, cell) },
        ["birthDate"] = (q, cell) => q with { BirthDate = cell },
        ["beneficiaryBirthDate"] = (q, cell) => q with { BeneficiaryBirthDate = cell },
        ["birthRank"] = (q, cell) => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? q with { BirthRank = rank } : null,
        ["careDate"] = (q, cell) => q with { CareDate = cell },
        ["careKind"] = (q, cell) => q with { CareKind = cell },
        ["prescriptionDate"] = (q, cell) => q with { PrescriptionDate = cell },
        ["insuranceNature"] = (q, cell) => q with { InsuranceNature = cell },
        ["reason"] = (q, cell) => q with { Reason = cell },
        ["regime"] = (q, cell) => q with { Regime = cell },
        ["workflowId"] = (q, cell) => q with { WorkflowId = cell },
        ["exhaustive"] = (q, cell) => cell.ToLowerInvariant() switch
        {
            "true" or "oui" or "1" => q with { Exhaustive = true },
            "false" or "non" or "0" => q with { Exhaustive = false },
            _ => null,
        },
    };

    private static readonly Dictionary<string, string> Headings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["familyName"] = "names.familyName", ["nom"] = "names.familyName", ["givenName"] = "names.givenName", ["prenom"] = "names.givenName", ["prénom"] = "names.givenName",
        ["dateNaissance"] = "birthDate", ["dateNaissanceBeneficiaire"] = "beneficiaryBirthDate", ["rangNaissance"] = "birthRank", ["dateSoins"] = "careDate", ["typeSoins"] = "careKind",
        ["datePrescription"] = "prescriptionDate", ["natureAssurance"] = "insuranceNature", ["motif"] = "reason", ["exhaustif"] = "exhaustive", ["référence"] = "reference", ["dossier"] = "workflowId",
    };

    /// <returns>The lines, at most one more than a file may have; or what is wrong with the file as a whole.</returns>
    public static (IReadOnlyList<SentLine> Lines, ProblemHttpResult? Problem) Read(ReadOnlySpan<byte> file, bool isCsv)
    {
        string text;
        try
        {
            text = Strict.GetString(file.StartsWith(Encoding.UTF8.Preamble) ? file[Encoding.UTF8.Preamble.Length..] : file);
        }
        catch (DecoderFallbackException)
        {
            return ([], Wrong("file-encoding", "Le fichier n'est pas en UTF-8.", "Enregistrez-le au format « CSV UTF-8 »."));
        }

        var (lines, problem) = isCsv ? Csv(text) : Json(text);
        if (problem is null && lines.Count == 0)
            problem = Wrong("file-empty", "Le fichier ne contient aucune question.", "Une question par ligne, 500 au plus.");
        else if (problem is null && lines.Count > BatchOptions.MostLines)
            problem = Wrong("file-too-long", $"Le fichier contient plus de {BatchOptions.MostLines} questions.", "Partagez-le en plusieurs fichiers.");
        return problem is null ? (lines, null) : ([], problem);
    }

    private static (List<SentLine> Lines, ProblemHttpResult? Problem) Json(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            return ([], Problems.Problem(StatusCodes.Status400BadRequest, "file-unreadable", "Le fichier n'est pas du JSON lisible.", "Envoyez un tableau de questions : [ { … }, { … } ].", ("fileLine", e.LineNumber + 1)));
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return ([], Wrong("file-unreadable", "Le fichier n'est pas un tableau de questions.", "Envoyez un tableau de questions : [ { … }, { … } ]."));
            return ([.. document.RootElement.EnumerateArray().Take(BatchOptions.MostLines + 1).Select(Line)], null);
        }
    }

    private static SentLine Line(JsonElement element)
    {
        try
        {
            if (element.ValueKind == JsonValueKind.Object && UnknownMember(element) is { } unknown)
                return new SentLine(null, null, unknown);
            if (element.ValueKind == JsonValueKind.Object && element.Deserialize(BatchJson.Default.BatchQuestion) is { } question)
                return new SentLine(null, question, null);
            return new SentLine(null, null, (null, "line-unreadable", "La ligne n'est pas un objet JSON."));
        }
        // Half a character in a member's name: no text is made of it.
        catch (InvalidOperationException)
        {
            return new SentLine(null, null, (null, "line-unreadable", "La ligne n'est pas conforme à la description de l'API."));
        }
        catch (JsonException e)
        {
            // A path is made of our own member names, unless the caller invented one: then it is theirs, and not repeated.
            var field = e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) && (Columns.ContainsKey(path[2..]) || path[2..] == Names) ? path[2..] : null;
            return new SentLine(null, null, (field, field is null ? "line-unreadable" : "member-unreadable", field is null ? "La ligne n'est pas conforme à la description de l'API." : "Ce champ n'est pas lisible."));
        }
    }

    private static (string? Field, string Code, string Message)? UnknownMember(JsonElement line)
    {
        foreach (var (place, member) in line.EnumerateObject().Index())
        {
            if (!Has(BatchJson.Default.BatchQuestion, member))
                return (null, "member-unknown", Unknown(place, member, ""));
            if (!member.NameEquals(Names) || member.Value.ValueKind != JsonValueKind.Object)
                continue;
            foreach (var (within, part) in member.Value.EnumerateObject().Index())
            {
                if (!Has(BatchJson.Default.PersonNames, part))
                    return (Names, "member-unknown", Unknown(within, part, $" de « {Names} »"));
            }
        }

        return null;
    }

    private static bool Has(JsonTypeInfo type, JsonProperty member) => type.Properties.Any(one => member.NameEquals(one.Name));

    /// <summary>By its place. Its name only where it is nearly one of ours: any other may be a person's name, a number or a date that somebody took for one.</summary>
    private static string Unknown(int place, JsonProperty member, string of) =>
        $"Le membre n° {place + 1}{of}{(IsNearlyOurs(member.Name) ? $", « {member.Name} »," : "")} n’est pas connu. Ceux qui le sont figurent dans la description de l’API.";

    /// <summary>A heading of a file of cells, or a member in other letters.</summary>
    private static bool IsNearlyOurs(string name) =>
        Headings.ContainsKey(name) || name.Equals(Names, StringComparison.OrdinalIgnoreCase) || Columns.Keys.Any(ours => name.Equals(ours, StringComparison.OrdinalIgnoreCase));

    private static (List<SentLine> Lines, ProblemHttpResult? Problem) Csv(string text)
    {
        var (rows, badQuote) = CsvText.Read(text, CsvText.SeparatorOf(text));
        if (badQuote is { } at)
            return ([], Problems.Problem(StatusCodes.Status400BadRequest, "file-unreadable", "Un guillemet n'est pas fermé, ou se trouve au milieu d'une cellule.", "Un guillemet dans une cellule s'écrit deux fois, dans une cellule entre guillemets.", ("fileLine", at)));
        if (rows.Count == 0)
            return ([], null);
        List<string> fields = [];
        foreach (var (place, heading) in rows[0].Cells.Index())
        {
            var field = Headings.GetValueOrDefault(heading) ?? Columns.Keys.FirstOrDefault(name => name.Equals(heading, StringComparison.OrdinalIgnoreCase));
            // The heading is not repeated: without a header line it is a person's.
            if (field is null || fields.Contains(field))
                return ([], Problems.Problem(StatusCodes.Status400BadRequest, field is null ? "column-unknown" : "column-twice",
                    $"La colonne n° {place + 1} de la ligne {rows[0].FileLine} {(field is null ? "n’est pas connue" : "est donnée deux fois")}.",
                    "La première ligne nomme les colonnes : reference, nir, nom, prenom, dateNaissance, dateNaissanceBeneficiaire, rangNaissance, dateSoins, typeSoins, datePrescription, natureAssurance, motif, regime, exhaustif, dossier.", ("fileLine", rows[0].FileLine), ("column", place + 1)));
            fields.Add(field);
        }

        return ([.. rows.Skip(1).Take(BatchOptions.MostLines + 1).Select(row => Line(row, fields))], null);
    }

    private static SentLine Line(CsvText.Row row, List<string> fields)
    {
        if (row.Cells.Count != fields.Count)
            return new SentLine(row.FileLine, null, (null, "cells-count", $"La ligne a {row.Cells.Count} cellules, la première en annonce {fields.Count}."));
        var question = new BatchQuestion();
        foreach (var (field, cell) in fields.Zip(row.Cells))
        {
            if (cell.Length == 0)
                continue;
            if (Columns[field](question, cell) is not { } filled)
                return new SentLine(row.FileLine, null, (field, "member-unreadable", "Ce champ n'est pas lisible."));
            question = filled;
        }

        return new SentLine(row.FileLine, question, null);
    }

    private static ProblemHttpResult Wrong(string code, string title, string detail) => Problems.Problem(StatusCodes.Status400BadRequest, code, title, detail);
}
