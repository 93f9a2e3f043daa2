using System.Text.Json;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>A JSON body under canonical names.</summary>
internal static class JsonTree
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <exception cref="UnreadableAnswerException">A name the dialect does not have.</exception>
    /// <exception cref="JsonException">Not one JSON document.</exception>
    public static WireNode Read(byte[] body, WireNames names)
    {
        using var document = JsonDocument.Parse(body, Strict);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? Members(document.RootElement, names)
            : throw new UnreadableAnswerException("corps");
    }

    private static WireNode Members(JsonElement element, WireNames names)
    {
        var node = WireNode.OfMembers(emptyListsAreWritten: true);
        foreach (var property in element.EnumerateObject())
        {
            var name = names.Canonical(property.Name);
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    node.AddNull(name);
                    break;
                case JsonValueKind.Array:
                    node.AddList(name, [.. property.Value.EnumerateArray().Select(one => Value(one, names))]);
                    break;
                default:
                    node.Add(name, Value(property.Value, names));
                    break;
            }
        }

        return node;
    }

    private static WireNode Value(JsonElement element, WireNames names) => element.ValueKind switch
    {
        JsonValueKind.Object => Members(element, names),
        JsonValueKind.String => WireNode.Of(element.GetString()!),
        JsonValueKind.Number => WireNode.Of(element.GetRawText()),
        JsonValueKind.True => WireNode.Of("true"),
        JsonValueKind.False => WireNode.Of("false"),
        _ => throw new UnreadableAnswerException("corps"),
    };
}
