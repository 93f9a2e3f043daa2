using System.Buffers.Binary;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Search;

/// <summary>
/// Words as keyed numbers of sixteen bits, titles apart from replies. Without the key nothing is known of a number; with the whole table,
/// that two tickets share one of the many words that have it. What is found is read again before it is shown.
/// </summary>
internal sealed class SearchIndex([FromKeyedServices(SupportModule.StoreName)] Pseudonyms keyed, TicketText text)
{
    private const string Title = "ticket-search-title";
    private const string Reply = "ticket-search-reply";

    public int Key => keyed.ActiveKey;

    /// <summary>The numbers that a word may stand under: of both kinds, of every live key.</summary>
    public IReadOnlyList<int> Numbers(string word) => [.. keyed.AllOf(Title, word).Concat(keyed.AllOf(Reply, word)).Select(one => Number(one.Pseudonym)).Distinct()];

    /// <summary>Brings a ticket's numbers up to its last entry.</summary>
    public async Task WriteAsync(SupportDb db, Guid id, CancellationToken cancellationToken)
    {
        if (await db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket)
            return;
        var mark = await db.SearchMarks.FirstOrDefaultAsync(row => row.Ticket == id, cancellationToken);
        if (mark is not null && mark.Entry >= ticket.Version && mark.Key == Key)
            return;
        var after = mark is not null && mark.Key == Key ? mark.Entry : 0;
        var entries = await Public(db, id).Where(row => row.Number > after && row.Number <= ticket.Version).Select(row => new { row.Id, row.Text }).ToListAsync(cancellationToken);
        var numbers = entries.SelectMany(entry => SearchText.Words(text.OpenWords(entry.Id, entry.Text!))).Select(word => Number(keyed.Of(Reply, word)));
        if (after == 0)
            numbers = numbers.Concat(SearchText.Words(text.OpenTitle(id, ticket.Title)).Select(word => Number(keyed.Of(Title, word))));
        // Whoever has the key of then knows words by its numbers.
        if (mark is not null && mark.Key != Key)
            await db.SearchTokens.Where(row => row.Ticket == id).ExecuteDeleteAsync(cancellationToken);
        var known = await db.SearchTokens.Where(row => row.Ticket == id).Select(row => row.Token).ToListAsync(cancellationToken);
        db.SearchTokens.AddRange(numbers.Distinct().Except(known).Order().Select(number => new SearchTokenRow { Token = number, Ticket = id }));
        if (mark is null)
            db.SearchMarks.Add(new SearchMarkRow { Ticket = id, Entry = ticket.Version, Key = Key });
        else
            (mark.Entry, mark.Key) = (ticket.Version, Key);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Whether it has all the words indeed: a number stands for many.</summary>
    public async Task<bool> HasAsync(SupportDb db, TicketRow ticket, IReadOnlySet<string> words, CancellationToken cancellationToken)
    {
        var missing = words.Except(SearchText.Words(text.OpenTitle(ticket.Id, ticket.Title))).ToHashSet(StringComparer.Ordinal);
        if (missing.Count == 0)
            return true;
        foreach (var entry in await Public(db, ticket.Id).Select(row => new { row.Id, row.Text }).ToListAsync(cancellationToken))
            missing.ExceptWith(SearchText.Words(text.OpenWords(entry.Id, entry.Text!)));
        return missing.Count == 0;
    }

    // What everybody who sees the ticket reads: nobody finds it by words that they may not read.
    private static IQueryable<EntryRow> Public(SupportDb db, Guid ticket) => db.Entries.AsNoTracking().Where(row => row.Ticket == ticket && row.Readers == EntryReaders.All && row.Text != null);

    private static int Number(byte[] pseudonym) => BinaryPrimitives.ReadUInt16BigEndian(pseudonym);
}
