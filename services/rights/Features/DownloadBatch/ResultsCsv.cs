using System.Globalization;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Inquiry;

namespace Cdr.Rights.Features.DownloadBatch;

/// <summary>
/// Results as a file: one line a question, with the first affiliation where it is the answer; where somebody compares or picks first, none. The
/// whole answer is in the JSON. Semicolons, and no cell that a spreadsheet would calculate.
/// </summary>
internal static class ResultsCsv
{
    private const string Header = "ligne;reference;etat;code;consultation;repondu_utc;date_soins;issue;regime;fraicheur;nir_assure;organisme;droits;debut;fin;explication";

    public static async Task WriteAsync(Stream stream, IReadOnlyList<(BatchLine Line, string? Reference, byte[]? Answer)> results, CancellationToken cancellationToken)
    {
        // With its mark: spreadsheets otherwise guess another encoding.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(Header + "\r\n");
        foreach (var (line, reference, bytes) in results)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answer = bytes is null ? null : JsonSerializer.Deserialize(bytes, RightsJson.Default.ConsultationAnswer);
            await writer.WriteAsync(string.Join(';', Cells(line, reference, answer).Select(Cell)) + "\r\n");
        }
    }

    private static IEnumerable<string?> Cells(BatchLine line, string? reference, ConsultationAnswer? answer)
    {
        // What may be a homonym's is nobody's yet, in a file least of all: it goes into software.
        var first = answer is { Outcome: not (ConsultationOutcome.Several or ConsultationOutcome.Candidates), Affiliations: [var file, ..] } && (answer.Outcome != ConsultationOutcome.Incomplete || answer.IsOfOnePerson()) ? file : null;
        var right = first is null ? null : Covers(first);
        return
        [
            line.Line.ToString(CultureInfo.InvariantCulture), reference, State(line.State), line.Code, answer?.Id.ToString(),
            answer?.AnsweredAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), Day(answer?.CareDate), Outcome(answer?.Outcome),
            first?.Source.Regime, Fresh(first?.Source.Freshness), first?.Insured.Nir, first is null ? null : $"{first.Organism.RegimeCode}-{first.Organism.Caisse}-{first.Organism.Centre}",
            answer is null ? null : Rights(answer),
            Day(right?.Start), Day(right?.End), Explanation(line.Code) ?? answer?.Explanation,
        ];
    }

    private static string? Explanation(string code) => code switch
    {
        DownloadBatch.KeyGone => "La réponse a été donnée et ne s’ouvre plus : sa clé n’est plus là. Posez de nouveau la question.",
        DownloadBatch.Damaged => "La réponse n’est plus celle qui a été signée : prévenez l’exploitation, et posez de nouveau la question.",
        _ => null,
    };

    /// <summary>
    /// As the headline says it; which right is open is nobody's who sees a table. Closed is said where all who may know were heard, and none by an
    /// old reply.
    /// </summary>
    private static string? Rights(ConsultationAnswer answer) => answer.Outcome switch
    {
        ConsultationOutcome.NotFound => null,
        ConsultationOutcome.Found when AnswerWords.SaysOpen(answer) => "ouverts",
        ConsultationOutcome.Found when answer.Affiliations.All(file => (file.BaseRights.State, file.Ame.State, file.Source.Freshness) is (RightState.Closed, RightState.Closed, not Freshness.Stale)) => "non retrouvés à cette date",
        _ => "à vérifier",
    };

    // State medical aid covers as base rights do.
    private static Conclusion Covers(Affiliation affiliation) => (affiliation.BaseRights.State, affiliation.Ame.State) switch
    {
        (RightState.Open, _) => affiliation.BaseRights,
        (_, RightState.Open) or (RightState.Closed, RightState.Undetermined) => affiliation.Ame,
        _ => affiliation.BaseRights,
    };

    private static string State(BatchLineState state) => state switch
    {
        BatchLineState.Waiting => "en attente",
        BatchLineState.Answered => "répondue",
        BatchLineState.Refused => "refusée",
        _ => "annulée",
    };

    private static string? Outcome(ConsultationOutcome? outcome) => outcome switch
    {
        ConsultationOutcome.Found => "trouvé",
        ConsultationOutcome.Several => "plusieurs dossiers",
        ConsultationOutcome.Candidates => "personne à choisir",
        ConsultationOutcome.NotFound => "non retrouvé",
        ConsultationOutcome.Incomplete => "incomplet",
        _ => null,
    };

    private static string? Fresh(Freshness? freshness) => freshness switch
    {
        Freshness.Live => "à l'instant",
        Freshness.Cached => "récente",
        Freshness.Stale => "ancienne, ne vaut pas preuve",
        _ => null,
    };

    private static string? Day(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture);

    private static string Cell(string? text)
    {
        text ??= "";
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
