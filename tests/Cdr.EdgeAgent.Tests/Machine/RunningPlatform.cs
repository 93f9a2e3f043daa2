using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EdgeAgent.Tests.Machine;

/// <summary>The whole platform in one process, for all tests; the cards that it believes are those of its drawer.</summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    private readonly Lazy<Task<EmbeddedPlatform>> platform;
    private readonly HttpClient http = new();

    public RunningPlatform() => platform = new(() => StartAsync([]));

    /// <summary>Another one, with settings of a test.</summary>
    internal RunningPlatform(IEnumerable<KeyValuePair<string, string?>> settings) => platform = new(() => StartAsync(settings));

    public async Task<Uri> DoorAsync() => (await platform.Value).Door;

    /// <summary>All that it has logged so far.</summary>
    public async Task<string> LogAsync() => await File.ReadAllTextAsync(Path.Combine((await platform.Value).Folder, "local.log"), TestContext.Current.CancellationToken);

    /// <summary>One of the drawer's cards, with its two certificates and keys, as a virtual card.</summary>
    internal async Task<VirtualCard> CardAsync(string id, CardProfile? profile = null)
    {
        using var certificates = await CertificatesAsync(id);
        return new VirtualCard(profile ?? CardProfile.Cps3, certificates.Authentication, certificates.Signature);
    }

    /// <summary>The certificates of one of the drawer's cards, with their keys.</summary>
    internal async Task<CardCertificates> CertificatesAsync(string id)
    {
        var folder = Path.Combine((await platform.Value).Folder, "data", "drawer", "cards");
        return new CardCertificates(await PemAsync(Path.Combine(folder, id + ".auth.pem")), await PemAsync(Path.Combine(folder, id + ".sign.pem")));
    }

    /// <summary>A browser's part: the ticket becomes a session.</summary>
    public async Task<string> RedeemAsync(JsonElement signedIn)
    {
        var activity = signedIn.GetProperty("activities")[0].GetProperty("id").GetGuid();
        using var response = await RedeemAsync(signedIn.GetProperty("ticket").GetString()!, activity, null);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("token").GetProperty("value").GetString()!;
    }

    private async Task<HttpResponseMessage> RedeemAsync(string ticket, Guid activity, string? terms)
    {
        var response = await http.PostAsJsonAsync(new Uri(await DoorAsync(), "api/sessions"), new { ticket, activity, terms }, TestContext.Current.CancellationToken);
        // Terms of use are accepted once; the ticket stays good.
        if (response.StatusCode != HttpStatusCode.Conflict || terms is not null)
            return response;
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        response.Dispose();
        return await RedeemAsync(ticket, activity, problem.GetProperty("version").GetString());
    }

    /// <summary>Asks about an invented person; the status.</summary>
    public async Task<int> AskAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(await DoorAsync(), "api/consultations"))
        {
            Content = JsonContent.Create(new { nir = "284057511290154", reason = "card-forgotten-lost-stolen" }),
            Headers = { Authorization = new("Bearer", token) },
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    /// <summary>Whether the session still lives, for the platform's own word.</summary>
    public async Task<bool> LivesAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(await DoorAsync(), "api/regimes")) { Headers = { Authorization = new("Bearer", token) } };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (platform.IsValueCreated)
            await (await platform.Value).DisposeAsync();
    }

    private static async Task<EmbeddedPlatform> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var platform = new EmbeddedPlatform(settings: settings);
        await platform.StartAsync();
        return platform;
    }

    private static async Task<X509Certificate2> PemAsync(string path)
    {
        await Deadline.UntilAsync($"the drawer has {Path.GetFileName(path)}", TimeSpan.FromSeconds(60), () => File.Exists(path), TestContext.Current.CancellationToken);
        return X509Certificate2.CreateFromPemFile(path);
    }
}

internal sealed record CardCertificates(X509Certificate2 Authentication, X509Certificate2 Signature) : IDisposable
{
    public void Dispose()
    {
        Authentication.Dispose();
        Signature.Dispose();
    }
}
