using System.Text.Json;
using System.Text.Json.Serialization;
using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Search;

/// <summary>
/// The national directory, where an instance has access to one: person → regimes that manage them (docs/regime-protocols.md,
/// « The directory »). Like the index it says whom to ask first, and answers nothing: what it leaves out is still searched.
/// </summary>
internal sealed partial class PersonDirectory(IHttpClientFactory clients, IOptions<SearchOptions> options, TimeProvider clock, ILogger<PersonDirectory> logger)
{
    public const string Client = "rights.directory";

    // In the journal, beside the regimes that were asked.
    public const string Name = "directory";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private long restsUntil;

    /// <summary>Whether it would be asked about this person now.</summary>
    public bool Knows(Question question) =>
        options.Value.Directory is not null && question.Subject is RegimeSubject.ByNir && clock.GetUtcNow().UtcTicks >= Volatile.Read(ref restsUntil);

    /// <summary>Never fails: a directory in trouble is left alone for ten seconds, and the search goes on without it.</summary>
    public async Task<IReadOnlyList<RegimeId>> FindAsync(Question question)
    {
        using var deadline = new CancellationTokenSource(options.Value.DirectoryTimeout, clock);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Value.Directory!, "affiliations"))
            {
                Content = JsonContent.Create(new Asked(((RegimeSubject.ByNir)question.Subject).Nir.Value), DirectoryJson.Default.Asked),
            };
            request.Headers.Add("X-Consultation", question.Id.ToString());
            request.Headers.Add("X-Establishment", question.Caller.Establishment.Value);
            request.Headers.Add("X-Purpose", question.Reason.Id);
            using var response = await clients.CreateClient(Client).SendAsync(request, deadline.Token);
            response.EnsureSuccessStatusCode();
            var said = await response.Content.ReadFromJsonAsync(DirectoryJson.Default.Said, deadline.Token);
            return [.. (said?.Regimes ?? throw new JsonException()).Select(text => RegimeId.Parse(text).TryGet(out var regime, out _) ? regime : throw new JsonException())];
        }
        catch (Exception e)
        {
            // Whatever it is; its message may quote what was read, its type does not.
            Volatile.Write(ref restsUntil, (clock.GetUtcNow() + Rest).UtcTicks);
            Log.Silent(logger, e.GetType().Name);
            return [];
        }
    }

    internal sealed record Asked(string Nir)
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(Asked);
    }

    internal sealed record Said(IReadOnlyList<string?>? Regimes);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The national directory did not answer ({Error}): people are searched for without it.")]
        public static partial void Silent(ILogger logger, string error);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PersonDirectory.Asked))]
[JsonSerializable(typeof(PersonDirectory.Said))]
internal sealed partial class DirectoryJson : JsonSerializerContext;
