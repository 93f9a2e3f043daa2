using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>The regimes as the service registers them, over an HTTP handler that answers only what a test planned.</summary>
internal sealed class RegimeHarness : IDisposable
{
    public static readonly DateOnly Today = new(2026, 11, 23);

    private readonly ServiceProvider services;
    private readonly PlannedHandler handler = new();
    private int called;

    public RegimeHarness(Func<RegimeRow, RegimeRow>? change = null, bool realSockets = false, string address = "http://regimes.test/", bool patient = false)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Regimes:BaseAddress"] = address,
                // Its clock stands still: a regime that is left alone once would be for ever.
                ["Regimes:CircuitFailureRatio"] = patient ? "1" : "0.5",
                ["Regimes:CircuitMinimumCalls"] = patient ? "10000" : "10",
            }).Build());
        collection.AddSingleton<TimeProvider>(Clock);
        collection.AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace));
        collection.AddRegimes();
        if (change is not null)
            collection.AddSingleton(Changed(change));
        if (!realSockets)
            foreach (var row in Shipped.Rows)
                collection.AddHttpClient(RegimeHttpClients.NameOf(row.Id)).ConfigurePrimaryHttpMessageHandler(() => handler);
        services = collection.BuildServiceProvider();
    }

    public static RegimeRegistry Shipped { get; } = RegimeRegistry.Load(Path.Combine(AppContext.BaseDirectory, "regimes.json"));

    public static RegimeQuestion ByNir { get; } = new(
        new RegimeSubject.ByNir(Nir.Parse("2550814168025").Value), Today, Guid.Parse("019aa0c0-0000-7000-8000-000000000001"),
        Finess.Parse("750712184").Value, ConsultationReason.Emergency);

    public static RegimeQuestion ByName { get; } = ByNir with
    {
        Subject = new RegimeSubject.ByName("Lœuillet", "Noé", BirthDate.Parse("1950-20-00").Value),
    };

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    public LogLines Logs { get; } = new();

    public RegimeCaller Caller => services.GetRequiredService<RegimeCaller>();

    /// <value>How many requests went out.</value>
    public int Sent => handler.Sent;

    /// <value>How many questions were said to leave.</value>
    public int Called => called;

    /// <value>The last request and its body.</value>
    public (HttpRequestMessage Request, byte[] Body) Last => handler.Last ?? throw new InvalidOperationException("Nothing was sent.");

    public RegimeRegistry Registry => services.GetRequiredService<RegimeRegistry>();

    public RegimeRow Row(string id) => Registry.Find(RegimeId.Parse(id).Value)!;

    public void Plan(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => handler.Answer = answer;

    public void Plan(byte[] body, string contentType, HttpStatusCode status = HttpStatusCode.OK) =>
        Plan((_, _) => Task.FromResult(Response(body, contentType, status)));

    public void Plan(string body, string contentType, HttpStatusCode status = HttpStatusCode.OK) =>
        Plan(System.Text.Encoding.UTF8.GetBytes(body), contentType, status);

    public async Task<RegimeAnswer> AskAsync(string id, RegimeQuestion? question = null) =>
        (await Caller.AskAsync(Row(id), question ?? ByNir, () => Interlocked.Increment(ref called), TestContext.Current.CancellationToken)).Answer;

    public static HttpResponseMessage Response(byte[] body, string contentType, HttpStatusCode status)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return new HttpResponseMessage(status) { Content = content };
    }

    public void Dispose() => services.Dispose();

    private static RegimeRegistry Changed(Func<RegimeRow, RegimeRow> change) => RegimeRegistry.Read(
        JsonSerializer.SerializeToUtf8Bytes(
            new RegistryFile("test", [.. Shipped.Rows.Select(change)]), RegimeJson.Default.RegistryFile),
        "test");

    private sealed class PlannedHandler : HttpMessageHandler
    {
        private int sent;

        public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } =
            (_, _) => throw new HttpRequestException("This call was not planned.");

        public int Sent => sent;

        public (HttpRequestMessage Request, byte[] Body)? Last { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref sent);
            Last = (request, await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            return await Answer(request, cancellationToken);
        }
    }
}
