using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Cdr.Portal.Figures;

/// <summary>A curve.</summary>
/// <param name="Name">For its legend.</param>
/// <param name="Values">One for each place of the axis; null: nothing is known there.</param>
public sealed record Curve(string Name, IReadOnlyList<double?> Values);

/// <summary>A bar.</summary>
/// <param name="Label">Before it.</param>
/// <param name="Value">Null: not shown.</param>
/// <param name="Said">Its value as it is said.</param>
internal sealed record Bar(string Label, double? Value, string Said);

/// <summary>
/// Drawings, made here: a page of figures needs no script. Curves are told apart by their dashes and marks, bars by their labels: none of it
/// by a colour alone, so that paper and a grey screen show the same.
/// </summary>
internal static class Drawing
{
    private const int Width = 960, Height = 300, Left = 72, Right = 18, Top = 16, Bottom = 40;
    private const int BarHeight = 26, BarLeft = 270, BarRight = 120;

    /// <summary>Curves over one axis.</summary>
    /// <param name="name">Said instead of the drawing.</param>
    /// <param name="places">Names of the places of the axis, as many as each curve has values.</param>
    /// <param name="curves">The first is the one that matters.</param>
    /// <param name="said">How a value is said.</param>
    /// <param name="most">End of the axis; null: above the highest value.</param>
    public static MarkupString Curves(string name, IReadOnlyList<string> places, IReadOnlyList<Curve> curves, Func<double, string> said, double? most = null)
    {
        var (step, end) = Axis(most ?? curves.SelectMany(curve => curve.Values).Max() ?? 0, most);
        var marked = places.Count <= 62;
        var svg = Begin(name, Height);
        for (var tick = 0.0; tick <= end + step / 2; tick += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{N(Y(tick))}\" y2=\"{N(Y(tick))}\"/>");
            Text(svg, Left - 8, Y(tick) + 5, "end", said(tick));
        }

        // As many names as can be read.
        var every = Math.Max(1, (int)Math.Ceiling(places.Count / 13.0));
        for (var at = 0; at < places.Count; at += every)
            Text(svg, X(at), Height - 14, "middle", places[at]);

        foreach (var (index, curve) in curves.Index().Reverse())
        {
            var points = curve.Values.Index().Where(one => one.Item is not null).Select(one => (one.Index, Value: one.Item!.Value)).ToList();
            // A place of which nothing is known is a gap, and not a straight line across it.
            var last = -2;
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"curve curve-{index}\" d=\"");
            foreach (var (at, value) in points)
            {
                svg.Append(last == at - 1 ? 'L' : 'M').Append(N(X(at))).Append(' ').Append(N(Y(value)));
                last = at;
            }

            svg.Append("\"/>");
            if (!marked)
                continue;
            foreach (var (at, value) in points)
                svg.Append(Mark(index, X(at), Y(value), $"{places[at]} – {curve.Name}{'\u00a0'}: {said(value)}"));
        }

        return new MarkupString(svg.Append("</svg>").ToString());

        double X(int at) => places.Count < 2 ? (Left + Width - Right) / 2.0 : Left + 12 + (Width - Left - Right - 24.0) * at / (places.Count - 1);

        double Y(double value) => Height - Bottom - (Height - Bottom - Top) * (end == 0 ? 0 : value / end);
    }

    /// <summary>Bars, one beneath another.</summary>
    public static MarkupString Bars(string name, IReadOnlyList<Bar> bars)
    {
        var height = bars.Count * BarHeight + 8;
        var most = bars.Max(bar => bar.Value) ?? 0;
        var svg = Begin(name, height);
        foreach (var (index, bar) in bars.Index())
        {
            var y = 4 + index * BarHeight;
            var width = most == 0 ? 0 : (Width - BarLeft - BarRight) * (bar.Value ?? 0) / most;
            Text(svg, BarLeft - 10, y + 18, "end", bar.Label.Length > 34 ? bar.Label[..33] + "…" : bar.Label);
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar\" x=\"{BarLeft}\" y=\"{y + 3}\" width=\"{N(width)}\" height=\"{BarHeight - 7}\"><title>");
            svg.Append(WebUtility.HtmlEncode($"{bar.Label}{'\u00a0'}: {bar.Said}")).Append("</title></rect>");
            Text(svg, BarLeft + width + 8, y + 18, "start", bar.Said);
        }

        return new MarkupString(svg.Append("</svg>").ToString());
    }

    /// <summary>How far something is, of the whole.</summary>
    public static MarkupString Part(string name, double percent)
    {
        var svg = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<svg class=\"part\" preserveAspectRatio=\"xMinYMid meet\" viewBox=\"0 0 300 16\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(name)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"part-whole\" x=\"1\" y=\"1\" width=\"298\" height=\"14\"/><rect class=\"bar\" x=\"1\" y=\"1\" width=\"{N(298 * Math.Clamp(percent, 0, 100) / 100)}\" height=\"14\"/></svg>");
        return new MarkupString(svg.ToString());
    }

    /// <summary>What a curve looks like, for its legend.</summary>
    public static MarkupString Sample(int index) => new(
        $"<svg class=\"sample\" viewBox=\"0 0 44 14\" aria-hidden=\"true\"><path class=\"curve curve-{index.ToString(CultureInfo.InvariantCulture)}\" d=\"M1 7L43 7\"/>{Mark(index, 22, 7, null)}</svg>");

    /// <summary>Words at a place of a drawing. Razor has a meaning of its own for this element.</summary>
    public static MarkupString Words(double x, double y, string words)
    {
        var svg = new StringBuilder();
        Text(svg, x, y, "start", words);
        return new MarkupString(svg.ToString());
    }

    /// <summary>A number of an attribute, whatever the language.</summary>
    public static string N(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);

    private static StringBuilder Begin(string name, int height) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"<svg class=\"drawing\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(name)}\">");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string words) =>
        svg.Append("<text x=\"").Append(N(x)).Append("\" y=\"").Append(N(y)).Append("\" text-anchor=\"").Append(anchor).Append("\">").Append(WebUtility.HtmlEncode(words)).Append("</text>");

    // Full circle, hollow square, full triangle, hollow circle.
    private static string Mark(int index, double x, double y, string? title)
    {
        var inside = title is null ? "" : $"<title>{WebUtility.HtmlEncode(title)}</title>";
        var place = index.ToString(CultureInfo.InvariantCulture);
        return (index % 4) switch
        {
            0 => $"<circle class=\"mark mark-{place}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"4.5\">{inside}</circle>",
            1 => $"<rect class=\"mark mark-{place}\" x=\"{N(x - 4)}\" y=\"{N(y - 4)}\" width=\"8\" height=\"8\">{inside}</rect>",
            2 => $"<path class=\"mark mark-{place}\" d=\"M{N(x)} {N(y - 5.5)}l5.5 10h-11z\">{inside}</path>",
            _ => $"<circle class=\"mark mark-{place}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"4\">{inside}</circle>",
        };
    }

    // Four to six lines, at numbers that are easily said.
    private static (double Step, double End) Axis(double highest, double? most)
    {
        if (highest <= 0)
            return (1, 1);
        var raw = highest / 5;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = (raw / unit) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * unit;
        return (step, most ?? Math.Ceiling(highest / step) * step);
    }
}
