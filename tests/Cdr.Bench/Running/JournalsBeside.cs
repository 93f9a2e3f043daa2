using Cdr.Contracts.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using System.Text.Json;

namespace Cdr.Bench.Running;

/// <summary>Rights as Usage asks it, for nothing: each batch is written in JSON before the clock runs.</summary>
internal sealed class JournalsBeside : IAsyncDisposable
{
    // Long before whatever is counted here: no month is frozen.
    private static readonly DateTimeOffset KeptSince = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, List<byte[]>> journals = [];
    private long handedOut;

    private JournalsBeside()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/internal/journals", () =>
        {
            lock (gate)
                return journals.Select(journal => new JournalHead(journal.Key, journal.Value.Count, KeptSince)).ToList();
        });
        app.MapGet("/internal/journals/{id:guid}/batches", async (Guid id, int after, int take, HttpResponse response, CancellationToken cancellationToken) =>
        {
            List<byte[]> batches;
            lock (gate)
                batches = [.. journals[id].Skip(after).Take(take)];
            Interlocked.Add(ref handedOut, batches.Count);
            response.ContentType = "application/json";
            await response.WriteAsync("[", cancellationToken);
            for (var n = 0; n < batches.Count; n++)
            {
                if (n > 0)
                    await response.WriteAsync(",", cancellationToken);
                await response.Body.WriteAsync(batches[n], cancellationToken);
            }

            await response.WriteAsync("]", cancellationToken);
        });
    }

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <value>Batches that were fetched so far, each as often as it was.</value>
    public long HandedOut => Interlocked.Read(ref handedOut);

    public static async Task<JournalsBeside> StartAsync()
    {
        var beside = new JournalsBeside();
        await beside.app.StartAsync();
        return beside;
    }

    /// <summary>No journal is there any more.</summary>
    public void Clear()
    {
        lock (gate)
            journals.Clear();
    }

    /// <summary>A batch is committed: the next one of its journal.</summary>
    public void Add(Guid journal, byte[] batch)
    {
        lock (gate)
        {
            if (!journals.TryGetValue(journal, out var batches))
                journals[journal] = batches = [];
            batches.Add(batch);
        }
    }

    public static byte[] Json(ConsultationsAnswered batch) => JsonSerializer.SerializeToUtf8Bytes(batch, JsonSerializerOptions.Web);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
