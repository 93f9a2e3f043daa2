using System.Globalization;
using System.Text;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Features.TracePerson;

/// <summary>Accesses as a file for the person concerned: semicolons, as French spreadsheets expect, and no cell that one would calculate.</summary>
internal static class AccessCsv
{
    private const string Header = "instant_utc;acte;motif;consultation;agent;role;etablissement;departement;personne;date_des_soins;regimes";

    private static readonly int Columns = Header.Split(';').Length;

    // The journal knows whose number it was, not for whom of those who share it: where they were cared for is another's secret, perhaps.
    private const string Person = "assuré ou ayant droit du même numéro";

    public static async Task WriteAsync(Stream stream, PersonAccesses accesses, CancellationToken cancellationToken)
    {
        // With its mark: spreadsheets otherwise guess another encoding.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(Header + "\r\n");
        // In the file, and where the missing ones would stand: it travels without the answer's other form.
        if (!accesses.Complete)
            await writer.WriteAsync($"{accesses.Lines[0].At.UtcDateTime:O};{Cut(accesses.Lines.Count)}{new string(';', Columns - 2)}\r\n");
        foreach (var line in accesses.Lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string[] cells =
            [
                Instant(line.At), AccessWords.Label(line.What), AccessWords.Reason(line.Reason), line.Consultation.ToString(),
                line.Subject, line.Role, line.Establishment, line.Department, Person, line.CareDate.ToString("O", CultureInfo.InvariantCulture), string.Join(' ', line.Regimes),
            ];
            await writer.WriteAsync(string.Join(';', cells.Select(Cell)) + "\r\n");
        }
    }

    // As French has it: a no-break space between thousands.
    private static string Cut(int lines) =>
        $"Liste incomplète : les {lines.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u00a0')} accès les plus récents, ceux d’avant cet instant se demandent à part";

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Cell(string text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
