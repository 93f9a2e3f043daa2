using System.Net;

namespace Cdr.Local;

/// <summary>Says, once everything is ready, what to try.</summary>
internal sealed class Welcome(LocalSettings settings, IHostApplicationLifetime lifetime, IHttpClientFactory clients) : BackgroundService
{
    // A person of docs/people.md: a test identity.
    private const string Nir = "2 84 05 75 112 901 54";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var once = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        while (!await IsReadyAsync(stoppingToken))
            await Task.Delay(TimeSpan.FromMilliseconds(200), stoppingToken);
        Console.WriteLine($"""

            CDR — Consultation des DRoits — est prêt : {settings.Address}

              1. Ouvrez {settings.Address} et choisissez une carte du tiroir ; son code PIN est 1234.
              2. Demandez les droits d'une personne, sans choisir de régime : NIR {Nir}
                 (identité de test ; d'autres dans docs/people.md).
              3. L'API est décrite ici : {settings.Address}/docs

            Données : {settings.Data} (./run --fresh recommence à neuf). Ctrl-C arrête tout.

            """);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient();
            using var response = await client.GetAsync(new Uri(settings.Address + "/health/ready"), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
