using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.MailNews;

/// <summary>Writes down who is owed what was announced: who subscribed, once each, however often it is told.</summary>
internal sealed class MailNews(IDbContextFactory<SupportDb> contexts, IOptions<MailOptions> options, MailBell bell, TimeProvider clock) : IConsumer<NewsPublished>
{
    private const int AtOnce = 500;

    public async Task Consume(ConsumeContext<NewsPublished> context)
    {
        if (!options.Value.IsOn)
            return;
        var (news, cancellationToken) = (context.Message, context.CancellationToken);
        var (now, what, after) = (clock.GetUtcNow(), JsonNamingPolicy.CamelCase.ConvertName(context.Message.Kind.ToString()), Guid.Empty);
        var from = NewsMail.ShownFrom(news.Kind, news.From, now);
        while (true)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var part = await db.MailAddresses.AsNoTracking().Where(row => row.Id > after && row.News != MailWhen.Never && row.Until > now).OrderBy(row => row.Id).Take(AtOnce).ToListAsync(cancellationToken);
            var subjects = part.ConvertAll(row => row.Subject);
            var owed = await db.Mails.Where(row => row.Message == news.Id && subjects.Contains(row.Recipient)).Select(row => row.Recipient).ToListAsync(cancellationToken);
            foreach (var row in part.Where(row => !owed.Contains(row.Subject)))
            {
                if (MailBook.When(row, what, from) is { } when)
                    db.Mails.Add(new MailRow { Id = Guid.CreateVersion7(now), Message = news.Id, Recipient = row.Subject, Announcement = news.Announcement, Event = what, At = from, DueAt = when.At, Digest = when.Digest });
            }

            // Told at the same moment to another replica: the unique key refuses the second, which is retried and finds the first.
            await db.SaveChangesAsync(cancellationToken);
            if (part.Count < AtOnce)
                break;
            after = part[^1].Id;
        }

        bell.Ring();
    }
}

internal sealed class MailNewsDefinition : ConsumerDefinition<MailNews>
{
    public MailNewsDefinition() => EndpointName = "support-mail-news";
}
