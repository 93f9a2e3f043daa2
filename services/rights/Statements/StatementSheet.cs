using System.Collections;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace Cdr.Rights.Statements;

/// <summary>A4 pages filled from the top, lines broken where they must be.</summary>
internal sealed class StatementSheet
{
    // Points: 72 an inch.
    private const double Margin = 50;
    private const double FootHeight = 46;
    private const double LabelWidth = 150;
    private const double SquareSide = 84;

    private static readonly XPdfFontOptions Options = new(PdfFontEncoding.Unicode, PdfFontEmbedding.TryComputeSubset);
    private static readonly XFont Big = new(StatementFonts.Family, 16, XFontStyleEx.Bold, Options);
    private static readonly XFont Middle = new(StatementFonts.Family, 12, XFontStyleEx.Bold, Options);
    private static readonly XFont Bold = new(StatementFonts.Family, 9, XFontStyleEx.Bold, Options);
    private static readonly XFont Plain = new(StatementFonts.Family, 9, XFontStyleEx.Regular, Options);
    private static readonly XFont Small = new(StatementFonts.Family, 7.5, XFontStyleEx.Regular, Options);

    private readonly PdfDocument document;
    private XGraphics page;
    private double y;
    private double squareUntil;

    public StatementSheet(PdfDocument document)
    {
        this.document = document;
        page = NewPage();
    }

    private double Right => page.PageSize.Width - Margin - (y < squareUntil && document.PageCount == 1 ? SquareSide + 8 : 0);

    public void Main(string text) => Write(text, Big, Margin, 22, XBrushes.Black);

    public void Strong(string text) => Write(text, Bold, Margin, 13, XBrushes.Black);

    public void Heading(string text)
    {
        y += 8;
        Write(text, Middle, Margin, 17, XBrushes.Black);
    }

    public void Title(string text)
    {
        y += 6;
        page.DrawLine(XPens.Gray, Margin, y, Right, y);
        y += 4;
        Write(text, Bold, Margin, 13, XBrushes.Black);
    }

    public void Note(string text) => Write(text, Small, Margin, 11, XBrushes.DimGray);

    /// <param name="label">What it is.</param>
    /// <param name="text">What is said.</param>
    /// <param name="beside">Without a label, under the texts of those that have one.</param>
    public void Line(string? label, string text, bool beside = false)
    {
        if (label is null)
        {
            Write(text, Plain, beside ? Margin + LabelWidth : Margin, 12.5, XBrushes.Black);
            return;
        }

        var labels = Broken(label, Small, LabelWidth - 8);
        var texts = Broken(text, Plain, Right - Margin - LabelWidth);
        for (var i = 0; i < Math.Max(labels.Count, texts.Count); i++)
        {
            Room(12.5);
            if (i < labels.Count)
                page.DrawString(labels[i], Small, XBrushes.DimGray, Margin, y + 9.5);
            if (i < texts.Count)
                page.DrawString(texts[i], Plain, XBrushes.Black, Margin + LabelWidth, y + 9.5);
            y += 12.5;
        }
    }

    /// <summary>Dark squares at the top right of the first page; lines beside it are shorter.</summary>
    public void Square(IReadOnlyList<BitArray> rows)
    {
        var (side, left, top) = (SquareSide / rows.Count, page.PageSize.Width - Margin - SquareSide, y);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows.Count; column++)
            {
                if (rows[row][column])
                    page.DrawRectangle(XBrushes.Black, left + column * side, top + row * side, side, side);
            }
        }

        squareUntil = y + SquareSide;
    }

    /// <summary>What follows has the whole width.</summary>
    public void EndHead() => y = Math.Max(y, squareUntil) + 4;

    /// <summary>A new page where so little is left of this one.</summary>
    public void Keep(double height) => Room(height);

    /// <summary>The same lines at the foot of each page, once it is known how many there are.</summary>
    public void Foot(Func<int, int, string[]> lines)
    {
        page.Dispose();
        for (var number = 1; number <= document.PageCount; number++)
        {
            using var foot = XGraphics.FromPdfPage(document.Pages[number - 1], XGraphicsPdfPageOptions.Append);
            var at = foot.PageSize.Height - Margin - FootHeight + 22;
            foreach (var line in lines(number, document.PageCount))
            {
                foot.DrawString(line, Small, XBrushes.Black, Margin, at);
                at += 11;
            }
        }
    }

    private void Write(string text, XFont font, double left, double height, XBrush brush)
    {
        foreach (var line in Broken(text, font, Right - left))
        {
            Room(height);
            page.DrawString(line, font, brush, left, y + height - 3);
            y += height;
        }
    }

    private void Room(double height)
    {
        if (y + height <= page.PageSize.Height - Margin - FootHeight)
            return;
        page.Dispose();
        page = NewPage();
    }

    private XGraphics NewPage()
    {
        var added = document.AddPage();
        added.Size = PdfSharp.PageSize.A4;
        y = Margin;
        return XGraphics.FromPdfPage(added);
    }

    // At spaces; a word that is longer than a line, anywhere.
    private List<string> Broken(string text, XFont font, double width)
    {
        List<string> lines = [];
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (Fits(longer))
            {
                line = longer;
                continue;
            }

            if (line.Length > 0)
                lines.Add(line);
            line = word;
            while (!Fits(line))
            {
                var most = line.Length - 1;
                while (most > 1 && !Fits(line[..most]))
                    most--;
                lines.Add(line[..most]);
                line = line[most..];
            }
        }

        if (line.Length > 0)
            lines.Add(line);
        return lines;

        bool Fits(string part) => part.Length <= 1 || page.MeasureString(part, font).Width <= width;
    }
}
