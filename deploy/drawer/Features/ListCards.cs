using Cdr.Contracts.Drawer;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Drawer.Features;

/// <summary>The cards, in the order of the drawer.</summary>
internal static class ListCards
{
    public static RouteHandlerBuilder MapListCards(this IEndpointRouteBuilder routes) => routes.MapGet("/drawer/cards", Handle).AllowAnonymous();

    internal static Ok<DemoCard[]> Handle() =>
        TypedResults.Ok<DemoCard[]>([.. Deck.Cards.Select(card => new DemoCard(card.Id, card.Kind.Code, card.Holder, card.Title, card.Detail, card.Opens))]);
}
