using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>
/// A stand-in for the small part of Helm's template language that the chart allows itself: if, else, range over a map or list with both
/// names, define, include, a chart's files, and the functions of <see cref="TemplateFunctions"/>. Everything else is refused.
/// </summary>
/// <param name="files">What <c>.Files.Get</c> finds, by its path in the chart.</param>
internal sealed class Template(Func<string, string> files)
{
    private readonly Dictionary<string, IReadOnlyList<TemplatePart>> defined = new(StringComparer.Ordinal);

    /// <summary>Keeps what a file defines.</summary>
    public void Define(string text)
    {
        var parts = TemplateParts.Of(text);
        for (var at = 0; at < parts.Count; at++)
        {
            if (!parts[at].IsAction)
                continue;
            if (TemplateParts.Words(parts[at].Text) is not ["define", var name])
                throw new UnknownTemplateException("anything beside « define » in a file of definitions");
            var end = End(parts, at, out _);
            defined.Add(JsonSerializer.Deserialize<string>(name)!, [.. parts.Skip(at + 1).Take(end - at - 1)]);
            at = end;
        }
    }

    public string Render(string text, object scope)
    {
        var output = new StringBuilder();
        Write(output, TemplateParts.Of(text), new Scope(scope, scope, new Dictionary<string, object?>(StringComparer.Ordinal)));
        return output.ToString();
    }

    private void Write(StringBuilder output, IReadOnlyList<TemplatePart> parts, Scope scope)
    {
        for (var at = 0; at < parts.Count; at++)
        {
            var part = parts[at];
            if (!part.IsAction)
            {
                output.Append(part.Text);
                continue;
            }

            if (part.Text.StartsWith("/*", StringComparison.Ordinal))
                continue;
            var words = TemplateParts.Words(part.Text);
            switch (words)
            {
                case ["if", ..]:
                {
                    var end = End(parts, at, out var otherwise);
                    var isTrue = TemplateFunctions.IsTrue(Value(words.Skip(1), scope));
                    var (from, to) = isTrue ? (at + 1, otherwise ?? end) : otherwise is { } other ? (other + 1, end) : (end, end);
                    Write(output, [.. parts.Skip(from).Take(to - from)], scope);
                    at = end;
                    break;
                }

                case ["range", ['$', ..] key, ",", ['$', ..] value, ":=", ..]:
                {
                    var end = End(parts, at, out _);
                    IReadOnlyList<TemplatePart> body = [.. parts.Skip(at + 1).Take(end - at - 1)];
                    foreach (var (one, of) in Each(Value(words.Skip(5), scope)))
                        Write(output, body, new Scope(scope.Root, of, new Dictionary<string, object?>(scope.Names, StringComparer.Ordinal) { [key] = one, [value] = of }));
                    at = end;
                    break;
                }

                case [_, ":=", ..] or ["else" or "end" or "with" or "range" or "define" or "template" or "block", ..]:
                    throw new UnknownTemplateException($"« {part.Text} » here");
                default:
                    output.Append(TemplateFunctions.Text(Value(words, scope)));
                    break;
            }
        }
    }

    private static int End(IReadOnlyList<TemplatePart> parts, int from, out int? otherwise)
    {
        otherwise = null;
        var depth = 0;
        for (var at = from + 1; at < parts.Count; at++)
        {
            if (!parts[at].IsAction)
                continue;
            var words = parts[at].Text.Split(' ');
            if (words[0] is "if" or "range" or "define" or "with" or "block")
                depth++;
            else if (words[0] == "else" && depth == 0)
                otherwise = words.Length == 1 && otherwise is null ? at : throw new UnknownTemplateException($"« {parts[at].Text} »");
            else if (words[0] == "end" && depth-- == 0)
                return at;
        }

        throw new InvalidOperationException($"« {parts[from].Text} » has no end.");
    }

    private static IEnumerable<(object? Key, object? Value)> Each(object? many) => many switch
    {
        // As Go does: maps in the order of their keys.
        IDictionary map => map.Keys.Cast<string>().Order(StringComparer.Ordinal).Select(key => ((object?)key, map[key])),
        IList list => list.Cast<object?>().Select((one, index) => ((object?)(long)index, one)),
        _ => throw new UnknownTemplateException("range over " + many?.GetType().Name),
    };

    private object? Value(IEnumerable<string> words, Scope scope)
    {
        var queue = new Queue<string>(words);
        var value = Pipeline(queue, scope);
        return queue.Count == 0 ? value : throw new UnknownTemplateException($"« {queue.Peek()} » there");
    }

    private object? Pipeline(Queue<string> words, Scope scope)
    {
        var value = Command(words, scope, []);
        while (words.TryPeek(out var bar) && bar == "|")
        {
            words.Dequeue();
            value = Command(words, scope, [value]);
        }

        return value;
    }

    private object? Command(Queue<string> words, Scope scope, object?[] last)
    {
        if (words.TryPeek(out var method) && method is ".Files.Get" or "$.Files.Get")
        {
            words.Dequeue();
            return files((string)Operand(words, scope)!);
        }

        var isCall = words.TryPeek(out var first) && char.IsLower(first[0]) && first is not ("true" or "false");
        var name = isCall ? words.Dequeue() : null;
        List<object?> given = [];
        while (words.TryPeek(out var next) && next is not ("|" or ")"))
            given.Add(Operand(words, scope));
        if (name is not null)
            return TemplateFunctions.Call(name, [.. given, .. last], Include);
        return given.Count == 1 && last.Length == 0 ? given[0] : throw new UnknownTemplateException("a value that is called");
    }

    private object? Operand(Queue<string> words, Scope scope)
    {
        var word = words.Dequeue();
        if (word == "(")
        {
            var inner = Pipeline(words, scope);
            return words.TryDequeue(out var close) && close == ")" ? inner : throw new InvalidOperationException("A bracket is not closed.");
        }

        if (word[0] == '"')
            return JsonSerializer.Deserialize<string>(word);
        if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        if (word is "true" or "false")
            return word == "true";
        if (word == ".")
            return scope.Here;
        var path = word.Split('.');
        var start = path[0] switch
        {
            "" => scope.Here,
            "$" => scope.Root,
            ['$', ..] => scope.Names.TryGetValue(path[0], out var named) ? named : throw new InvalidOperationException($"{path[0]} has no value."),
            _ => throw new UnknownTemplateException($"« {word} »"),
        };
        return path.Skip(1).Aggregate(start, TemplateFunctions.Of);
    }

    private string Include(string name, object? scope)
    {
        var output = new StringBuilder();
        Write(output, defined.TryGetValue(name, out var parts) ? parts : throw new InvalidOperationException($"« {name} » is not defined."), new Scope(scope, scope, new Dictionary<string, object?>(StringComparer.Ordinal)));
        return output.ToString();
    }

    private sealed record Scope(object? Root, object? Here, Dictionary<string, object?> Names);
}
