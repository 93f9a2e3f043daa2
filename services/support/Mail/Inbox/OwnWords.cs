using System.Text;
using System.Text.RegularExpressions;
using MimeKit.Text;

namespace Cdr.Support.Mail.Inbox;

/// <summary>What somebody wrote themselves in an answer: not what they answer to, not their signature. Pure.</summary>
internal static class OwnWords
{
    /// <value>Stands at the head of what is sent: what is below it was ours.</value>
    public const string Marker = "Répondez au-dessus de cette ligne";

    // Without backtracking: whoever writes chooses the text.
    private const RegexOptions Linear = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private static readonly Regex[] Quotations =
    [
        // With a year: « Le médecin a écrit : » is somebody's own.
        new(@"(^|\n)(Le|On)\s[^\n]{0,100}[0-9]{4}[^\n]{0,200}(\n[^\n]{0,200}){0,2}(a\s+écrit|wrote)\s?:[ \t]*(\n|$)", Linear),
        new(@"(^|\n)(De|From)\s?:[^\n]{0,300}\n(Envoyé|Sent|Date|À|To)\s?:", Linear),
        new(@"(^|\n)(-{3,}\s?(Message d['’]origine|Original Message|Message transféré|Forwarded message)|_{10,}[ \t]*(\n|$))", Linear | RegexOptions.IgnoreCase),
        // A signature.
        new(@"(^|\n)-- ?(\n|$)", Linear),
    ];

    private static readonly Regex Spaces = new(@"\s+", Linear);

    /// <param name="text">Of the whole message.</param>
    /// <param name="inbox">Addresses of it are taken out: who has one may answer.</param>
    public static string Of(string text, string inbox)
    {
        text = text.ReplaceLineEndings("\n").Replace('\u00a0', ' ').Replace("\u200b", "", StringComparison.Ordinal);
        foreach (var quoted in Quotations)
        {
            if (quoted.Match(text) is { Success: true } found)
                text = text[..found.Index];
        }

        var lines = text.Split('\n').TakeWhile(line => !line.Contains(Marker, StringComparison.OrdinalIgnoreCase)).ToList();
        // Between quoted lines stand answers to them: only those at the end are left out.
        while (lines.Count > 0 && (lines[^1].StartsWith('>') || string.IsNullOrWhiteSpace(lines[^1])))
            lines.RemoveAt(lines.Count - 1);
        var own = string.Join('\n', lines.Select(line => line.TrimEnd()));
        var at = inbox.IndexOf('@', StringComparison.Ordinal);
        own = Regex.Replace(own, Regex.Escape(inbox[..at]) + @"\+[A-Za-z2-7]+" + Regex.Escape(inbox[at..]), "…", Linear | RegexOptions.IgnoreCase);
        return string.Concat(own.Where(one => one == '\n' || one == '\t' || !char.IsControl(one))).Trim();
    }

    /// <summary>The text of a page as somebody reads it: no script, no style, nothing that is quoted.</summary>
    public static string OfHtml(string html)
    {
        var text = new StringBuilder();
        var (hidden, quoted) = (0, 0);
        var tokenizer = new HtmlTokenizer(new StringReader(html));
        while (tokenizer.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken { Id: HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Head or HtmlTagId.Title } tag when !tag.IsEmptyElement:
                    hidden = Math.Max(0, hidden + (tag.IsEndTag ? -1 : 1));
                    break;
                case HtmlTagToken { Id: HtmlTagId.Body, IsEndTag: false }:
                    // The end of a head may be left out.
                    hidden = 0;
                    break;
                case HtmlTagToken { Id: HtmlTagId.BlockQuote } tag when !tag.IsEmptyElement:
                    quoted = Math.Max(0, quoted + (tag.IsEndTag ? -1 : 1));
                    break;
                case HtmlTagToken { Id: HtmlTagId.Br } or HtmlTagToken { IsEndTag: true, Id: HtmlTagId.P or HtmlTagId.Div or HtmlTagId.LI or HtmlTagId.TR or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 }:
                    text.Append('\n');
                    break;
                case HtmlDataToken data when hidden == 0 && quoted == 0 && token.Kind == HtmlTokenKind.Data:
                    text.Append(Spaces.Replace(data.Data, " "));
                    break;
                default:
                    break;
            }
        }

        return text.ToString();
    }
}
