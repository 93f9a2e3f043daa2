using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Knowledge;

/// <summary>
/// Finds published articles by their words: PostgreSQL's full text, French, on folded words. Embedded there are a few dozen articles: each is
/// looked through, words by their stem's beginning.
/// </summary>
internal sealed class ArticleSearching([FromKeyedServices(SupportModule.StoreName)] Cdr.ServiceDefaults.Stores.Store store)
{
    /// <summary>As the index of the migration says it: another one is not used.</summary>
    public const string Language = "french";

    private const int Most = 50;
    private const int Stem = 5;
    private const double Likelier = 0.5;

    /// <summary>The best first.</summary>
    /// <param name="db">The store.</param>
    /// <param name="words">From <see cref="SearchWords"/>.</param>
    /// <param name="all">Each word must be there; otherwise one is enough, and more are better.</param>
    /// <param name="likely">Topics that come before others where the words say the same.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<ArticleRow>> FindAsync(SupportDb db, IReadOnlyList<string> words, bool all, IReadOnlyList<ArticleTopic> likely, CancellationToken cancellationToken)
    {
        if (words.Count == 0)
            return [];
        var published = db.Articles.AsNoTracking().Where(row => row.State == ArticleState.Published);
        if (store.IsEmbedded)
        {
            var rows = await published.ToListAsync(cancellationToken);
            return [.. rows.Select(row => (Row: row, Score: Score(row, words, all))).Where(one => one.Score > 0)
                .OrderByDescending(one => one.Score + (likely.Contains(one.Row.Topic) ? Likelier : 0)).ThenBy(one => one.Row.Title, StringComparer.Ordinal).Take(Most).Select(one => one.Row)];
        }

        // A stem of the server's may be longer than what another form of the word has in common with it.
        var query = string.Join(all ? " & " : " | ", words.Select(word => word.Length > Stem ? $"({word}:* | {word[..Math.Max(Stem, word.Length - 2)]}:*)" : word + ":*"));
        var found = await published.Where(row => EF.Functions.ToTsVector(Language, row.Words).Matches(EF.Functions.ToTsQuery(Language, query)))
            .OrderByDescending(row => EF.Functions.ToTsVector(Language, row.Words).Rank(EF.Functions.ToTsQuery(Language, query))).ThenBy(row => row.Title).Take(Most).ToListAsync(cancellationToken);
        return [.. found.OrderByDescending(row => Score(row, words, all: false) + (likely.Contains(row.Topic) ? Likelier : 0))];
    }

    // The title says more than the text.
    private static double Score(ArticleRow row, IReadOnlyList<string> words, bool all)
    {
        var (title, text) = (Padded(SearchWords.Fold(row.Title)), Padded(row.Words));
        var score = 0d;
        foreach (var word in words)
        {
            var start = " " + (word.Length > Stem ? word[..Stem] : word);
            var found = (title.Contains(start, StringComparison.Ordinal) ? 2d : 0d) + (text.Contains(start, StringComparison.Ordinal) ? 1d : 0d);
            if (found == 0 && all)
                return 0;
            score += found;
        }

        return score;
    }

    private static string Padded(string folded) => " " + folded;
}
