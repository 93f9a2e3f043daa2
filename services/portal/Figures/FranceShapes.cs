using System.Xml.Linq;

namespace Cdr.Portal.Figures;

/// <summary>A département's outline.</summary>
/// <param name="Code">Of the département.</param>
/// <param name="Path">As SVG draws it.</param>
/// <param name="IsAgain">Drawn a second time, larger.</param>
internal sealed record DepartmentShape(string Code, string Path, bool IsAgain);

/// <summary>A frame beside the map, with a scale of its own.</summary>
internal sealed record MapInset(string Name, int X, int Y, int Width, int Height);

/// <summary>The map: <c>departements.svg</c> beside this file, which says whose work it is.</summary>
internal static class FranceShapes
{
    private static readonly Lazy<XElement> Drawing = new(Read);
    private static readonly Lazy<IReadOnlyList<DepartmentShape>> Shapes = new(() =>
        [.. Elements("path").Select(path => new DepartmentShape(Text(path, "id")[1..], Text(path, "d"), Text(path, "id")[0] == 'z'))]);

    private static readonly Lazy<IReadOnlyList<MapInset>> Frames = new(() =>
        [.. Elements("rect").Select(frame => new MapInset(frame.Value, Number(frame, "x"), Number(frame, "y"), Number(frame, "width"), Number(frame, "height")))]);

    public static string ViewBox => Text(Drawing.Value, "viewBox");

    public static IReadOnlyList<DepartmentShape> All => Shapes.Value;

    public static IReadOnlyList<MapInset> Insets => Frames.Value;

    private static IEnumerable<XElement> Elements(string name) => Drawing.Value.Elements().Where(element => element.Name.LocalName == name);

    private static string Text(XElement element, string name) => (string)element.Attribute(name)!;

    private static int Number(XElement element, string name) => (int)element.Attribute(name)!;

    private static XElement Read()
    {
        using var file = typeof(FranceShapes).Assembly.GetManifestResourceStream("departements.svg")!;
        return XElement.Load(file);
    }
}
