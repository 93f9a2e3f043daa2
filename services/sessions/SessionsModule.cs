using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Features.AnswerProvider;
using Cdr.Sessions.Features.AskChallenge;
using Cdr.Sessions.Features.AskPackage;
using Cdr.Sessions.Features.AssignRole;
using Cdr.Sessions.Features.BeginProviderSignIn;
using Cdr.Sessions.Features.CloseHabilitation;
using Cdr.Sessions.Features.EndSession;
using Cdr.Sessions.Features.FindRoles;
using Cdr.Sessions.Features.GrantHabilitation;
using Cdr.Sessions.Features.IssueServiceToken;
using Cdr.Sessions.Features.IssueSoftwareToken;
using Cdr.Sessions.Features.JudgePost;
using Cdr.Sessions.Features.LeaveProvider;
using Cdr.Sessions.Features.ListAdministration;
using Cdr.Sessions.Features.ListDownloads;
using Cdr.Sessions.Features.ListExpiries;
using Cdr.Sessions.Features.ListHabilitations;
using Cdr.Sessions.Features.ListPosts;
using Cdr.Sessions.Features.ListProviders;
using Cdr.Sessions.Features.ListSoftware;
using Cdr.Sessions.Features.OpenPackage;
using Cdr.Sessions.Features.OpenSession;
using Cdr.Sessions.Features.PublishKeys;
using Cdr.Sessions.Features.RedeemTicket;
using Cdr.Sessions.Features.RegisterSoftware;
using Cdr.Sessions.Features.RenewToken;
using Cdr.Sessions.Features.StatePresence;
using Cdr.Sessions.Features.TellLiveness;
using Cdr.Sessions.Features.TellTerms;
using Cdr.Sessions.Features.TellTrial;
using Cdr.Sessions.Features.WithdrawCard;
using Cdr.Sessions.Features.WithdrawRole;
using Cdr.Sessions.Features.WithdrawSoftware;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.OpenId;
using Cdr.Sessions.Package;
using Cdr.Sessions.Posts;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Software;
using Cdr.Sessions.Terms;
using Cdr.Sessions.Tokens;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions;

/// <summary>From a card to a session: people, establishments, roles, tokens, ends.</summary>
public static class SessionsModule
{
    internal const string Name = "Sessions";
    internal const string Group = "sessions";

    /// <summary>Policy: a person, whose session may have ended already.</summary>
    internal const string Holder = "sessions-holder";

    /// <summary>Policy: the referent of an establishment.</summary>
    internal const string Referent = "sessions-referent";

    /// <summary>Policy: who sees workstations.</summary>
    internal const string PostReaders = "sessions-post-readers";

    /// <summary>Policy: any service of the platform.</summary>
    internal const string AnyService = "sessions-any-service";

    /// <summary>Policy: an administrator of the platform.</summary>
    internal const string PlatformAdministrator = "sessions-platform-administrator";

    /// <summary>Policy: an administrator of the platform or the referent of an establishment; how far, the use case says.</summary>
    internal const string AnyAdministrator = "sessions-any-administrator";

    /// <summary>Policy: whoever may read who gave and took access.</summary>
    internal const string AdministrationReader = "sessions-administration-reader";

