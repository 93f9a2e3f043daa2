using Cdr.Drawer.Pki;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Drawer.Features;

/// <summary>A new card: new keys, three tries; the one before is revoked.</summary>
internal static class RenewCard
{
    public static RouteHandlerBuilder MapRenewCard(this IEndpointRouteBuilder routes) => routes.MapPost("/drawer/cards/{id}/renew", Handle).AllowAnonymous();

    internal static Results<NoContent, ProblemHttpResult> Handle(string id, DemoFolder folder, CardPins pins)
    {
        if (Deck.Find(id) is not { } card)
            return Refusals.CardUnknown();
        folder.Renew(card);
        pins.Forget(id);
        return TypedResults.NoContent();
    }
}
