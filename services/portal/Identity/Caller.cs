using System.Net;
using System.Net.Http.Headers;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Refit;

namespace Cdr.Portal.Identity;

/// <summary>The services, called as the person of this circuit.</summary>
internal sealed class Caller(AuthenticationStateProvider authentication, TokenKeeper tokens, SessionEndings endings, Presence presence, IHttpClientFactory clients, ServiceAddresses addresses)
{
    private SignedIn? person;

    /// <value>An installation may go without Support: nothing of it is shown then.</value>
    public bool HasSupport => addresses.Knows("Support");

    public async Task<SignedIn?> WhoAsync() => person ??= SignedIn.From((await authentication.GetAuthenticationStateAsync()).User);

    public Task<Reply<T>> RightsAsync<T>(Func<IRightsApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> StatementsAsync<T>(Func<IStatementsApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> UsageAsync<T>(Func<IUsageApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> CampaignsAsync<T>(Func<ICampaignsApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> RolesAsync<T>(Func<IRolesApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> ExpiriesAsync<T>(Func<IExpiriesApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> PostsAsync<T>(Func<IPostsApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> HabilitationsAsync<T>(Func<IHabilitationsApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> SupportAsync<T>(Func<ISupportApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> DeskAsync<T>(Func<ITicketDeskApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> MailAsync<T>(Func<IMailApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> WebhooksAsync<T>(Func<IWebhooksApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> SearchAsync<T>(Func<ITicketSearchApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);
    public Task<Reply<T>> KnowledgeAsync<T>(Func<IKnowledgeApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> InformationAsync<T>(Func<IInformationApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    public Task<Reply<T>> IncidentsAsync<T>(Func<IIncidentsApi, Task<T>> call, CancellationToken cancellationToken) => CallAsync(call, cancellationToken);

    /// <summary>The session is over: hides the page and says why.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (await WhoAsync() is not { } who)
            return;
        tokens.Forget(who.Session);
        presence.End(await endings.WhyAsync(who.Session, cancellationToken));
    }

    private async Task<Reply<T>> CallAsync<TApi, T>(Func<TApi, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            if (await WhoAsync() is not { } who || await tokens.TokenAsync(who, cancellationToken) is not { } token)
                return await EndedAsync<T>(cancellationToken);
            var http = clients.CreateClient($"{PortalModule.Name}:{typeof(TApi).Name}");
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var value = await call(RestService.ForGenerated<TApi>(http, new RefitSettings()));
            return value is HttpResponseMessage { IsSuccessStatusCode: false } refusal ? await RefusedAsync<TApi, T>(refusal, cancellationToken) : new Reply<T>.Ok(value);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.Unauthorized)
        {
            return await EndedAsync<T>(cancellationToken);
        }
        catch (ApiException e)
        {
            return Refused<TApi, T>(Trouble.Of(e));
        }
        catch (Exception e) when (e is ApiRequestException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Reply<T>.Refused(typeof(TApi).Namespace == typeof(ISupportApi).Namespace ? Trouble.SupportSilence : Trouble.Silence);
        }
    }

    private async Task<Reply<T>> RefusedAsync<TApi, T>(HttpResponseMessage refusal, CancellationToken cancellationToken)
    {
        using (refusal)
        {
            return refusal.StatusCode == HttpStatusCode.Unauthorized
                ? await EndedAsync<T>(cancellationToken)
                : Refused<TApi, T>(await Trouble.OfAsync(refusal, cancellationToken));
        }
    }

    private static Reply<T>.Refused Refused<TApi, T>(Trouble trouble) => new(trouble with { FromSessions = typeof(TApi).Namespace == typeof(IRolesApi).Namespace });

    private async Task<Reply<T>> EndedAsync<T>(CancellationToken cancellationToken)
    {
        await EndAsync(cancellationToken);
        return new Reply<T>.Ended();
    }
}