    public static IHostApplicationBuilder AddSessions(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Options<SessionsOptions>(builder, SessionsOptions.Section).Validate(
            sessions => sessions.KnownProxies.All(proxy => ClientAddress.Network(proxy) is not null), "Sessions:KnownProxies holds something that is neither an address nor a network.");
        Options<TokenOptions>(builder, TokenOptions.Section).Validate(tokens => tokens.KeyAnnounced < tokens.KeyLifetime, "Sessions:Tokens:KeyAnnounced must be shorter than KeyLifetime.");
        Options<PresenceOptions>(builder, PresenceOptions.Section).Validate(
            presence => presence.Heartbeat * 2 < presence.Lost, "Sessions:Presence:Heartbeat must be shorter than half of Lost: one may be lost.");
        Options<PostOptions>(builder, PostOptions.Section);
        Options<TermsOptions>(builder, TermsOptions.Section).Validate(
            terms => terms.Version is null || File.Exists(terms.File), "Sessions:Terms:Version is set, and Sessions:Terms:File names no file.");
        var store = builder.AddStore<SessionsDb>(Name);
        var demo = builder.Environment.IsDevelopment() || store.IsEmbedded && builder.Configuration.GetValue<bool>("Drawer:Embedded");
        Options<TrustOptions>(builder, TrustOptions.Section)
            .PostConfigure(trust =>
            {
                trust.Folder ??= builder.Configuration["Data:Folder"] is { Length: > 0 } data ? Path.Combine(data, "trust") : null;
                trust.DemoAllowed = demo;
            })
            .Validate(trust => trust.Folder is not null, "Neither Sessions:Trust:Folder nor Data:Folder is set: name the folder of roots, issuers and revocation lists.")
            .Validate(trust => trust.ListAddresses.All(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"), "Sessions:Trust:ListAddresses holds something that is no http or https address.")
            // Not « anything but Production »: a production by another name must not take them either. What it trusts besides, Trust.Unfit looks at.
            .Validate(trust => !trust.TestPki || builder.Environment.IsDevelopment(), "Sessions:Trust:TestPki is set outside the environment Development: test cards are in everybody's hands.");
        builder.AddKeys(Name);

        builder.Services.AddSingleton<TrustStore>().AddSingleton<StillTrusted>().AddSingleton<TrustNetwork>().AddSingleton<DistributionPoints>().AddSingleton<CardVerification>().AddSingleton<ListWatch>().AddSingleton<Responders>();
        builder.Services.AddSingleton<PersonRegister>().AddSingleton<Admission>().AddSingleton<DirectoryImport>();
        builder.Services.AddSingleton<PostRegister>().AddSingleton(services => new PostPolicy(services.GetRequiredService<IOptions<PostOptions>>()));
        builder.Services.AddHostedService<PostPolicyGuard>();
        builder.Services.AddSingleton<SigningKeys>().AddSingleton<TokenMaker>().AddSingleton<OwnKeySet>();
        builder.Services.AddSingleton<AgentBindings>().AddSingleton<Heartbeats>().AddSingleton<CardPresence>().AddSingleton<StatePresence.PresenceLedger>();
        builder.Services.AddSingleton<PresenceWatch>().AddHostedService(services => services.GetRequiredService<PresenceWatch>());
        builder.Services.AddSingleton<LiveSessions>().AddSingleton<SessionMeter>().AddSingleton<SessionCopies>().AddSingleton(provider => new ClientAddress(
            provider.GetRequiredService<IOptions<SessionsOptions>>().Value.KnownProxies, $"{SessionsOptions.Section}:{nameof(SessionsOptions.KnownProxies)}", provider.GetRequiredService<ILogger<ClientAddress>>())).AddSingleton<AnonymousLimit>().AddSingleton<GivenSecrets>();
        builder.Services.AddHostedService<TrustGuard>().AddHostedService<DirectoryFollower>();
        builder.Services.AddSingleton<Housekeeping>().AddHostedService(services => services.GetRequiredService<Housekeeping>());
        builder.Services.AddHttpClient(ListDownload.Client).ConfigurePrimaryHttpMessageHandler(services => services.GetRequiredService<TrustNetwork>().Handler());
        builder.Services.AddHttpClient(Responders.Client).ConfigurePrimaryHttpMessageHandler(services => services.GetRequiredService<TrustNetwork>().Handler());
        builder.Services.AddHostedService<ListDownload>();
        builder.Services.AddSingleton<TrustFollower>().AddHostedService(services => services.GetRequiredService<TrustFollower>());
        builder.Services.AddHealthChecks().AddCheck<ListWatch>("sessions-trust", tags: ["ready"]);

        builder.AddSoftware();
        builder.AddProviders();
        Options<PackageOptions>(builder, PackageOptions.Section).Validate(package => package.IsComplete, "Sessions:Package:Folder needs a LicenceVersion and its licence.txt.")
            .Validate(package => package.Folder is null || PackageReaders.TryRead(package.Folder, out _), "Sessions:Package:Folder holds a readers.json that is no list of readers.");
        builder.Services.AddSingleton<PackageFiles>().AddSingleton<PackageDesk>();
        builder.Services.AddSingleton<TrialTelling>().AddHostedService(services => services.GetRequiredService<TrialTelling>());

        builder.Services.AddOptions<JwtBearerOptions>(CdrSchemes.Bearer).PostConfigure<OwnKeySet>((bearer, keys) => bearer.ConfigurationManager = keys);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Holder, new AuthorizationPolicyBuilder(CdrSchemes.Bearer).RequireClaim(CdrClaims.Kind, SubjectKinds.Person).RequireClaim(CdrClaims.Session).Build())
            .AddPolicy(PlatformAdministrator, Policies.Roles(CdrRoles.Administrator))
            .AddPolicy(AdministrationReader, Policies.Roles(CdrRoles.Administrator, CdrRoles.DataProtection, CdrRoles.Referent))
            .AddPolicy(AnyAdministrator, Policies.Roles(CdrRoles.Administrator, CdrRoles.Referent))
            .AddPolicy(Referent, Policies.Roles(CdrRoles.Referent))
            .AddPolicy(PostReaders, Policies.Roles(
                CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Hotline, CdrRoles.Operations, CdrRoles.Administrator))
            .AddPolicy(AnyService, new AuthorizationPolicyBuilder(CdrSchemes.Bearer).RequireClaim(CdrClaims.Kind, SubjectKinds.Service).Build());
        builder.Services.AddApiDocument(Group, options => options.ShouldInclude = description => description.GroupName == Group);
        return builder;
    }

    public static IEndpointRouteBuilder MapSessions(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var group = routes.MapGroup("").WithGroupName(Group).WithTags("Sessions");
        var limit = routes.ServiceProvider.GetRequiredService<AnonymousLimit>();
        var anonymous = group.MapGroup("").AddEndpointFilter(limit).ProducesProblem(StatusCodes.Status429TooManyRequests);
        anonymous.MapAskChallenge();
        anonymous.MapOpenSession();
        anonymous.MapRedeemTicket();
        anonymous.MapListProviders();
        anonymous.MapBeginProviderSignIn();
        anonymous.MapAnswerProvider();
        anonymous.MapAskPackage();
        anonymous.MapOpenPackage();
        anonymous.MapTellTrial();
        anonymous.MapJudgePost();
        // These prove a given secret or a key, and most before the database is asked: what proves nothing counts, where it does not. Every screen of a site and every service come here through the portal.
        group.MapRenewToken();
        group.MapLeaveProvider();
        group.MapWithdrawCard();
        group.MapStatePresence();
        group.MapIssueServiceToken();
        group.MapPublishKeys();
        group.MapEndSession();
        group.MapTellTerms();
        group.MapListHabilitations();
        group.MapGrantHabilitation();
        group.MapCloseHabilitation();
        group.MapListPosts();
        group.MapTellLiveness();
        group.MapIssueSoftwareToken();
        group.MapRegisterSoftware();
        group.MapListSoftware();
        group.MapWithdrawSoftware();
        group.MapFindRoles();
        group.MapAssignRole();
        group.MapWithdrawRole();
        group.MapListAdministration();
        group.MapListExpiries();
        group.MapListDownloads();
        return routes;
    }

    private static OptionsBuilder<TOptions> Options<TOptions>(IHostApplicationBuilder builder, string section)
        where TOptions : class =>
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
}
