using Cdr.Rights.Batches;
using Cdr.Rights.Cache;
using Cdr.Rights.Derivation;
using Cdr.Rights.Description;
using Cdr.Rights.Features.AcceptBatch;
using Cdr.Rights.Features.AskRights;
using Cdr.Rights.Features.DownloadBatch;
using Cdr.Rights.Features.ExportKeptAnswers;
using Cdr.Rights.Features.FollowFishing;
using Cdr.Rights.Features.ForgetCorrected;
using Cdr.Rights.Features.FollowBatches;
using Cdr.Rights.Features.FollowRegimes;
using Cdr.Rights.Features.ListConsultations;
using Cdr.Rights.Features.ListRegimes;
using Cdr.Rights.Features.MakeStatement;
using Cdr.Rights.Features.NoteReading;
using Cdr.Rights.Features.ProveConsultation;
using Cdr.Rights.Features.ReadConsultation;
using Cdr.Rights.Features.ReadStatement;
using Cdr.Rights.Features.ServeJournal;
using Cdr.Rights.Features.SubmitEligibility;
using Cdr.Rights.Features.TakeDowntime;
using Cdr.Rights.Features.TellChanges;
using Cdr.Rights.Features.TracePerson;
using Cdr.Rights.Features.UseConsultation;
using Cdr.Rights.Fishing;
using Cdr.Rights.Features.VerifyStatement;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Journal.Upkeep;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.Rights.Statements;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Measures;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using MassTransit.Configuration;
using Npgsql;

namespace Cdr.Rights;

/// <summary>The question: regimes, cache, derivation, journal.</summary>
public static class RightsModule
{
    /// <summary>Name of the service's store and keys.</summary>
    internal const string Name = "Rights";

    /// <summary>Registers the service.</summary>
    public static WebApplicationBuilder AddRights(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        builder.AddKeys(Name);
        var store = builder.AddStore<RightsDb>(Name, appendOnly: true);
        if (store.ConnectionString is { } connection)
        {
            services.AddKeyedSingleton(Name, PostgresJournalStore.Database(connection));
            services.AddSingleton<IJournalStore>(provider => new PostgresJournalStore(provider.GetRequiredKeyedService<NpgsqlDataSource>(Name)));
        }
        else
        {
            services.AddSingleton<IJournalStore, SqliteJournalStore>();
        }

        services.AddRegimes();
        services.AddReplyCache();
        services.AddOptions<SearchOptions>().BindConfiguration(SearchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PersonIndex>().AddSingleton<PersonDirectory>().AddSingleton<RegimeSearch>();
        services.AddHttpClient(PersonDirectory.Client, http => http.MaxResponseContentBufferSize = 64 * 1024)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        services.AddOptions<JournalOptions>().BindConfiguration(JournalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BatchSigner>().AddSingleton<DispatchMeter>().AddSingleton<CommittedBatches>().AddSingleton<JournalReader>();
        services.AddSingleton<JournalWriter>().AddHostedService(provider => provider.GetRequiredService<JournalWriter>());
        services.AddHostedService<Dispatcher>().AddHostedService<Checkpoints>();
        services.AddOptions<UpkeepOptions>().BindConfiguration(UpkeepOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<JournalUpkeep>().AddHostedService(provider => provider.GetRequiredService<JournalUpkeep>()).AddToldFromZero<JournalUpkeep>().AddToldFromZero<Consultations>();
        services.AddSingleton(RuleSet.Current).AddSingleton<SealedAnswer>().AddSingleton<RecordWriting>().AddSingleton<CandidateReference>().AddSingleton<SubjectReading>().AddSingleton<QuestionReading>();
        services.AddSingleton<AnswerWriting>().AddSingleton<PreparedAnswers>().AddSingleton<AnsweredConsultations>().AddSingleton<Consultations>().AddSingleton<AnswerStream>();
        services.AddOptions<FishingOptions>().BindConfiguration(FishingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FishingCases>().AddToldFromZero<FishingCases>().AddSingleton<FishingGuard>().AddSingleton<FishingSharing>().AddHostedService(provider => provider.GetRequiredService<FishingSharing>());
        services.AddOptions<FhirOptions>().BindConfiguration(FhirOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EligibilityRequestReading>();
        // Before the framework's own, which writes problems for whoever accepts anything.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, FhirProblems>());
        services.AddBatches();
        services.AddOptions<StatementOptions>().BindConfiguration(StatementOptions.Section).ValidateDataAnnotations()
            .Validate(statements => statements.KnownProxies.All(proxy => ClientAddress.Network(proxy) is not null), "Statements:KnownProxies holds something that is neither an address nor a network.")
            .ValidateOnStart();
        services.AddSingleton<ConsultationUses>().AddSingleton<StatementCodes>().AddSingleton<StatementWriting>().AddSingleton<VerifyLimit>();
        services.RegisterConsumer<ForgetCorrected, ForgetCorrectedDefinition>();
        services.AddSingleton<AnnouncedDowntimes>().AddHostedService(provider => provider.GetRequiredService<AnnouncedDowntimes>());
        services.RegisterConsumer<TakeDowntime, TakeDowntimeDefinition>();
        services.AddRightsPolicies();
        services.AddHostedService<SessionsAddressCheck>();
        services.AddApiDocument("rights", RightsDescription.Describe);
        return builder;
    }

    /// <summary>Maps its endpoints.</summary>
    public static IEndpointRouteBuilder MapRights(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithGroupName("rights").WithTags("Consultation des droits");
        group.MapAskRights();
        group.MapReadConsultation();
        group.MapListConsultations();
        group.MapProveConsultation();
        group.MapUseConsultation();
        group.MapUseBatch();
        group.MapMakeStatement();
        group.MapReadStatement();
        group.MapVerifyStatement();
        group.MapTracePerson();
        group.MapListFishing();
        group.MapLiftFishing();
        group.MapAcceptBatch();
        group.MapFollowBatches();
        group.MapDownloadBatch();
        group.MapListRegimes();
        group.MapFollowRegimes();
        group.MapTellChanges();
        group.MapExportKeptAnswers();
        // Described by FHIR itself (/fhir/metadata), not by OpenAPI.
        routes.MapSubmitEligibility();
        routes.MapServeJournal();
        routes.MapProveAnswer();
        routes.MapNoteReading();
        return routes;
    }

    /// <summary>A missing address is found when the service starts, not by the first caller.</summary>
    private sealed class SessionsAddressCheck(ServiceAddresses addresses) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            addresses.Of("Sessions");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
