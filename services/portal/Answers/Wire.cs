using System.Text.Json;

namespace Cdr.Portal.Answers;

/// <summary>The names that outcomes have on the wire, for the page's own marks.</summary>
internal static class Wire
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
