using Cdr.Rights.Features.DownloadBatch;
using MassTransit.Configuration;

namespace Cdr.Rights.Batches;

/// <summary>The lane of files of questions.</summary>
internal static class BatchServices
{
    public static IServiceCollection AddBatches(this IServiceCollection services)
    {
        services.AddOptions<BatchOptions>().BindConfiguration(BatchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BatchBudget>().AddSingleton<BatchReading>().AddSingleton<SealedLine>().AddSingleton<BatchMeter>().AddSingleton<LineRun>().AddSingleton<DownloadPace>();
        services.AddSingleton<BatchPump>().AddHostedService(provider => provider.GetRequiredService<BatchPump>());
        services.RegisterConsumer<AskLines, AskLinesDefinition>();
        return services;
    }
}
