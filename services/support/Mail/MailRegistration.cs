using Cdr.ServiceDefaults.Measures;
using Cdr.Support.Features.ChooseMail;
using Cdr.Support.Features.MailNews;
using Cdr.Support.Features.MailPeople;
using Cdr.Support.Features.TakeReply;
using Cdr.Support.Mail.Inbox;
using MassTransit.Configuration;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Mail;

internal static class MailRegistration
{
    /// <summary>E-mail: who is owed one is always heard, so that a server that is set up later finds the same code; nothing is kept while there is none.</summary>
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsCheck>();
        services.AddSingleton<ReplyAddress>().AddSingleton<MailWords>().AddSingleton<MailBook>().AddSingleton<MailBell>().AddSingleton<MailMeter>().AddToldFromZero<MailMeter>();
        services.AddSingleton<FollowedSessions>().AddScoped<ChooseMail>();
        if (string.IsNullOrEmpty(builder.Configuration[$"{MailOptions.Section}:{nameof(MailOptions.Host)}"]))
            services.AddSingleton<IMailRoute, PickupRoute>();
        else
            services.AddSingleton<IMailRoute, SmtpRoute>();
        services.AddHostedService<MailSender>();
        services.AddOptions<InboxOptions>().BindConfiguration(InboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<InboxOptions>, InboxOptionsCheck>();
        services.AddSingleton<InboxMeter>().AddSingleton<TakeReply>();
        if (string.IsNullOrEmpty(builder.Configuration[$"{InboxOptions.Section}:{nameof(InboxOptions.Host)}"]))
            services.AddSingleton<IInbox, DropFolderInbox>();
        else
            services.AddSingleton<IInbox, ImapInbox>();
        services.AddHostedService<InboxReader>();
        services.RegisterConsumer<MailPeople, MailPeopleDefinition>();
        services.RegisterConsumer<MailNews, MailNewsDefinition>();
    }

    private sealed class InboxOptionsCheck(IOptions<MailOptions> mail) : IValidateOptions<InboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, InboxOptions options) => options.Fault(mail.Value.IsOn) is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
    }

    private sealed class MailOptionsCheck : IValidateOptions<MailOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailOptions options) => options.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
    }
}
