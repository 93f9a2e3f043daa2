using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;
using Cdr.Support.Evidence;

namespace Cdr.Support.Discrepancies;

/// <summary>Compares what was typed with an answer, field by field. Pure. Of several affiliations each field is held against the one that agrees with it most.</summary>
internal static class DiscrepancyCheck
{
    private const int MostLines = 100;

    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal) { ["card"] = "la carte Vitale", ["attestation"] = "l'attestation", ["other"] = "le document" };

    public static bool Knows(string source) => Sources.ContainsKey(source);

    public static bool KnowsField(string name) => DiscrepancyField.All.Any(field => field.Name == name);

    public static DiscrepancyReport Compare(DiscrepancyRequest request, ConsultationAnswer answer)
    {
        var (typed, unknown) = Typed(request);
        // The file that is meant: the one that was said, or where most of what was typed says the same.
        var affiliation = answer.Affiliations.Where(one => request.Organism is null || ContestedAnswer.KeyOf(one) == request.Organism).MaxBy(one => typed.Count(field => field.Field.Read(field.Text) is { } read && read == field.Field.AnsweredFor(one, read)));
        var source = Sources.GetValueOrDefault(request.Source, "le document");
        List<ComparedField> fields = [.. typed.Select(one => Compare(one.Field, one.Text, affiliation, source))];
        var differs = fields.Exists(field => Says(field));
        return new DiscrepancyReport(fields, unknown, differs, differs ? Prefilled(request, fields, affiliation, source) : null)
        {
            Files = [.. answer.Affiliations.DistinctBy(ContestedAnswer.KeyOf).Select(one => new ComparedFile(ContestedAnswer.KeyOf(one), one.Source.Name, affiliation is not null && ContestedAnswer.KeyOf(one) == ContestedAnswer.KeyOf(affiliation)))],
        };
    }

    private static ComparedField Compare(DiscrepancyField field, string text, Affiliation? affiliation, string source)
    {
        var label = char.ToUpperInvariant(field.Label[0]) + field.Label[1..];
        if (field.Read(text) is not { } typed)
            return new ComparedField(field.Name, label, text.Trim(), null, FieldVerdict.Unreadable, $"{label} : ce qui est saisi ne se lit pas.");
        if (affiliation is null || field.AnsweredFor(affiliation, typed) is not { } answered)
            return new ComparedField(field.Name, label, Shown(typed), null, FieldVerdict.NotInAnswer, $"{label} : {source} indique {Shown(typed)} ; la réponse ne le donne pas.");
        return typed == answered
            ? new ComparedField(field.Name, label, Shown(typed), Shown(answered), FieldVerdict.Same, $"{label} : identique.")
            : new ComparedField(field.Name, label, Shown(typed), Shown(answered), FieldVerdict.Different, $"{label} : {source} indique {Shown(typed)}, le régime {Shown(answered)}.");
    }

    private static (List<(DiscrepancyField Field, string Text)> Typed, int Unknown) Typed(DiscrepancyRequest request)
    {
        var typed = new Dictionary<string, string>(StringComparer.Ordinal);
        var unknown = 0;
        foreach (var line in (request.Pasted ?? "").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Take(MostLines))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var label = colon < 0 ? "" : DiscrepancyField.Tidy(line[..colon]);
            if (DiscrepancyField.All.FirstOrDefault(field => field.Words.Contains(label)) is { } field && line[(colon + 1)..].Trim() is { Length: > 0 } value)
                typed[field.Name] = value;
            else
                unknown++;
        }

        // What was typed into a field goes before what was pasted.
        foreach (var (name, value) in request.Fields ?? new Dictionary<string, string>())
        {
            if (!string.IsNullOrWhiteSpace(value))
                typed[name] = value;
        }

        return ([.. DiscrepancyField.All.Where(field => typed.ContainsKey(field.Name)).Select(field => (field, typed[field.Name]))], unknown);
    }

    private static TicketRequest Prefilled(DiscrepancyRequest request, List<ComparedField> fields, Affiliation? affiliation, string source)
    {
        List<string> words = [.. fields.Where(field => field.Verdict == FieldVerdict.Different).Select(field => field.Sentence)];
        if (fields.Exists(field => field.Verdict == FieldVerdict.NotInAnswer))
            words.AddRange(["Absent de la réponse :", .. fields.Where(field => field.Verdict == FieldVerdict.NotInAnswer).Select(field => field.Sentence)]);
        List<string> same = [.. fields.Where(field => field.Verdict == FieldVerdict.Same).Select(field => field.Label.ToLowerInvariant())];
        if (same.Count > 0)
            words.Add($"Identique : {string.Join(", ", same)}.");
        // A line that others read in a list names nobody.
        var what = string.Join(", ", fields.Where(Says).Select(field => field.Label.ToLowerInvariant()));
        return new TicketRequest
        {
            Kind = TicketKind.DataInconsistency,
            Title = string.Create(CultureInfo.InvariantCulture, $"Écart avec {source}{(affiliation is null ? "" : $" ({affiliation.Source.Name})")} : {what}") is var title && title.Length > 200 ? title[..199] + "…" : title,
            Text = string.Join('\n', words),
            Consultation = request.Consultation,
            Organism = affiliation is null ? null : ContestedAnswer.KeyOf(affiliation),
        };
    }

    /// <summary>The paper says what the answer does not: otherwise, or not at all.</summary>
    private static bool Says(ComparedField field) => field.Verdict is FieldVerdict.Different or FieldVerdict.NotInAnswer;

    /// <summary>As the clerk reads it: days the French way round.</summary>
    private static string Shown(string text) => text is [_, _, _, _, '-', _, _, '-', _, _] ? $"{text[8..]}/{text[5..7]}/{text[..4]}" : text;
}
