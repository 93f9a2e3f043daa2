using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Refit;

namespace Cdr.Support.Tests.Mail;

public sealed class MailNewsTests : MailTestsOfHost
{
    private const string Address = "claire.dubois@chu.example";
    private const string Other = "paul@chu.example";

    [Fact]
    public async Task Who_subscribed_is_mailed_the_title_and_who_did_not_is_not()
    {
        await SubscribedAsync("referent-1", Address);
        await ConfirmedAsync(CdrRoles.Clerk, "clerk-1", Other);
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Une nouvelle carte"), Cancel);
        var message = await TakenAsync(Address, 2);
        // Behind it in the same queue.
        await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Maintenance\u00a0<de nuit>") with { From = Clock.GetUtcNow().AddDays(1), To = Clock.GetUtcNow().AddDays(2) }, Cancel);
        var second = await TakenAsync(Address, 3);

        Assert.Equal("Actualité\u00a0: Une nouvelle carte", message.Subject);
        Assert.Contains("https://portail.example/informations", message.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Un texte", message.TextBody, StringComparison.Ordinal);
        Assert.NotNull(message.Headers[HeaderId.ListUnsubscribe]);
        // An interruption is told before it begins.
        Assert.Equal("Interruption\u00a0: Maintenance\u00a0<de nuit>", second.Subject);
        Assert.Contains("&lt;de nuit&gt;", second.HtmlBody, StringComparison.Ordinal);
        Assert.Single(To(Other));
    }

    [Fact]
    public async Task Told_twice_it_is_mailed_once()
    {
        await SubscribedAsync("referent-1", Address);
        var said = await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Une fois"), Cancel);
        await TakenAsync(Address, 2);
        var row = (await RowsAsync()).Single(one => one.Announcement == said.Id);
        var news = new NewsPublished(row.Message, said.Id, said.Kind, null, said.From, Clock.GetUtcNow());
        await Host.Services.GetRequiredService<IBus>().Publish(news, Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Deux fois"), Cancel);
        await TakenAsync(Address, 3);

        Assert.Equal(3, To(Address).Count);
        Assert.Equal(2, (await RowsAsync()).Count(one => one.Announcement is not null));
    }

    [Fact]
    public async Task What_begins_later_is_mailed_then_or_later_still_and_what_was_withdrawn_is_not()
    {
        await SubscribedAsync("referent-1", Address);
        var (begins, moved) = (Clock.GetUtcNow().AddHours(3), Clock.GetUtcNow().AddHours(5));
        var kept = await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Pour onze heures") with { From = begins }, Cancel);
        var taken = await Writer.AnnounceAsync(Text(AnnouncementKind.Guide, "Retiré avant") with { From = begins }, Cancel);
        await OwedAsync("referent-1", 2);
        await ByHandAsync();
        Assert.All((await RowsAsync()).Where(row => row.Announcement is not null), row => Assert.Equal(begins, row.DueAt));
        await Writer.WithdrawAsync(taken.Id, Cancel);
        await Writer.ChangeAsync(kept.Id, Text(AnnouncementKind.News, "Pour treize heures") with { From = moved, Version = 1 }, Cancel);
        Pass(TimeSpan.FromHours(3));
        await Sender.RunOnceAsync(Cancel);
        Assert.Single(To(Address));
        Assert.Contains(await RowsAsync(), row => row.Announcement == kept.Id && row.DueAt == moved && row.Attempts == 0);
        Assert.Contains(await RowsAsync(), row => row.Announcement == taken.Id && row is { Fault: "unwanted", DueAt: null });

        Pass(TimeSpan.FromHours(2));
        await Sender.RunOnceAsync(Cancel);
        Assert.Equal("Actualité\u00a0: Pour treize heures", (await TakenAsync(Address, 2)).Subject);
    }

    [Fact]
    public async Task News_and_tickets_come_in_one_digest()
    {
        var mine = await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await mine.ChooseAsync(new MailChoice(MailWhen.Digest, MailWhen.Digest, MailWhen.Never, 9, MailWhen.Digest), Cancel);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Un ?");
        await Writer.AnnounceAsync(Text(AnnouncementKind.Guide, "Lire une réponse"), Cancel);
        await OwedAsync("referent-1", 2);
        await ByHandAsync();
        Pass(TimeSpan.FromDays(4));
        await Sender.RunOnceAsync(Cancel);
        var digest = await TakenAsync(Address, 2);

        Assert.Equal("Votre résumé\u00a0: 1 demande, 1 information", digest.Subject);
        Assert.Contains("Guide\u00a0: Lire une réponse", digest.TextBody, StringComparison.Ordinal);
        Assert.Contains(ticket.Number[..3], digest.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_by_one_click_is_sent_no_news_either()
    {
        var mine = await SubscribedAsync("referent-1", Address);
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Une"), Cancel);
        var link = new Uri((await TakenAsync(Address, 2)).Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>')).AbsolutePath;
        using var anybody = Host.ClientOf(null);
        using var click = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var left = await anybody.PostAsync(link, click, Cancel);

        Assert.Equal(MailWhen.Never, (await mine.PreferencesAsync(Cancel)).News);
    }

    [Fact]
    public async Task Who_follows_a_ticket_of_an_incident_is_mailed_its_end_once()
    {
        var mine = await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await mine.ChooseAsync(new MailChoice(MailWhen.Never, MailWhen.AtOnce, MailWhen.Never, 9), Cancel);
        var incidents = RestService.ForGenerated<IIncidentsApi>(Host.ClientOf(Token(CdrRoles.Hotline, "hotline-1")), new RefitSettings());
        var tickets = new[] { await Referent.OpenAsync(Technical(send: true), Cancel), await Referent.OpenAsync(Technical(send: true), Cancel) };
        var incident = await incidents.OpenAsync(new IncidentRequest { Title = "Lecteurs", Text = "Nous cherchons.", Tickets = [.. tickets.Select(ticket => ticket.Id)] }, Cancel);
        await incidents.NoteAsync(incident.View.Id, new IncidentNoteText(IncidentState.Resolved, "C'est réparé.", incident.Version), Cancel);

        Assert.EndsWith("\u00a0: l'incident est résolu", (await TakenAsync(Address, 2)).Subject, StringComparison.Ordinal);
        Assert.Single((await RowsAsync()), row => row.Event == "incidentResolved");
    }

    private IInformationApi Writer => Telling(CdrRoles.Hotline, "hotline-1");

    private IInformationApi Agent => Telling(CdrRoles.RegimeAgent, "agent-1");

    private IInformationApi Telling(string role, string subject) => RestService.ForGenerated<IInformationApi>(Host.ClientOf(Token(role, subject, regime: "test-regime")), new RefitSettings());

    private static AnnouncementText Text(AnnouncementKind kind, string title) => new() { Kind = kind, Title = title, Markdown = "Un texte." };

    private async Task<IMailApi> SubscribedAsync(string subject, string address)
    {
        var mine = await ConfirmedAsync(CdrRoles.Referent, subject, address);
        await mine.ChooseAsync(new MailChoice(MailWhen.AtOnce, MailWhen.Digest, MailWhen.AtOnce, 8, MailWhen.AtOnce), Cancel);
        return mine;
    }
}
