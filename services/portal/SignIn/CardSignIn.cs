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
public abstract record SignInStep
{
    /// <summary>The cookie is set.</summary>
    /// <param name="To">The page that was wanted: a path of this site.</param>
    internal sealed record Done(string To) : SignInStep;

    /// <summary>Something is asked of the holder before there is a session.</summary>
    internal abstract record Pending : SignInStep;

    /// <summary>The holder has several activities; the ticket waits, sealed, in the page's form.</summary>
    internal sealed record Choose(string Box, IReadOnlyList<Activity> Activities) : Pending;

    /// <summary>The terms of use are to be read and accepted; the ticket waits likewise.</summary>
    internal sealed record Accept(string Box, string Version, string Text) : Pending;

    /// <summary>They were refused: the ticket is spent.</summary>
    internal sealed record Declined : Pending;

    internal sealed record Refused(Trouble Trouble) : SignInStep;

    /// <summary>The browser goes to a provider.</summary>
    internal sealed record Away(string Address) : SignInStep;

    /// <summary>A blocked card was replaced by a new one of the same kind.</summary>
    internal sealed record Renewed : SignInStep;
}

/// <summary>From a card of the drawer and its PIN, or a provider's answer, to the cookie of a session.</summary>
internal sealed class CardSignIn(
    IServiceProvider services,
    [FromKeyedServices(PortalModule.Name)] ISessionsApi sessions,
    TokenKeeper tokens,
    WayBack way,
    IDataProtectionProvider protection)
{
    private static readonly SignInStep Unreadable = new SignInStep.Refused(new Trouble(400, "ticket-unreadable", null, null));

    // Only when a card is presented: an installation without a drawer has no address for it.
    private IDrawerApi Drawer => services.GetRequiredKeyedService<IDrawerApi>(PortalModule.Name);

    private IDataProtector Choices => protection.CreateProtector("cdr.portal.sign-in");

    private IDataProtector Acceptances => protection.CreateProtector("cdr.portal.terms");

    public Task<SignInStep> PresentAsync(HttpContext http, string card, string pin, CancellationToken cancellationToken) => TryAsync(async () =>
        await OpenedAsync(http, await Drawer.SignInAsync(card, new PinRequest(pin), cancellationToken), cancellationToken));

    /// <summary>What a provider sent back through this browser, whose cookie holds the binding.</summary>
    public Task<SignInStep> AnswerAsync(HttpContext http, ProviderAnswer answer, CancellationToken cancellationToken) => TryAsync(async () =>
        await OpenedAsync(http, await services.GetRequiredKeyedService<IProvidersApi>(PortalModule.Name).AnswerAsync(answer, cancellationToken), cancellationToken));

    /// <summary>The post's agent signed in for this browser.</summary>
    public Task<SignInStep> AcceptAsync(HttpContext http, Opening opening, CancellationToken cancellationToken) => TryAsync(() => OpenedAsync(http, opening, cancellationToken));

    public async Task<SignInStep> ChooseAsync(HttpContext http, string box, Guid activity, CancellationToken cancellationToken) => Open<Opening>(Choices, box) is { } opening
        ? await TryAsync(() => RedeemAsync(http, new RedemptionRequest(opening.Ticket, activity), cancellationToken))
        : Unreadable;

    /// <summary>Accepted: the version that was on the page, and no other. Refused: nobody can use the ticket any more.</summary>
    public async Task<SignInStep> AnswerTermsAsync(HttpContext http, string box, bool accepted, CancellationToken cancellationToken)
    {
        if (Open<RedemptionRequest>(Acceptances, box) is not { } request)
            return Unreadable;
        return await TryAsync(async () =>
        {
            if (accepted)
                return await RedeemAsync(http, request, cancellationToken);
            await sessions.WithdrawAsync(new WithdrawalRequest(request.Ticket), cancellationToken);
            return new SignInStep.Declined();
        });
    }

    public Task<SignInStep> RenewAsync(string card, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await Drawer.RenewAsync(card, cancellationToken);
        return new SignInStep.Renewed();
    });

    private async Task<SignInStep> OpenedAsync(HttpContext http, Opening opening, CancellationToken cancellationToken)
    {
        try
        {
            // Of several none is named: asked without a choice, the ticket is given the time for one.
            return await RedeemAsync(http, new RedemptionRequest(opening.Ticket, opening.Activities.Count == 1 ? opening.Activities[0].Id : null), cancellationToken);
        }
        catch (ApiException refused) when (opening.Activities.Count > 1 && Trouble.Of(refused).Code == "activity-required")
        {
            return new SignInStep.Choose(Choices.Protect(JsonSerializer.Serialize(opening)), opening.Activities);
        }
    }

    private async Task<SignInStep> RedeemAsync(HttpContext http, RedemptionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var grant = await sessions.RedeemAsync(request, cancellationToken);
            tokens.Keep(grant.Session, grant.Token);
            var principal = SignedIn.Principal(grant);
            await http.SignInAsync(CdrSchemes.Cookie, principal);
            return new SignInStep.Done(way.Take(http, SignedIn.From(principal)!));
        }
        catch (ApiException refused) when (Trouble.Of(refused).Code == "terms-required")
        {
            // Never accepted by this holder, or changed since.
            var terms = await sessions.TermsAsync(cancellationToken);
            return terms.Version is { } version
                ? new SignInStep.Accept(Acceptances.Protect(JsonSerializer.Serialize(request with { Terms = version })), version, terms.Text)
                : new SignInStep.Refused(Trouble.Of(refused));
        }
    }

    /// <summary>Null for what this portal did not seal.</summary>
    private static T? Open<T>(IDataProtector protector, string box)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(protector.Unprotect(box));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

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
