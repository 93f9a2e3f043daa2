using System.Net;
using System.Text.Json;
using Cdr.Contracts.Drawer;
using Cdr.Contracts.Sessions;
using Cdr.Drawer.Pki;
using Microsoft.AspNetCore.Http.HttpResults;
using Refit;

namespace Cdr.Drawer.Features;

/// <summary>Takes a card, presents the PIN to it, signs in with it.</summary>
internal static class SignIn
{
    public static RouteHandlerBuilder MapSignIn(this IEndpointRouteBuilder routes) => routes.MapPost("/drawer/cards/{id}/sign-in", HandleAsync).AllowAnonymous();

    internal static async Task<Results<Ok<Opening>, ProblemHttpResult>> HandleAsync(
        string id, PinRequest request, DemoFolder folder, CardPins pins, SoftwareAgent agent,
        [FromKeyedServices(DrawerModule.Client)] ISessionsApi sessions, CancellationToken cancellationToken)
    {
        if (Deck.Find(id) is not { } card)
            return Refusals.CardUnknown();
        if (request.Pin is not { Length: 4 } pin || !pin.All(char.IsAsciiDigit))
            return Refusals.PinMalformed();
        switch (pins.Present(card.Id, pin))
        {
            case PinOutcome.Blocked: return Refusals.CardBlocked();
            case PinOutcome.Wrong wrong: return Refusals.PinWrong(wrong.TriesLeft);
        }

        using var certificate = folder.Authentication(card.Id);
        try
        {
            return TypedResults.Ok(await agent.SignInAsync(sessions, certificate, cancellationToken));
        }
        catch (ApiException refused) when (Refused(refused) is { } problem)
        {
            return problem;
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Refusals.SessionsSilent();
        }
    }

    private static ProblemHttpResult? Refused(ApiException refused)
    {
        if (refused.StatusCode >= HttpStatusCode.InternalServerError && refused.StatusCode != HttpStatusCode.ServiceUnavailable || refused.Content is not { Length: > 0 } content)
            return null;
        try
        {
            using var problem = JsonDocument.Parse(content);
            return problem.RootElement.TryGetProperty("code", out var code)
                ? Refusals.PassedOn((int)refused.StatusCode, code.GetString() ?? "", Text(problem, "title"), Text(problem, "detail"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonDocument problem, string name) => problem.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
}
