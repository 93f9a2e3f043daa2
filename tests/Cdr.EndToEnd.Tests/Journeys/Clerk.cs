using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Drawer;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Domain;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Journeys;

/// <summary>Somebody signed in with a card of the drawer, as the API's client.</summary>
internal sealed class Clerk : IDisposable
{
    /// <summary>PIN of every card of the drawer.</summary>
    public const string Pin = "1234";

    /// <summary>Nobody counts what this establishment asks.</summary>
    public const string Uncounted = "cpe-admissions-nord";

    /// <summary>
    /// Each is of another establishment, and each test that counts has an establishment or a reason of its own: what another test
    /// asked may still be on its way to be counted.
    /// </summary>
    public const string Journeys = "cpe-facturation-reunion";
    public const string Kills = "cpe-urgences-rhone";
    public const string Reasons = "cps-infirmier";

    private Clerk(HttpClient http, SessionGrant grant) => (Http, Grant) = (http, grant);

    public HttpClient Http { get; }

    public SessionGrant Grant { get; }

    public static async Task<Clerk> SignInAsync(IPlatform platform, string card, CancellationToken cancellationToken)
    {
        using var drawer = new HttpClient { BaseAddress = platform.Drawer };
        using var signed = await drawer.PostAsJsonAsync($"drawer/cards/{card}/sign-in", new PinRequest(Pin), cancellationToken);
        var opening = await ReadAsync<Opening>(signed, cancellationToken);
        var http = new HttpClient { BaseAddress = platform.Door, Timeout = TimeSpan.FromSeconds(60) };
        using var redeemed = await http.PostAsJsonAsync("api/sessions", new RedemptionRequest(opening.Ticket, opening.Activities[0].Id), cancellationToken);
        var grant = await ReadAsync<SessionGrant>(redeemed, cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", grant.Token.Value);
        return new Clerk(http, grant);
    }

    public async Task<HttpResponseMessage> AskAsync(ConsultationRequest question, CancellationToken cancellationToken, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/consultations") { Content = JsonContent.Create(question) };
        request.Headers.Accept.ParseAdd(accept);
        return await Http.SendAsync(request, cancellationToken);
    }

    public Task<HttpResponseMessage> ReadAsync(Guid id, CancellationToken cancellationToken) =>
        Http.GetAsync(new Uri($"api/consultations/{id}", UriKind.Relative), cancellationToken);

    /// <summary>Consultations of the establishment, as Usage counts them.</summary>
    public Task<long> CountedAsync(CancellationToken cancellationToken) => CountedAsync(null, cancellationToken);

    /// <summary>What its establishment asked, for one reason or for all.</summary>
    public async Task<long> CountedAsync(ConsultationReason? reason, CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(new Uri("api/usage/daily", UriKind.Relative), cancellationToken);
        return (await ReadAsync<DailyUsage[]>(response, cancellationToken)).Where(row => reason is null || row.Reason == reason.Id).Sum(row => row.Consultations);
    }

    public Task<HttpResponseMessage> SignOutAsync(CancellationToken cancellationToken) =>
        Http.DeleteAsync(new Uri($"api/sessions/{Grant.Session}", UriKind.Relative), cancellationToken);

    public static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public void Dispose() => Http.Dispose();

    private static async Task<TBody> ReadAsync<TBody>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<TBody>(text, JsonSerializerOptions.Web)!;
    }
}
