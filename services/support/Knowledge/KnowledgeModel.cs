using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Knowledge;

internal static class KnowledgeModel
{
    public static readonly string[] AppendOnly = ["article_versions", "article_acts"];

    public static void AddKnowledge(this ModelBuilder model)
    {
        model.Entity<ArticleRow>(article =>
        {
            article.ToTable("articles").HasKey(one => one.Id);
            article.Property(one => one.Id).ValueGeneratedNever();
            article.Property(one => one.Acts).IsConcurrencyToken();
            article.HasIndex(one => one.Shipped).IsUnique();
            // A ticket becomes one article, however often it is asked for.
            article.HasIndex(one => one.Ticket).IsUnique();
        });
        model.Entity<ArticleVersionRow>().ToTable("article_versions").HasKey(one => new { one.Article, one.Number });
        model.Entity<ArticleActRow>().ToTable("article_acts").HasKey(one => new { one.Article, one.Number });
        model.Entity<ArticleVoteRow>().ToTable("article_votes").HasKey(one => new { one.Article, one.Version, one.Subject });
    }
}
