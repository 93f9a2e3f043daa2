using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Journeys;

/// <summary>Whoever is shown the answer of a ticket learns of a person, who may ask who did.</summary>
public sealed class EvidenceAccessTests(Platforms platforms)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task The_hotline_and_the_organisms_agent_who_open_an_answer_are_named_to_the_person(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, Cancellation);
        using var asked = await clerk.AskAsync(Person.Cnam.Question("cnam"), Cancellation);
        var contested = await ReadAsync<ConsultationAnswer>(asked);
        await ImportAsync(platform, contested.Affiliations[0].Organism);
        var ticket = await SendAsync<Ticket>(clerk, HttpMethod.Post, "api/support/tickets", new { kind = "dataInconsistency", title = "Caisse", text = "La carte dit autrement.", consultation = contested.Id });
        var path = $"api/support/tickets/{ticket.Id}";
        using var referent = await Clerk.SignInAsync(platform, "cpe-referent", Cancellation);
        await SendAsync<Ticket>(referent, HttpMethod.Post, path + "/moves", new { action = "send" });
        using var hotline = await Clerk.SignInAsync(platform, "cpa-hotline", Cancellation);
        await SendAsync<Ticket>(hotline, HttpMethod.Post, path + "/moves", new { action = "take" });

        Assert.Equal(contested.Id, (await SendAsync<ConsultationAnswer>(hotline, HttpMethod.Get, path + "/evidence", null)).Id);
        await SendAsync<Ticket>(hotline, HttpMethod.Post, path + "/moves", new { action = "check", @checked = new[] { "identity", "card", "difference", "date" } });
        await SendAsync<Ticket>(hotline, HttpMethod.Post, path + "/moves", new { action = "transfer" });
        using var agent = await Clerk.SignInAsync(platform, "cpa-regime", Cancellation);
        Assert.Equal(contested.Id, (await SendAsync<ConsultationAnswer>(agent, HttpMethod.Get, path + "/evidence", null)).Id);

        using var officer = await Clerk.SignInAsync(platform, "cpa-donnees", Cancellation);
        var accesses = await SendAsync<PersonAccesses>(officer, HttpMethod.Post, "api/persons/accesses", new { nir = Person.Cnam.Nir, purpose = "access-request" });
        var reads = accesses.Lines.Where(line => line.What == "read" && line.Consultation == contested.Id).ToList();
        Assert.Contains(reads, line => line.Role == CdrRoles.Hotline && line.Regimes.Count == 0 && line.Subject.Length > 0);
        Assert.Contains(reads, line => line.Role == CdrRoles.RegimeAgent && line.Regimes.SequenceEqual(["cnam"]));
        Assert.Equal(2, reads.Where(line => line.Role is CdrRoles.Hotline or CdrRoles.RegimeAgent).Select(line => line.Subject).Distinct().Count());
    }

    private static async Task ImportAsync(IPlatform platform, ManagingOrganism organism)
    {
        using var hotline = await Clerk.SignInAsync(platform, "cpa-hotline", Cancellation);
        using var table = new StringContent($"code;regime;libelle;departement;horaires\n{organism.RegimeCode}{organism.Caisse};cnam;Organisme de test;59;\n", Encoding.UTF8, "text/csv");
        var version = Clerk.NewId().ToString("N", CultureInfo.InvariantCulture)[^12..];
        using var imported = await hotline.Http.PostAsync(new Uri($"api/support/organisms?version={version}&from=2026-01-01", UriKind.Relative), table, Cancellation);
        Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
    }

    private static async Task<TBody> SendAsync<TBody>(Clerk who, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await who.Http.SendAsync(request, Cancellation);
        return await ReadAsync<TBody>(response);
    }

    private static async Task<TBody> ReadAsync<TBody>(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancellation)}");
        return (await response.Content.ReadFromJsonAsync<TBody>(Cancellation))!;
    }
}
