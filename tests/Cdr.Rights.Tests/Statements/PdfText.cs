using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Content;
using PdfSharp.Pdf.Content.Objects;
using PdfSharp.Pdf.IO;

namespace Cdr.Rights.Tests.Statements;

/// <summary>The text of a PDF, page by page: what a reader copies out of it.</summary>
internal static partial class PdfText
{
    /// <summary>One text a page; what was drawn in one piece is a line.</summary>
    public static IReadOnlyList<string> Pages(byte[] pdf)
    {
        using var document = PdfReader.Open(new MemoryStream(pdf), PdfDocumentOpenMode.Import);
        return [.. Enumerable.Range(0, document.PageCount).Select(number => Page(document.Pages[number]))];
    }

    /// <summary>All of it, its lines joined by a blank: a sentence that was broken is whole again.</summary>
    public static string Flowing(byte[] pdf) => string.Join(' ', Pages(pdf)).Replace('\n', ' ');

    private static string Page(PdfPage page)
    {
        var fonts = page.Elements.GetDictionary("/Resources")!.Elements.GetDictionary("/Font")!;
        Dictionary<string, Dictionary<int, string>> maps = [];
        var current = new Dictionary<int, string>();
        List<string> lines = [];
        Walk(ContentReader.ReadContent(page));
        return string.Join('\n', lines);

        void Walk(CSequence sequence)
        {
            foreach (var one in sequence)
            {
                switch (one)
                {
                    case COperator { OpCode.OpCodeName: OpCodeName.Tf } font:
                        var name = ((CName)font.Operands[0]).Name;
                        if (!maps.TryGetValue(name, out current!))
                            maps[name] = current = Map(fonts.Elements.GetDictionary(name)!);
                        break;
                    case COperator { OpCode.OpCodeName: OpCodeName.Tj } shown:
                        lines.Add(Text(((CString)shown.Operands[0]).Value, current));
                        break;
                    case COperator { OpCode.OpCodeName: OpCodeName.TJ } shown:
                        lines.Add(string.Concat(((CArray)shown.Operands[0]).OfType<CString>().Select(part => Text(part.Value, current))));
                        break;
                    case CSequence inner:
                        Walk(inner);
                        break;
                }
            }
        }
    }

    // Two bytes a glyph.
    private static string Text(string bytes, Dictionary<int, string> map)
    {
        var text = new StringBuilder();
        for (var i = 0; i + 1 < bytes.Length; i += 2)
            text.Append(map[bytes[i] << 8 | bytes[i + 1]]);
        return text.ToString();
    }

    private static Dictionary<int, string> Map(PdfDictionary font)
    {
        var cmap = Encoding.ASCII.GetString(font.Elements.GetDictionary("/ToUnicode")!.Stream.UnfilteredValue);
        return Range().Matches(cmap).ToDictionary(
            match => int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            match => ((char)int.Parse(match.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
    }

    [GeneratedRegex(@"<([0-9A-Fa-f]{4})>\s*<[0-9A-Fa-f]{4}>\s*<([0-9A-Fa-f]{4})>")]
    private static partial Regex Range();
}
