using Cdr.Contracts.Sessions;
using Refit;

namespace Cdr.Contracts.Drawer;

/// <summary>The drawer of demo cards: an agent without a reader, present in embedded and development installations only.</summary>
public interface IDrawerApi
{
    /// <summary>The cards, in the order of the drawer.</summary>
    [Get("/drawer/cards")]
    Task<IReadOnlyList<DemoCard>> CardsAsync(CancellationToken cancellationToken);

    /// <summary>Takes a card, presents the PIN to it, signs. 200 the ticket; 403 with <c>code</c>: <c>pin-wrong</c> (and <c>triesLeft</c>), <c>card-blocked</c>, or the server's refusal passed on.</summary>
    [Post("/drawer/cards/{id}/sign-in")]
    Task<Opening> SignInAsync(string id, [Body] PinRequest request, CancellationToken cancellationToken);

    /// <summary>A new card of the same kind: three tries again.</summary>
    [Post("/drawer/cards/{id}/renew")]
    Task RenewAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A card as one sees it in the drawer.</summary>
/// <param name="Id">Short, stable: <c>cpe-admissions-nord</c>.</param>
/// <param name="Kind">Id of the card kind.</param>
/// <param name="Holder">Name printed on it.</param>
/// <param name="Title">What it is, in words.</param>
/// <param name="Detail">Employer, unit, role.</param>
/// <param name="Opens">Whether it is meant to open a session; the others show each refusal.</param>
public sealed record DemoCard(string Id, string Kind, string Holder, string Title, string Detail, bool Opens);

/// <summary>Four digits.</summary>
public sealed record PinRequest(string Pin)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(PinRequest);
}
