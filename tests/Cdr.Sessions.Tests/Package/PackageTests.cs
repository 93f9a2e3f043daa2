using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Package;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Package;

/// <summary>A hospital without a working card obtains the package; nobody else does, and nothing before the licence.</summary>
public sealed class PackageTests : IDisposable
{
    private const string North = "590991014";
    private readonly TestFolder folder = new("package");
    private readonly SessionsHost host;

    public PackageTests(PrintedCards cards)
    {
        Write("licence.txt", "Licence d'utilisation.");
        Write("read-first/prerequis.pdf", "Prérequis.");
        Write("windows/cdr-agent.msi", "Windows.");
        Write("linux/cdr-agent.deb", "Linux.");
        Write("secret/other.txt", "Not of the package.");
        host = new SessionsHost(cards, [new("Sessions:Package:Folder", folder.Path), new("Sessions:Package:LicenceVersion", "2026-1")]);
    }

    [Fact]
    public async Task A_request_opens_the_package_and_the_licence_its_folders_and_each_download_is_recorded()
    {
        var credentials = (await RequestAsync()).Value;
        var before = (await GetAsync<PackageContents>("", credentials)).Value;
        Assert.Equal(("2026-1", "Licence d'utilisation.", false), (before.LicenceVersion, before.Licence, before.LicenceAccepted));
        Assert.Equal(["windows", "linux"], before.Folders.Select(one => one.Name));
        Assert.Equal("prerequis.pdf", Assert.Single(before.ReadFirst).Name);
        Assert.Equal(200, (await GetAsync<object>("/files/read-first/prerequis.pdf", credentials)).Status);
        Assert.Equal((403, "licence-required"), Of(await GetAsync<object>("/files/windows/cdr-agent.msi", credentials)));
        Assert.Equal((409, "licence-differs"), Of(await AcceptAsync(credentials, "2025-1")));
        Assert.Equal(204, (await AcceptAsync(credentials, "2026-1")).Status);

        var file = await GetAsync<object>("/files/windows/cdr-agent.msi", credentials);

        Assert.Equal((200, "Windows."), (file.Status, file.Body));
        Assert.True((await GetAsync<PackageContents>("", credentials)).Value.LicenceAccepted);
        var seen = await DownloadsAsync("cpe-referent");
        Assert.Equal(["windows/cdr-agent.msi", "read-first/prerequis.pdf"], seen.Select(one => one.File).OrderDescending());
        Assert.All(seen, one => Assert.Equal((North, "Alix Bernard, DSI <dsi@mont-vert.test>"), (one.Establishment, one.Requester)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("Windows."u8)), seen.Single(one => one.File.StartsWith("windows", StringComparison.Ordinal)).Sha256);
        Assert.Equal(2, (await DownloadsAsync("cpa-administrateur")).Length);
        var kept = await host.InStoreAsync(db => db.Set<PackageAccess>().SingleAsync());
        Assert.DoesNotContain("Bernard", Encoding.UTF8.GetString(kept.Requester), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_and_what_they_downloaded_is_kept_a_year_after_the_credentials_ended()
    {
        var credentials = (await RequestAsync()).Value;
        Assert.Equal(200, (await GetAsync<object>("/files/read-first/prerequis.pdf", credentials)).Status);
        var housekeeping = host.Services.GetRequiredService<Housekeeping>();
        host.Clock.Advance(TimeSpan.FromDays(90 + 364));
        await housekeeping.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), await KeptAsync());
        host.Clock.Advance(TimeSpan.FromDays(2));
        await housekeeping.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), await KeptAsync());

        async Task<(int, int)> KeptAsync() => (await host.InStoreAsync(db => db.Set<PackageAccess>().CountAsync()), await host.InStoreAsync(db => db.Set<PackageDownload>().CountAsync()));
    }

    [Theory]
    [InlineData("Hôpital Nord du Mont-Vert", "590991014", "public", 200, null)]
    [InlineData("MONT VERT NORD", "590991014", "public", 200, null)]
    [InlineData("Centre de santé du Mont-Vert", "590991030", "health-centre", 200, null)]
    [InlineData("Hôpital de la Ravine-Bleue", "590991014", "public", 403, "package-establishment-unknown")]
    [InlineData("Hôpital", "590991014", "public", 403, "package-establishment-unknown")]
    [InlineData("Hôpital Lariboisière", "750712184", "public", 403, "package-establishment-unknown")]
    [InlineData("Résidence des Tilleuls", "690991021", "private", 403, "establishment-not-eligible")]
    [InlineData("Hôpital Nord du Mont-Vert", "590991014", "health-centre", 403, "establishment-not-eligible")]
    public async Task Only_an_eligible_establishment_by_its_name_number_and_type_has_it(string name, string finess, string type, int status, string? code)
    {
        var answer = await RequestAsync(new PackageRequest(name, finess, type, "Alix Bernard, DSI", "dsi@mont-vert.test"));
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("finess")]
    [InlineData("type")]
    [InlineData("establishment")]
    [InlineData("requester")]
    [InlineData("email")]
    public async Task A_bad_field_is_named(string field)
    {
        var answer = await RequestAsync(new PackageRequest(
            field == "establishment" ? "" : "Mont-Vert", field == "finess" ? "59099" : North, field == "type" ? "hotel" : "public", field == "requester" ? "" : "Alix Bernard", field == "email" ? "Alix <dsi@mont-vert.test>" : "dsi@mont-vert.test"));
        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"field\":\"{field}\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/files/windows/absent.msi")]
    [InlineData("/files/secret/other.txt")]
    [InlineData("/files/windows/..%2Flicence.txt")]
    [InlineData("/files/windows/..%5C..%5Clicence.txt")]
    [InlineData("/files/..%2Fsecret/other.txt")]
    public async Task Nothing_but_what_the_folders_show_is_handed_out(string path)
    {
        var credentials = (await RequestAsync()).Value;
        await AcceptAsync(credentials, "2026-1");
        Assert.Equal(404, (await GetAsync<object>(path, credentials)).Status);
    }

    [Fact]
    public async Task Wrong_credentials_and_old_ones_open_nothing()
    {
        var credentials = (await RequestAsync()).Value;
        Assert.Equal(401, (await GetAsync<object>("", credentials with { Secret = credentials.Secret[..^1] })).Status);
        Assert.Equal(401, (await GetAsync<object>("", credentials with { Access = Guid.Empty })).Status);
        Assert.Equal(401, (await GetAsync<object>("", null)).Status);
        host.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal((401, "package-credentials-wrong"), Of(await GetAsync<object>("", credentials)));
    }

    public void Dispose()
    {
        host.Dispose();
        folder.Dispose();
    }

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private Task<Answer<PackageCredentials>> RequestAsync(PackageRequest? request = null) =>
        new TestAgent(host).PostAsync<PackageCredentials>("/api/sessions/package/requests", request ?? new PackageRequest("Hôpital Nord du Mont-Vert", North, "public", "Alix Bernard, DSI", "dsi@mont-vert.test"));

    private Task<Answer<T>> GetAsync<T>(string path, PackageCredentials? credentials) => SendAsync<T>(HttpMethod.Get, path, credentials, null);

    private Task<Answer<object>> AcceptAsync(PackageCredentials credentials, string version) => SendAsync<object>(HttpMethod.Post, "/licence", credentials, new LicenceAcceptance(version));

    private async Task<Answer<T>> SendAsync<T>(HttpMethod method, string path, PackageCredentials? credentials, object? body)
    {
        using var http = host.CreateClient();
        using var request = new HttpRequestMessage(method, "/api/sessions/package" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (credentials is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Access}:{credentials.Secret}")));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<T>(response);
    }

    private async Task<PackageDownloadEntry[]> DownloadsAsync(string card)
    {
        var http = new HospitalSoftware(host);
        return (await http.SendAsync<PackageDownloadEntry[]>(HttpMethod.Get, "/api/sessions/package/downloads", await http.TokenOfAsync(card))).Value;
    }
}
