using System.Net;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace Cdr.Portal.Knowledge;

/// <summary>
/// Markdown as HTML that can do nothing: no HTML of the author's, no picture (it would tell another server who reads), links to
/// <c>http</c>, <c>https</c> or a path of this site alone. What is not allowed is shown as text.
/// </summary>
internal static class ArticleHtml
{
    private const int LastLevel = 6;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    /// <param name="markdown">What was written.</param>
    /// <param name="firstLevel">Of its headings: « # » and « ## » are that, others follow.</param>
    public static MarkupString Of(string markdown, int firstLevel)
    {
        try
        {
            var document = Markdown.Parse(markdown, Pipeline);
            foreach (var heading in document.Descendants<HeadingBlock>())
                heading.Level = Math.Min(LastLevel, Math.Max(0, heading.Level - 2) + firstLevel);
            foreach (var link in document.Descendants<LinkInline>().ToList())
                Tame(link);
            foreach (var link in document.Descendants<AutolinkInline>().Where(link => link.IsEmail || !IsAllowed(link.Url)).ToList())
                link.ReplaceBy(new LiteralInline(link.Url));
            return new MarkupString(document.ToHtml(Pipeline));
        }
        catch (ArgumentException)
        {
            // Nested deeper than is followed: no text for people.
            return new MarkupString($"<p>{WebUtility.HtmlEncode(markdown)}</p>");
        }
    }

    internal static bool IsAllowed(string? address) =>
        address is { Length: > 0 } && !address.Any(one => char.IsControl(one) || char.IsWhiteSpace(one) || one == '\\')
        && (address[0] == '/' ? address.Length == 1 || address[1] != '/' : Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp));

    private static void Tame(LinkInline link)
    {
        if (!link.IsImage && IsAllowed(link.GetDynamicUrl?.Invoke() ?? link.Url))
        {
            if (link.Url is not ['/', ..])
                link.GetAttributes().AddProperty("rel", "noopener noreferrer");
            return;
        }

        link.ReplaceBy(new ContainerInline(), copyChildren: true);
    }
}
