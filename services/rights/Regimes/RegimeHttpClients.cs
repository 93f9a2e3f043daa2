using System.Net;
using Cdr.Domain;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace Cdr.Rights.Regimes;

/// <summary>One named HTTP client a regime, made from the registry: a row added to the file has its client.</summary>
internal sealed class RegimeHttpClients(RegimeRegistry registry, IOptions<RegimeOptions> options, TimeProvider clock)
    : IConfigureNamedOptions<HttpClientFactoryOptions>
{
    private const string Prefix = "rights.regime.";

    public static string NameOf(RegimeId regime) => $"{Prefix}{regime}";

    public void Configure(string? name, HttpClientFactoryOptions client)
    {
        if (name is null || !name.StartsWith(Prefix, StringComparison.Ordinal))
            return;
        if (!RegimeId.Parse(name[Prefix.Length..]).TryGet(out var id, out _) || registry.Find(id) is not { } regime)
            return;

        var address = new Uri(options.Value.BaseAddress!, regime.Address);
        client.HttpClientActions.Add(http =>
        {
            http.BaseAddress = address;
            // The regime's pipeline keeps the time, the reading of the body included.
            http.Timeout = Timeout.InfiniteTimeSpan;
            http.MaxResponseContentBufferSize = Protocols.RegimeConnector.LongestAnswer;
        });
        client.HttpMessageHandlerBuilderActions.Add(builder =>
        {
            builder.PrimaryHandler = PrimaryHandler(regime);
            builder.AdditionalHandlers.Add(new ResilienceHandler(AskAgainOnce(clock)));
        });
    }

    public void Configure(HttpClientFactoryOptions client)
    {
    }

    private static SocketsHttpHandler PrimaryHandler(RegimeRow regime) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = regime.Limits.Timeout,
        // Addresses change behind names: a connection is not kept for ever.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = regime.Limits.Concurrency,
    };

    /// <summary>
    /// The one retry there is: a question changes nothing at the regime, so it is safe to ask again when the connection was
    /// refused or broke before the head of an answer was read. An answer that began is not asked for again, nor is a slow one.
    /// </summary>
    private static ResiliencePipeline<HttpResponseMessage> AskAgainOnce(TimeProvider clock) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>(exception =>
                    exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded
                    || exception.InnerException is IOException),
            })
            .Build();
}
