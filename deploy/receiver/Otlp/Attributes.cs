using System.Globalization;

namespace Cdr.Receiver.Otlp;

/// <summary>Key and value, as a resource, a point and a span have them.</summary>
internal static class Attributes
{
    public static Dictionary<string, string> Of(List<WireField> message, int number)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal);
        foreach (var pair in message.Within(number))
            all[pair.Of(1)?.Text ?? ""] = Value(pair.Within(2).SingleOrDefault() ?? []);
        return all;
    }

    // Text, truth, whole, real; what is made of several is of no use here.
    private static string Value(List<WireField> value) => value switch
    {
        [{ Number: 1 } text] => text.Text,
        [{ Number: 2 } truth] => truth.Value == 1 ? "true" : "false",
        [{ Number: 3 } whole] => ((long)whole.Value).ToString(CultureInfo.InvariantCulture),
        [{ Number: 4 } real] => real.Double.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };
}
