using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>What an establishment's referent has to see to within two months.</summary>
public interface IExpiriesApi
{
    /// <summary>Of the referent's establishment; an administrator names one.</summary>
    /// <param name="establishment">FINESS géographique; for administrators.</param>
    /// <param name="trialsAfter">The last trial that was shown: those that come after it.</param>
    /// <param name="cancellationToken">Of the request.</param>
    [Get("/api/sessions/expiries")]
    Task<ExpiryList> ExpiriesAsync(string? establishment, Guid? trialsAfter, CancellationToken cancellationToken);
}

/// <summary>Leavers, cards, certificates and posts, the most urgent first.</summary>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Until">Last day looked at: in two months.</param>
/// <param name="Leavers">Whose last habilitation there ended less than two months ago, or ends until then.</param>
/// <param name="Cards">Of those who act there: cards that end until then, as last seen.</param>
/// <param name="Certificates">Of the establishment's software: nobody renews them by itself.</param>
/// <param name="Posts">That the policy cuts off until then, or has cut off.</param>
/// <param name="Trials">Of posts there, in the last two months: the last of each post and function, and the last failure of that day, those that failed first. At most 200.</param>
/// <param name="TrialsLeft">How many come after them.</param>
public sealed record ExpiryList(
    string Establishment,
    DateOnly Until,
    IReadOnlyList<Leaver> Leavers,
    IReadOnlyList<EndingCard> Cards,
    IReadOnlyList<EndingCertificate> Certificates,
    IReadOnlyList<EndingPost> Posts,
    IReadOnlyList<PostTrialEntry>? Trials = null,
    int TrialsLeft = 0);

/// <summary>Somebody who left, or leaves: their card is to be recovered and revoked, if it is the establishment's.</summary>
/// <param name="Holder">Their name; empty until they signed in.</param>
/// <param name="Role">Of the habilitation that ended last.</param>
/// <param name="LastDay">At the establishment.</param>
/// <param name="CardKind">Kind of the card they last used there, or null.</param>
/// <param name="CardEndsAt">Its end, UTC, or null.</param>
public sealed record Leaver(string Holder, string Role, DateOnly LastDay, string? CardKind, DateTimeOffset? CardEndsAt)
{
    /// <summary>Masked: holds a name.</summary>
    public override string ToString() => nameof(Leaver);
}

/// <summary>A card about to end, or ended, without its next one having been seen.</summary>
/// <param name="Holder">Its holder.</param>
/// <param name="Kind">CPS, CPE…: the code of its kind.</param>
/// <param name="EndsAt">UTC.</param>
public sealed record EndingCard(string Holder, string Kind, DateTimeOffset EndsAt)
{
    /// <summary>Masked: holds a name.</summary>
    public override string ToString() => $"{nameof(EndingCard)} {Kind}";
}

/// <summary>The certificate that a piece of software last used.</summary>
/// <param name="Client">Its id.</param>
/// <param name="Name">In words.</param>
/// <param name="EndsAt">UTC.</param>
public sealed record EndingCertificate(string Client, string Name, DateTimeOffset EndsAt);

/// <summary>A post on which cards of a kind that was used there open nothing any more from a day on.</summary>
/// <param name="Post">Its id.</param>
/// <param name="Label">By which its referent knows it, or null.</param>
/// <param name="Pki">Family of the cards.</param>
/// <param name="RefusedFrom">First day.</param>
/// <param name="Title">Why, in French.</param>
/// <param name="Next">What to do, in French.</param>
public sealed record EndingPost(string Post, string? Label, string Pki, DateOnly RefusedFrom, string Title, string Next);
