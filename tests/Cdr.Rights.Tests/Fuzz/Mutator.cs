using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>Damages a document that is right: its structure first, then its bytes. The same random numbers make the same damage.</summary>
internal sealed class Mutator(Random random)
{
    // Serialised, it becomes the name of a member that is there twice.
    private const string Again = "again§";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };

    private static readonly string[] Words =
    [
        "", " ", "0", "1", "-1", "true", "null", "INCONNU", "TROUVE", "UNKNOWN", "FOUND", "MUTE", "PLUSIEURS", "FERME", "ERREUR", "2550814168025",
        "2790351215189", "1850575113999", "9999-12-31", "31/12/9999", "99991231", "31129999", "0001-01-01", "2026-02-30", "1950-20-00",
        "00/00/0000", "2024-12-31T23:59:59+14:00", "1e400", "٢٠٢٠-٠١-٠١", "\u0000", "\uFFFD", "\u202EINCONNU", "é\u0301", "<a>&b;</a>", "#insured",
        "#beneficiary", "cancelled", "entered-in-error", "error", "cnam", "msa", "13", "ALD13", "C2S1", "AME",
    ];

    public byte[] Json(byte[] body)
    {
        try
        {
            var root = new JsonObject { ["root"] = JsonNode.Parse(body) };
            for (var times = random.Next(3) + 1; times > 0; times--)
                Change(root);
            var text = root["root"]?.ToJsonString(Plain) ?? "null";
            return Bytes(Encoding.UTF8.GetBytes(text.Replace(Again, "", StringComparison.Ordinal)));
        }
        catch (Exception unwritable) when (unwritable is JsonException or InvalidOperationException or ArgumentException)
        {
            // Too deep for the writer, or not JSON to begin with: its bytes are still there to be damaged.
            return Bytes(body);
        }
    }

    public byte[] Xml(byte[] body, Encoding encoding)
    {
        try
        {
            var document = XDocument.Parse(encoding.GetString(body));
            for (var times = random.Next(3) + 1; times > 0; times--)
                Change(document);
            return Bytes(encoding.GetBytes($"{document.Declaration}{document.ToString(SaveOptions.DisableFormatting)}"));
        }
        catch (Exception unwritable) when (unwritable is System.Xml.XmlException or ArgumentException)
        {
            return Bytes(body);
        }
    }

    /// <summary>Three times in four as it was.</summary>
    public byte[] Bytes(byte[] body)
    {
        if (random.Next(4) != 0 || body.Length == 0)
            return body;
        var (at, length) = (random.Next(body.Length), random.Next(1, 40));
        var end = Math.Min(body.Length, at + length);
        return random.Next(7) switch
        {
            0 => body[..at],
            1 => [.. body[..at], .. body[end..]],
            2 => [.. body[..end], .. body[at..]],
            3 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
            4 => [.. Encoding.UTF8.Preamble, .. body],
            5 => [.. body, .. body[at..end]],
            _ => [.. body[..at], .. Encoding.UTF8.GetBytes(Word()), .. body[at..]],
        };
    }

    /// <summary>For the message of a failure.</summary>
    public static string Shown(byte[] body) => Encoding.UTF8.GetString(body) is { Length: > 3000 } text ? text[..3000] : Encoding.UTF8.GetString(body);

    public T One<T>(params ReadOnlySpan<T> of) => of[random.Next(of.Length)];

    public bool Sometimes(int oneIn) => random.Next(oneIn) == 0;

    private string Word() => random.Next(20) switch
    {
        0 => new string('9', random.Next(10_000)),
        1 => new string((char)random.Next(1, 0xD800), random.Next(1, 60)),
        2 => DateOnly.FromDayNumber(random.Next(3_650_000)).ToString(One("yyyy-MM-dd", "dd/MM/yyyy", "yyyyMMdd", "ddMMyyyy"), CultureInfo.InvariantCulture),
        _ => One(Words),
    };

    private void Change(JsonObject root)
    {
        var all = All(root).ToList();
        var node = all[random.Next(all.Count)];
        var other = all[random.Next(all.Count)];
        switch (random.Next(9))
        {
            case 0 when node.Parent is JsonObject parent && parent != root:
                parent.Remove(node.GetPropertyName());
                break;
            case 0 when node.Parent is JsonArray parent:
                parent.Remove(node);
                break;
            case 1 when node.Parent is JsonObject parent && parent != root:
                parent.TryAdd(Again + node.GetPropertyName(), random.Next(2) == 0 ? node.DeepClone() : JsonValue.Create(Word()));
                break;
            case 1 when node.Parent is JsonArray parent:
                parent.Insert(random.Next(parent.Count), node.DeepClone());
                break;
            case 2:
                var (one, two) = (node.DeepClone(), other.DeepClone());
                node.ReplaceWith(two);
                if (other.Parent is not null)
                    other.ReplaceWith(one);
                break;
            case 3:
                node.ReplaceWith(Value());
                break;
            case 4:
                JsonNode deep = node.DeepClone();
                for (var depth = random.Next(1, 100); depth > 0; depth--)
                    deep = random.Next(2) == 0 ? new JsonArray(deep) : new JsonObject { ["a"] = deep };
                node.ReplaceWith(deep);
                break;
            case 5 when node is JsonObject members:
                members.TryAdd(One("statut", "status", "dossier", "dossiers", "error", "excluded", "inforce", "modifierExtension", "text", "fin", "a"), Value());
                break;
            case 6 when node is JsonObject members && All(root).Select(Name).OfType<string>().ToList() is { Count: > 0 } names:
                members.TryAdd(names[random.Next(names.Count)], other.DeepClone());
                break;
            case 7 when node is JsonArray list:
                list.Add(other.DeepClone());
                break;
            default:
                if (node is JsonValue)
                    node.ReplaceWith(JsonValue.Create(Word()));
                break;
        }
    }

    private static string? Name(JsonNode node) => node.Parent is JsonObject ? node.GetPropertyName() : null;

    private JsonNode? Value() => random.Next(7) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next()),
        2 => JsonValue.Create(random.NextDouble() * 1e300),
        3 => JsonValue.Create(random.Next(2) == 0),
        4 => new JsonArray(),
        5 => new JsonObject(),
        _ => JsonValue.Create(Word()),
    };

    private static IEnumerable<JsonNode> All(JsonNode root)
    {
        var children = root switch
        {
            JsonObject members => members.Select(one => one.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>())
        {
            yield return child;
            foreach (var deeper in All(child))
                yield return deeper;
        }
    }

    private void Change(XDocument document)
    {
        var all = document.Descendants().Skip(1).ToList();
        if (all.Count == 0)
            return;
        var element = all[random.Next(all.Count)];
        var other = all[random.Next(all.Count)];
        switch (random.Next(9))
        {
            case 0:
                element.Remove();
                break;
            case 1:
                element.AddAfterSelf(new XElement(element));
                break;
            case 2:
                var (one, two) = (new XElement(element), new XElement(other));
                element.ReplaceWith(two);
                if (other.Parent is not null)
                    other.ReplaceWith(one);
                break;
            case 3:
                element.Name = random.Next(2) == 0 ? other.Name : element.Name.LocalName;
                break;
            case 4:
                var deep = new XElement(element);
                for (var depth = random.Next(1, 100); depth > 0; depth--)
                    deep = new XElement(element.Name, deep);
                element.ReplaceWith(deep);
                break;
            case 5:
                element.Add(new XElement(other));
                break;
            case 6:
                element.SetAttributeValue(XName.Get(One("nil", "type", "a"), "http://www.w3.org/2001/XMLSchema-instance"), "true");
                break;
            default:
                if (!element.HasElements || random.Next(4) == 0)
                    element.Value = string.Concat(Word().Where(System.Xml.XmlConvert.IsXmlChar));
                break;
        }
    }
}
