using System.Diagnostics.Metrics;
using Cdr.Support.Features.KeepWebhooks;
using Cdr.Support.Features.TellWebhooks;
using Cdr.Support.Notifications;
using MassTransit.Configuration;

namespace Cdr.Support.Webhooks;

/// <summary>What programs were told, by what became of it.</summary>
internal sealed class WebhookMeter(IMeterFactory meters)
{
    private readonly Counter<long> deliveries = meters.Create("Cdr.Support").CreateCounter<long>("cdr.support.webhook.deliveries", "{delivery}", "Tellings of webhooks, by what became of each try.");

    public void Count(string outcome) => deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}

/// <summary>Rung where something is to be told at once.</summary>
internal sealed class WebhookBell : IDisposable
{
    private readonly OutboxBell bell = new();

    public void Ring() => bell.Ring();

    public Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken) => bell.WaitAsync(atMost, clock, cancellationToken);

    public void Dispose() => bell.Dispose();
}

internal static class WebhookRegistration
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<WebhookClient>().AddSingleton<WebhookBook>().AddSingleton<WebhookMeter>().AddSingleton<WebhookBell>();
        builder.Services.AddScoped<KeepWebhooks>();
        builder.Services.AddHostedService<WebhookSender>();
        builder.Services.RegisterConsumer<TellWebhooks, TellWebhooksDefinition>();
    }
}
