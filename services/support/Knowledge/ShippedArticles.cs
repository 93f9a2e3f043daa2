using System.Reflection;
using Cdr.Contracts.Support;

namespace Cdr.Support.Knowledge;

/// <summary>
/// The first articles, which came with the service: published at the first start that has them, once. What the hotline made of them since
/// stays; one that it withdrew does not come back.
/// </summary>
internal sealed partial class ShippedArticles(ArticleWriting writing, TimeProvider clock, ILogger<ShippedArticles> log) : BackgroundService
{
    private const string Folder = "articles/";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    /// <summary>By the name of their file: its topic, a dash, and what it is about.</summary>
    public static IReadOnlyDictionary<string, ArticleText> All { get; } = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToDictionary(name => name[Folder.Length..], Read, StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var (name, text) in All)
        {
            while (!await AddAsync(name, text, stoppingToken))
                await Task.Delay(Again, clock, stoppingToken);
        }
    }

    private async Task<bool> AddAsync(string name, ArticleText text, CancellationToken cancellationToken)
    {
        try
        {
            await writing.AddAsync(text, ArticleWriting.Service, cancellationToken, shipped: name);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The store may not be there, or not be migrated, yet.
            Log.Later(log, name, e.GetType().Name);
            return false;
        }
    }

    private static ArticleText Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        var lines = reader.ReadToEnd().Split('\n', 2);
        return new ArticleText { Topic = Enum.Parse<ArticleTopic>(name[Folder.Length..].Split('-')[0], ignoreCase: true), Title = lines[0].TrimStart('#', ' ').Trim(), Markdown = lines[1].Trim() };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Article {Name} could not be imported ({Error}): tried again in a moment.")]
        public static partial void Later(ILogger logger, string name, string error);
    }
}
