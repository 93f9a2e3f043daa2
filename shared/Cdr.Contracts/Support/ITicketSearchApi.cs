using Refit;

namespace Cdr.Contracts.Support;

/// <summary>Words in tickets, among those that the caller sees.</summary>
public interface ITicketSearchApi
{
    /// <summary>Tickets whose title or public replies have all the words, newest first. 400 nothing in it can be looked for: numbers and dates never are.</summary>
    [Post("/api/support/searches")]
    Task<TicketPage> SearchAsync([Body] TicketWordSearch search, CancellationToken cancellationToken);
}

/// <summary>What is looked for: in a body and never in an address, for it may name a person.</summary>
/// <param name="Words">One to ten words; case, accents and plurals do not count.</param>
/// <param name="After">The <c>next</c> of the part before.</param>
public sealed record TicketWordSearch(string Words, Guid? After = null)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(TicketWordSearch);
}
