using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Drawer;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Identity;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Refit;

namespace Cdr.Portal.SignIn;

/// <summary>What became of a sign-in.</summary>
internal abstract record SignInStep
{
    /// <summary>The cookie is set.</summary>
    public sealed record Done : SignInStep;

    /// <summary>The holder has several activities; the ticket waits, sealed, in the page's form.</summary>
    public sealed record Choose(string Box, IReadOnlyList<Activity> Activities) : SignInStep;

    public sealed record Refused(Trouble Trouble) : SignInStep;

    /// <summary>The browser goes to a provider.</summary>
    public sealed record Away(string Address) : SignInStep;

    /// <summary>A blocked card was replaced by a new one of the same kind.</summary>
    public sealed record Renewed : SignInStep;
}

/// <summary>From a card of the drawer and its PIN, or a provider's answer, to the cookie of a session.</summary>
internal sealed class CardSignIn(
    IServiceProvider services,
    [FromKeyedServices(PortalModule.Name)] ISessionsApi sessions,
    TokenKeeper tokens,
    IDataProtectionProvider protection)
{
    // Only when a card is presented: an installation without a drawer has no address for it.
    private IDrawerApi Drawer => services.GetRequiredKeyedService<IDrawerApi>(PortalModule.Name);

    private IDataProtector Protector => protection.CreateProtector("cdr.portal.sign-in");

    public Task<SignInStep> PresentAsync(HttpContext http, string card, string pin, CancellationToken cancellationToken) => TryAsync(async () =>
        await OpenedAsync(http, await Drawer.SignInAsync(card, new PinRequest(pin), cancellationToken), cancellationToken));

    /// <summary>What a provider sent back through this browser, whose cookie holds the binding.</summary>
    public Task<SignInStep> AnswerAsync(HttpContext http, ProviderAnswer answer, CancellationToken cancellationToken) => TryAsync(async () =>
        await OpenedAsync(http, await services.GetRequiredKeyedService<IProvidersApi>(PortalModule.Name).AnswerAsync(answer, cancellationToken), cancellationToken));

    /// <summary>The post's agent signed in for this browser.</summary>
    public Task<SignInStep> AcceptAsync(HttpContext http, Opening opening, CancellationToken cancellationToken) => TryAsync(() => OpenedAsync(http, opening, cancellationToken));

    public async Task<SignInStep> ChooseAsync(HttpContext http, string box, Guid activity, CancellationToken cancellationToken)
    {
        Opening opening;
        try
        {
            opening = JsonSerializer.Deserialize<Opening>(Protector.Unprotect(box))!;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return new SignInStep.Refused(new Trouble(400, "ticket-unreadable", null, null));
        }

        return await TryAsync(() => RedeemAsync(http, opening.Ticket, activity, cancellationToken));
    }

    public Task<SignInStep> RenewAsync(string card, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await Drawer.RenewAsync(card, cancellationToken);
        return new SignInStep.Renewed();
    });

    private async Task<SignInStep> OpenedAsync(HttpContext http, Opening opening, CancellationToken cancellationToken) => opening.Activities.Count > 1
        ? Choice(opening)
        : await RedeemAsync(http, opening.Ticket, opening.Activities.Count == 1 ? opening.Activities[0].Id : null, cancellationToken);

    private async Task<SignInStep> RedeemAsync(HttpContext http, string ticket, Guid? activity, CancellationToken cancellationToken)
    {
        var grant = await sessions.RedeemAsync(new RedemptionRequest(ticket, activity), cancellationToken);
        tokens.Keep(grant.Session, grant.Token);
        await http.SignInAsync(CdrSchemes.Cookie, SignedIn.Principal(grant));
        return new SignInStep.Done();
    }

    private SignInStep.Choose Choice(Opening opening) => new(Protector.Protect(JsonSerializer.Serialize(opening)), opening.Activities);

    private static async Task<SignInStep> TryAsync(Func<Task<SignInStep>> step)
    {
        try
        {
            return await step();
        }
        catch (ApiException e)
        {
            return new SignInStep.Refused(Trouble.Of(e));
        }
        catch (Exception e) when (e is ApiRequestException or HttpRequestException or OperationCanceledException)
        {
            return new SignInStep.Refused(Trouble.Silence);
        }
    }
}
