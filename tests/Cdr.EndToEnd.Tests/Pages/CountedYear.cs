using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Usage;
using Cdr.Domain;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Cdr.Usage;
using Cdr.Usage.Counting;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Campaigns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>
/// Thirteen months of a whole country beside what the platform counts itself, by the service's own counting; and the campaign of 2011,
/// imported through its interface. Hospitals that no other test asks from.
/// </summary>
internal static class CountedYear
{
    /// <summary>Never asked anything.</summary>
    public const string Silent = "48";

    private static readonly SemaphoreSlim Once = new(1);
    private static string? done;

    public static async Task CountAsync(IPlatform platform, CancellationToken cancellationToken)
    {
        await Once.WaitAsync(cancellationToken);
        try
        {
            if (done == platform.Folder)
                return;
            var contexts = new Contexts(Directory.EnumerateFiles(platform.Folder, "usage.db", SearchOption.AllDirectories).Single());
            await using var metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
            var counter = new JournalCounter(contexts, new CellBook(contexts), TimeProvider.System, new UsageMeter(metrics.GetRequiredService<IMeterFactory>(), TimeProvider.System));
            var journal = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            ConsultationsAnswered[] batches = [.. Facts(TimeProvider.System.GetUtcNow()).Chunk(1000).Select((facts, index) => new ConsultationsAnswered(journal, index + 1, facts))];
            Assert.True(await counter.TryCountAsync(journal, new JournalPlace(0, 0, 0), batches, cancellationToken));
            await ImportAsync(platform, cancellationToken);
            done = platform.Folder;
        }
        finally
        {
            Once.Release();
        }
    }

    // Larger where more people live, more each month, fewer on week-ends; the same for the same month.
    private static IEnumerable<ConsultationFact> Facts(DateTimeOffset now)
    {
        string[] regimes = ["cnam", "cnam", "cnam", "cnam", "msa", "msa", "mgen", "cnmss", ""];
        string[] reasons = ["emergency", "emergency", "card-forgotten-lost-stolen", "patient-absent", "invoice-rejected"];
        (string Unit, string Function)[] units = [("urgences", "emergencies"), ("admissions", "reception"), ("facturation", "invoicing")];
        var random = new Random(2011);
        var first = new DateTimeOffset(now.Year, now.Month, 1, 8, 0, 0, TimeSpan.Zero).AddMonths(-12);
        // The live load, whatever the day of the month.
        for (var n = 0; n < 60; n++)
            yield return Fact(Department.All.Single(one => one.Code == "59"), now.AddMinutes(-2 - random.Next(600)), n);
        foreach (var (place, department) in Department.All.Where(one => one.Code != Silent).Index())
        {
            var size = department.Code is "75" or "59" or "69" or "13" ? 26 : department.Code is "05" or "2A" ? 1 : 3 + place * 7 % 12;
            for (var month = 0; month <= 12; month++)
            {
                for (var n = 0; n < size * (12 + month) / 12; n++)
                {
                    var at = first.AddMonths(month).AddDays(random.Next(25)).AddMinutes(random.Next(600));
                    if (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                        at = at.AddDays(random.Next(5) == 0 ? 0 : 2);
                    // Of the current month, what is over; of today, what the live load shows.
                    if (at > now)
                        at = now.AddMinutes(-1 - random.Next(1400));
                    yield return Fact(department, at, n);
                }
            }
        }

        ConsultationFact Fact(Department department, DateTimeOffset at, int n)
        {
            var (unit, function) = units[random.Next(units.Length)];
            var regime = regimes[random.Next(regimes.Length)];
            return new ConsultationFact(
                Guid.CreateVersion7(at), at, Establishment(department, n % 3), n % 2 == 0 ? "groupe-" + department.Code : "", department.Code, unit, function, reasons[random.Next(reasons.Length)],
                regime.Length == 0 ? n % 5 == 0 ? ConsultationOutcome.Incomplete : ConsultationOutcome.NotFound : ConsultationOutcome.Found, regime, n % 4 == 0 ? Freshness.Cached : Freshness.Live,
                60 + random.Next(500), []);
        }
    }

    private static string Establishment(Department department, int number)
    {
        // Mayotte's begin with 98.
        var digits = (department.Code == "976" ? "9800" : department.IsOverseas ? "970" + department.Code[2] : department.Code + "00") + (8000 + number).ToString("D4", CultureInfo.InvariantCulture);
        return Enumerable.Range(0, 10).Select(key => digits + key.ToString(CultureInfo.InvariantCulture)).First(one => Finess.Parse(one).IsValid);
    }

    private static async Task ImportAsync(IPlatform platform, CancellationToken cancellationToken)
    {
        using var operations = await Clerk.SignInAsync(platform, "cpa-exploitation", cancellationToken);
        using var made = await operations.Http.PostAsJsonAsync(
            "api/usage/campaigns",
            new CampaignRequest("Déploiement 2008–2011", [new(1, "groupes d’établissements publics", TargetKind.LegalEntities, new DateOnly(2008, 9, 1)), new(2, "cliniques avec urgences", TargetKind.Establishments, new DateOnly(2009, 4, 1))]),
            cancellationToken);
        var campaign = (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Campaign>(cancellationToken))!;
        using var file = new StringContent(CampaignFiles.Of2011(), Encoding.UTF8, "text/csv");
        using var imported = await operations.Http.PostAsync(new Uri($"api/usage/campaigns/{campaign.Id}/targets", UriKind.Relative), file, cancellationToken);
        Assert.Equal(675 + 134, (await imported.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TargetsImported>(cancellationToken))!.Targets);
        using var kit = await operations.Http.PostAsJsonAsync($"api/usage/campaigns/{campaign.Id}/kit", new KitItem("Affiche pour les admissions", "https://exemple.invalid/affiche.pdf", new DateOnly(2010, 5, 3)), cancellationToken);
        kit.EnsureSuccessStatusCode();
        using var meeting = await operations.Http.PostAsJsonAsync(
            $"api/usage/campaigns/{campaign.Id}/meetings",
            new MeetingRequest(new DateOnly(2009, 3, 12), "32", "Lille", [.. Enumerable.Range(0, 400).Where(n => n % 17 is 8 or 13).Select(n => CampaignFiles.Finess(n, 1000))]), cancellationToken);
        meeting.EnsureSuccessStatusCode();
    }

    private sealed class Contexts(string file) : IDbContextFactory<UsageDb>
    {
        public UsageDb CreateDbContext() => new(new DbContextOptionsBuilder<UsageDb>().UseSqlite($"Data Source={file};Default Timeout=30").Options);
    }
}
