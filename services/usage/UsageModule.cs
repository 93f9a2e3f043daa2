using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Measures;
using Cdr.ServiceDefaults.Stores;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Counting;
using Cdr.Usage.Features.CountConsultations;
using Cdr.Usage.Features.ExportUsage;
using Cdr.Usage.Features.FreezeCampaigns;
using Cdr.Usage.Features.ImportTargets;
using Cdr.Usage.Features.ListSilent;
using Cdr.Usage.Features.ManageCampaigns;
using Cdr.Usage.Features.ReadBreakdown;
using Cdr.Usage.Features.ReadCampaigns;
using Cdr.Usage.Features.ReadDailyUsage;
using Cdr.Usage.Features.ReadMonths;
using Cdr.Usage.Features.ReadObjectives;
using Cdr.Usage.Features.ReadRegimes;
using Cdr.Usage.Features.ReadSeries;
using Cdr.Usage.Features.ReadSummary;
using Cdr.Usage.Features.ReconcileJournals;
using Cdr.Usage.Features.SweepRollups;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using MassTransit.Configuration;

namespace Cdr.Usage;

/// <summary>What was asked, by minute, hour, day and month, département, group, establishment, unit, function, regime, reason, outcome and source. Nothing personal.</summary>
public static class UsageModule
{
    internal const string Name = "usage";
    internal const string StoreName = "Usage";

    /// <summary>Registers the module; the host has called its service defaults.</summary>
    public static WebApplicationBuilder AddUsage(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateDataAnnotations()
            .Validate<ServiceAddresses>((_, addresses) => addresses.Knows("Rights"), "Services:Rights is not set: journals cannot be read.")
            .ValidateOnStart();
        builder.AddStore<UsageDb>(StoreName);
        builder.AddServiceClient<IJournalApi>(Name, "Rights", ClientIdentity.Service);

        builder.Services.AddSingleton<UsageMeter>().AddToldFromZero<UsageMeter>();
        builder.Services.AddSingleton<CellBook>();
        builder.Services.AddSingleton<CountingTurns>();
        builder.Services.AddScoped<JournalCounter>();
        builder.Services.AddScoped<JournalCatchUp>();
        builder.Services.AddScoped<Recount>();
        builder.Services.AddScoped<CountingAgain>();
        builder.Services.AddScoped<UsageReading>();
        builder.Services.AddSingleton<UsageTurns>();
        builder.Services.RegisterConsumer<CountConsultations, CountConsultationsDefinition>();
        builder.Services.AddHostedService<ReconcileJournals>();
        builder.Services.AddHostedService<SweepRollups>();
        builder.Services.AddHostedService<FreezeCampaigns>();

        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(ReadDailyUsage.Policy, ReadDailyUsage.Readers)
            .AddPolicy(ReadRegimes.Policy, ReadRegimes.Readers)
            .AddPolicy(CampaignPolicies.Steer, CampaignPolicies.Steering)
            .AddPolicy(CampaignPolicies.Read, CampaignPolicies.Reading)
            .AddPolicy(CampaignPolicies.Follow, CampaignPolicies.Following);
        builder.Services.AddApiDocument(Name, options => options.ShouldInclude = endpoint => endpoint.GroupName == Name);
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapUsage(this IEndpointRouteBuilder routes)
    {
        var usage = routes.MapGroup("").WithGroupName(Name).WithTags(Name);
        usage.MapReadDailyUsage();
        usage.MapReadSeries();
        usage.MapReadBreakdown();
        usage.MapReadSummary();
        usage.MapReadMonths();
        usage.MapReadObjectives();
        usage.MapReadRegimes();
        usage.MapExportUsage();
        usage.MapListCampaigns();
        usage.MapCreateCampaign();
        usage.MapImportTargets();
        usage.MapReadRates();
        usage.MapListTargets();
        usage.MapAddKitItem();
        usage.MapAddMeeting();
        usage.MapListSilent();
        return routes;
    }
}
