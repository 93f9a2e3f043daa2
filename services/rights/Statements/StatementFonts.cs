using PdfSharp.Fonts;

namespace Cdr.Rights.Statements;

/// <summary>DejaVu Sans out of this program: a bare machine has no fonts, and a statement looks the same everywhere. Its licence is beside it.</summary>
internal sealed class StatementFonts : IFontResolver
{
    public const string Family = "DejaVu Sans";

    private const string Regular = "DejaVuSans";
    private const string Bold = "DejaVuSans-Bold";

    public byte[]? GetFont(string faceName)
    {
        using var stream = typeof(StatementFonts).Assembly.GetManifestResourceStream(faceName + ".ttf");
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public FontResolverInfo ResolveTypeface(string familyName, bool bold, bool italic) => new(bold ? Bold : Regular);
}
