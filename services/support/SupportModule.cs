using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Measures;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Attachments;
using Cdr.Support.Clocks;
using Cdr.Support.Escalation;
using Cdr.Support.Evidence;
using Cdr.Support.Features.Announce;
using Cdr.Support.Features.AttachFile;
using Cdr.Support.Features.ChooseMail;
using Cdr.Support.Features.ChooseSending;
using Cdr.Support.Features.CompareFields;
using Cdr.Support.Features.ExportTickets;
using Cdr.Support.Features.ImportOrganisms;
using Cdr.Support.Features.KeepCauses;
using Cdr.Support.Features.KeepTemplates;
using Cdr.Support.Features.KeepWebhooks;
using Cdr.Support.Features.LookAtTicket;
using Cdr.Support.Features.ManageIncidents;
using Cdr.Support.Features.MoveTicket;
using Cdr.Support.Features.NotifyPeople;
using Cdr.Support.Features.OpenTicket;
using Cdr.Support.Features.OpenTrialTicket;
using Cdr.Support.Features.ReadArticles;
using Cdr.Support.Features.ReadEvidence;
using Cdr.Support.Features.ReadIncidents;
using Cdr.Support.Features.ReadInformation;
using Cdr.Support.Features.ReadNotices;
using Cdr.Support.Features.ReadSupportFigures;
using Cdr.Support.Features.ReadTickets;
using Cdr.Support.Features.SearchTickets;
using Cdr.Support.Features.TellIncident;
using Cdr.Support.Features.VoteOnArticle;
using Cdr.Support.Features.WatchClocks;
using Cdr.Support.Features.WriteArticles;
using Cdr.Support.Incidents;
using Cdr.Support.Information;
using Cdr.Support.Knowledge;
using Cdr.Support.Mail;
using Cdr.Support.Metrics;
using Cdr.Support.Notifications;
using Cdr.Support.Retention;
using Cdr.Support.Search;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Cdr.Support.Webhooks;
using MassTransit.Configuration;

namespace Cdr.Support;

/// <summary>Contested answers: tickets, their proof, their clocks, and who is told.</summary>
public static class SupportModule
{
    internal const string Name = "support";

    /// <summary>Name of the service's store and keys.</summary>
    internal const string StoreName = "Support";

    /// <summary>Registers the module; the host has called its service defaults.</summary>
    public static WebApplicationBuilder AddSupport(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<SupportOptions>().BindConfiguration(SupportOptions.Section).ValidateDataAnnotations()
            .Validate(options => BusinessHours.TryRead(options.HotlinePlace, options.HotlineHours, out var hours) && hours.IsEnough, "Support:HotlineHours or Support:HotlinePlace means nothing: « 1-5 08:30-12:00 13:30-17:30 », two hours a week at least, and a département or nothing.")
            .Validate<ServiceAddresses>((_, addresses) => addresses.Knows("Rights"), "Services:Rights is not set: no contested answer can be read.")
            .ValidateOnStart();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TicketUpkeepOptions>().BindConfiguration(TicketUpkeepOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddKeys(StoreName);
        builder.AddStore<SupportDb>(StoreName);
        builder.AddServiceClient<IContestedAnswerApi>(Name, "Rights", ClientIdentity.Caller);
        builder.AddServiceClient<IRightsApi>(Name, "Rights", ClientIdentity.Caller);
        builder.AddServiceClient<IJournalProofApi>(Name, "Rights", ClientIdentity.Service);
        builder.AddServiceClient<IEvidenceReadingsApi>(Name, "Rights", ClientIdentity.Service);

        services.AddSingleton<RuleBook>().AddSingleton<Organisms>().AddSingleton<TicketText>().AddSingleton<OutboxBell>().AddSingleton<UnreadMessages>().AddSingleton<EvidenceKeeping>().AddSingleton<AttachmentKeeping>();
        services.AddSingleton<TicketWriting>().AddScoped<TicketView>().AddScoped<ContestedAnswers>().AddScoped<EvidenceReadings>().AddScoped<LaterAnswers>().AddScoped<OpenTicket>();
        services.AddHostedService<Dispatcher>().AddHostedService<RetellDowntimes>().AddHostedService<WatchClocks>().AddHostedService<ImportAtStart>();
        services.AddSingleton<ArticleWriting>().AddSingleton<ArticleSearching>().AddSingleton<PublicArticles>().AddHostedService<ShippedArticles>();
        services.AddSingleton<Announcing>().AddSingleton<IncidentWriting>();
        services.AddSingleton<TicketUpkeep>().AddHostedService(provider => provider.GetRequiredService<TicketUpkeep>()).AddToldFromZero<TicketUpkeep>();
        services.AddSingleton<TicketMeter>().AddHostedService<MeasureTickets>();
        services.RegisterConsumer<NotifyPeople, NotifyPeopleDefinition>();
        builder.AddMail();
        builder.AddWebhooks();
        services.AddSingleton<SearchIndex>().AddHostedService<IndexBehind>();
        services.RegisterConsumer<IndexTickets, IndexTicketsDefinition>();
        services.RegisterConsumer<OpenTrialTicket, OpenTrialTicketDefinition>();
        services.RegisterConsumer<TellIncident, TellIncidentDefinition>();
        if (string.IsNullOrEmpty(builder.Configuration[$"{SupportOptions.Section}:{nameof(SupportOptions.MalwareScanner)}"]))
            services.AddSingleton<IMalwareScan, NoMalwareScan>();
        else
            services.AddSingleton<IMalwareScan, ClamdMalwareScan>();
        services.AddSupportPolicies();
        services.AddApiDocument(Name, options => options.ShouldInclude = endpoint => endpoint.GroupName == Name);
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapSupport(this IEndpointRouteBuilder routes)
    {
        var support = routes.MapGroup("").WithGroupName(Name).WithTags(Name).AddEndpointFilter<RouteGroupBuilder, FollowSessions>();
        support.MapOpenTicket();
        support.MapListTickets();
        support.MapExportTickets();
        support.MapReadTicket();
        support.MapMoveTicket();
        support.MapLookAtTicket();
        support.MapReadEvidence();
        support.MapCompareFields();
        support.MapAttachFile();
        support.MapReadNotices();
        support.MapReadSupportFigures();
        support.MapKeepCauses();
        support.MapKeepTemplates();
        support.MapChooseSending();
        support.MapChooseMail();
        support.MapSearchTickets();
        support.MapKeepWebhooks();
        support.MapImportOrganisms();
        support.MapReadArticles();
        support.MapWriteArticles();
        support.MapDraftOfTicket();
        support.MapVoteOnArticle();
        support.MapReadInformation();
        support.MapAnnounce();
        support.MapReadIncidents();
        support.MapManageIncidents();
        return routes;
    }
}
