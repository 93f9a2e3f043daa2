using System.Text.RegularExpressions;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>A piece of a template: text, or what stands between braces.</summary>
internal sealed record TemplatePart(string Text, bool IsAction);

/// <summary>Takes a template apart; <c>{{-</c> and <c>-}}</c> eat the white space beside them.</summary>
internal static partial class TemplateParts
{
    public static IReadOnlyList<TemplatePart> Of(string template)
    {
        List<TemplatePart> parts = [];
        var (at, eats) = (0, false);
        foreach (Match action in Actions().Matches(template))
        {
            Add(parts, template[at..action.Index], eats, action.Groups["before"].Success);
            (at, eats) = (action.Index + action.Length, action.Groups["after"].Success);
            parts.Add(new TemplatePart(action.Groups["inside"].Value.Trim(), IsAction: true));
        }

        Add(parts, template[at..], eats, false);
        return parts;
    }

    /// <summary>The words of an action: names, texts, numbers, brackets and bars.</summary>
    public static IReadOnlyList<string> Words(string action)
    {
        List<string> words = [];
        var at = 0;
        while (at < action.Length)
        {
            if (char.IsWhiteSpace(action[at]))
            {
                at++;
                continue;
            }

            var word = OneWord().Match(action, at);
            if (!word.Success || word.Index != at)
                throw new UnknownTemplateException($"« {action} »: {action[at..]}");
            words.Add(word.Value);
            at += word.Length;
        }

        return words;
    }

    private static void Add(List<TemplatePart> parts, string text, bool eatsBefore, bool eatsAfter)
    {
        if (eatsBefore)
            text = text.TrimStart();
        if (eatsAfter)
            text = text.TrimEnd();
        if (text.Length > 0)
            parts.Add(new TemplatePart(text, IsAction: false));
    }

    [GeneratedRegex(@"\{\{(?<before>-)?(?=\s|/\*|[.$(""a-z])(?<inside>.*?)(?<after>(?<=\s)-)?\}\}", RegexOptions.Singleline)]
    private static partial Regex Actions();

    [GeneratedRegex("""\G(?:"(?:[^"\\]|\\.)*"|:=|[|(),]|[$.]?[A-Za-z0-9_.$]*[A-Za-z0-9_$.])""")]
    private static partial Regex OneWord();
}

/// <summary>The chart uses more of the template language than the stand-in knows: it says nothing rather than something else than Helm.</summary>
internal sealed class UnknownTemplateException(string what) : Exception("The stand-in for Helm does not know " + what);
