using Cdr.Contracts.Rights;
using PdfSharp.Fonts;
using PdfSharp.Pdf;
using static Cdr.Rights.Statements.StatementWords;

namespace Cdr.Rights.Statements;

/// <summary>A statement on A4 pages. The same statement gives the same text, page by page.</summary>
internal static class StatementPdf
{
    static StatementPdf() => GlobalFontSettings.FontResolver = new StatementFonts();

    /// <summary>The file.</summary>
    public static byte[] Draw(Statement statement)
    {
        using var document = new PdfDocument();
        // Nobody's name: what a file says of itself is read by whoever receives it, before it is opened.
        document.Info.Title = $"{statement.Title} {statement.Consultation}";
        document.Info.CreationDate = statement.MadeAt.UtcDateTime;
        document.Language = "fr-FR";
        var sheet = new StatementSheet(document);
        Head(sheet, statement);
        string? source = null;
        foreach (var section in statement.Sections)
        {
            // A title is not left alone at the foot of a page.
            sheet.Keep(90);
            if (section.Source is { } name && name != source)
                sheet.Heading(name);
            source = section.Source;
            sheet.Title(section.Title);
            if (section.FreshnessText is { } freshness)
                sheet.Note(freshness);
            var beside = section.Lines.Any(line => line.Label is not null);
            foreach (var line in section.Lines)
                sheet.Line(line.Label, line.Text, beside);
        }

        sheet.Foot((page, pages) => [statement.Worth, Text("StatementFoot", statement.Consultation, statement.Code, page, pages)]);
        using var stream = new MemoryStream();
        document.Save(stream);
        return stream.ToArray();
    }

    private static void Head(StatementSheet sheet, Statement statement)
    {
        if (statement.VerifyAt is { } address)
            sheet.Square(StatementQr.Of(address));
        sheet.Main(statement.Title);
        sheet.Strong(statement.Worth);
        foreach (var warning in statement.Warnings)
            sheet.Strong(warning);
        foreach (var line in statement.Reference)
            sheet.Line(line.Label, line.Text);
        sheet.EndHead();
    }
}
