using System.Globalization;
using System.Net.Http.Json;
using Cdr.Contracts.Rights;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.RegimeSimulator;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>
/// People whom their regime knows, and all that an answer about them becomes: read again, kept, a statement, its file, a list of accesses.
/// Their numbers are as good as a canary's; their names are words that others bear.
/// </summary>
internal static class FoundPeople
{
    // Of the distributed platform's simulator.
    private const int Population = 1000;

    public static IReadOnlyList<SimulatedInsured> Of(int count) =>
    [
        .. SimulatedPeople.Create(insuredPersons: Population, registryFile: Path.Combine(Repository.Root, "shared", "regimes.json")).All().TakeLast(Population)
            .Where(one => one.Memberships.Count > 0 && one.Nir.All(char.IsAsciiDigit)).Take(count),
    ];

    /// <summary>Theirs, and those of whom they insure.</summary>
    public static IEnumerable<string> NumbersOf(IEnumerable<SimulatedInsured> people) =>
        people.SelectMany(one => one.Memberships.SelectMany(membership => membership.Beneficiaries).Select(other => other.Person.Nir).Append(one.Nir)).OfType<string>().Where(nir => nir.Length == 13 && nir.All(char.IsAsciiDigit));

    /// <returns>How many were found.</returns>
    public static async Task<int> ThroughAsync(IPlatform platform, IReadOnlyList<SimulatedInsured> people, CancellationToken cancellationToken)
    {
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, cancellationToken);
        using var officer = await Clerk.SignInAsync(platform, "cpa-donnees", cancellationToken);
        var found = 0;
        await Parallel.ForEachAsync(people.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (one, cancel) =>
        {
            var (index, person) = one;
            var id = Clerk.NewId();
            using var asked = await clerk.AskAsync(new ConsultationRequest { Id = id, Nir = person.Nir, Reason = "emergency", Regime = person.Memberships[0].Regime }, cancel);
            var answer = await ReadAsync<ConsultationAnswer>(asked, cancel);
            if (answer.Outcome != ConsultationOutcome.Found)
                return;
            Interlocked.Increment(ref found);
            await ReadAsync<ConsultationAnswer>(await clerk.ReadAsync(id, cancel), cancel);
            await ReadAsync<Statement>(await clerk.Http.PostAsync(At($"api/consultations/{id}/statements"), null, cancel), cancel);
            if (index % 5 == 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, At($"api/consultations/{id}/statements")) { Headers = { { "Accept", "application/pdf" } } };
                using var file = await clerk.Http.SendAsync(request, cancel);
                Assert.Equal("application/pdf", file.Content.Headers.ContentType?.MediaType);
                var accesses = await ReadAsync<PersonAccesses>(await officer.Http.PostAsJsonAsync("api/persons/accesses", new { nir = person.Nir, purpose = AccessPurposes.Control }, cancel), cancel);
                Assert.Contains(accesses.Lines, line => line.Consultation == id);
            }

            if (index % 25 == 0)
                await ContestAsync(clerk, person, id, cancel);
        });
        return found;
    }

    private static async Task ContestAsync(Clerk clerk, SimulatedInsured person, Guid id, CancellationToken cancel)
    {
        using var compared = await clerk.Http.PostAsJsonAsync("api/support/discrepancies", new { consultation = id, fields = new { nir = person.Nir, familyName = person.Person.FamilyName, caisse = "999" } }, cancel);
        Assert.True(compared.IsSuccessStatusCode, $"{(int)compared.StatusCode}");
        var ticket = await ReadAsync<Contracts.Support.Ticket>(await clerk.Http.PostAsJsonAsync("api/support/tickets", new { kind = "dataInconsistency", title = person.Nir, text = $"La carte de {person.Nir} dit autrement.", consultation = id }, cancel), cancel);
        using var evidence = await clerk.Http.GetAsync(At($"api/support/tickets/{ticket.Id}/evidence"), cancel);
        Assert.True(evidence.IsSuccessStatusCode, $"{(int)evidence.StatusCode}");
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        using (response)
        {
            Assert.True(response.IsSuccessStatusCode, string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}: {(int)response.StatusCode}"));
            return (await response.Content.ReadFromJsonAsync<T>(cancel))!;
        }
    }
}
