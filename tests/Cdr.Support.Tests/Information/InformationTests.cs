using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Cdr.Support.Tests.Information;

public sealed class InformationTests : HostTests
{
    private DateTimeOffset Now => Clock.GetUtcNow();

    private IInformationApi Writer => Telling(CdrRoles.Hotline, "hotline-1");

    private IInformationApi Agent => Telling(CdrRoles.RegimeAgent, "agent-1", "test-regime");

    private IInformationApi Reader => Telling(CdrRoles.Clerk, "clerk-1");

    [Fact]
    public async Task Everybody_reads_what_concerns_now_and_interruptions_before_they_begin()
    {
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Ancienne") with { From = Now.AddDays(-9), To = Now.AddDays(-1) }, Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "À venir") with { From = Now.AddDays(2) }, Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Du jour"), Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.Guide, "Guide") with { From = Now.AddDays(-3) }, Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.Downtime, "Demain") with { From = Now.AddDays(1), To = Now.AddDays(1).AddHours(2), Markdown = "" }, Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.Downtime, "En cours") with { From = Now.AddMinutes(-5) }, Cancel);
        var gone = await Writer.AnnounceAsync(Text(AnnouncementKind.Downtime, "Annulée") with { From = Now.AddDays(1) }, Cancel);
        await Writer.WithdrawAsync(gone.Id, Cancel);

        Assert.Equal(["En cours", "Demain", "Du jour", "Guide"], (await Reader.ReadAsync(Cancel)).Announcements.Select(one => one.Title));
        Pass(TimeSpan.FromHours(27));
        Assert.Equal(["En cours", "Du jour", "Guide"], (await Reader.ReadAsync(Cancel)).Announcements.Select(one => one.Title));
        Assert.Equal(7, (await Writer.ListAsync(Cancel)).Count);
    }

    [Fact]
    public async Task A_regimes_staff_announce_for_their_own_regime_and_change_no_other()
    {
        var ours = await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Notre maintenance") with { From = Now, To = Now.AddHours(1) }, Cancel);
        Assert.Equal("test-regime", ours.Regime);
        var theirs = await Writer.AnnounceAsync(Text(AnnouncementKind.News, "D'un autre") with { Regime = "other-regime" }, Cancel);
        var all = await Writer.AnnounceAsync(Text(AnnouncementKind.News, "De tous"), Cancel);
        var stranger = Telling(CdrRoles.RegimeAgent, "agent-9", "other-regime");

        Assert.Equal("regime-not-yours", await RefusedAsync(() => Agent.AnnounceAsync(Text(AnnouncementKind.News, "Ailleurs") with { Regime = "other-regime" }, Cancel), HttpStatusCode.Forbidden));
        foreach (var (who, what) in new[] { (Agent, theirs), (Agent, all), (stranger, ours), (stranger, all) })
        {
            Assert.Equal("announcement-not-found", await RefusedAsync(() => who.ChangeAsync(what.Id, Text(what.Kind, "Autre") with { Version = 1 }, Cancel), HttpStatusCode.NotFound));
            Assert.Equal("announcement-not-found", await RefusedAsync(() => who.WithdrawAsync(what.Id, Cancel), HttpStatusCode.NotFound));
            Assert.Equal("announcement-not-found", await RefusedAsync(() => who.HistoryAsync(what.Id, Cancel), HttpStatusCode.NotFound));
        }

        Assert.Equal([ours.Id], (await Agent.ListAsync(Cancel)).Select(one => one.Id));
        // The hotline mends what a regime said.
        Assert.Equal(2, (await Writer.ChangeAsync(ours.Id, Text(AnnouncementKind.Downtime, "Prolongée") with { Version = 1, To = Now.AddHours(3) }, Cancel)).Version);
        Assert.Equal([("hotline-1", "Prolongée"), ("agent-1", "Notre maintenance")], (await Agent.HistoryAsync(ours.Id, Cancel)).Select(one => (one.By, one.Said.Title)));
        Assert.Equal(3, (await Reader.ReadAsync(Cancel)).Announcements.Count);
    }

    [Theory]
    [InlineData("title", "title-invalid", " ", "x", null, null)]
    [InlineData("markdown", "markdown-invalid", "t", "", null, null)]
    [InlineData("to", "ends-before-it-begins", "t", "x", 2, 1)]
    [InlineData("to", "ends-before-it-begins", "t", "x", null, -1)]
    [InlineData("from", "too-far", "t", "x", 24 * 800, null)]
    [InlineData("markdown", "holds-email", "t", "jeanne.durand@hopital.example", null, null)]
    [InlineData("title", "text-unwritable", "t\0t", "x", null, null)]
    [InlineData("title", "holds-nir", "2 84 05 75 112 901 54", "x", null, null)]
    public async Task What_cannot_be_announced_is_refused_by_its_field(string field, string code, string title, string markdown, int? from, int? to)
    {
        var text = new AnnouncementText { Kind = AnnouncementKind.News, Title = title, Markdown = markdown, From = from is { } f ? Now.AddHours(f) : null, To = to is { } t ? Now.AddHours(t) : null };
        var refused = await Assert.ThrowsAnyAsync<ApiException>(() => Writer.AnnounceAsync(text, Cancel));
        var problem = System.Text.Json.JsonDocument.Parse(refused.Content!).RootElement;
        Assert.Equal((field, code), (problem.GetProperty("field").GetString(), problem.GetProperty("code").GetString()));
        Assert.Empty((await Reader.ReadAsync(Cancel)).Announcements);
    }

    [Fact]
    public async Task Sent_again_it_is_announced_once_and_a_change_sees_what_it_changes()
    {
        var text = Text(AnnouncementKind.News, "Une fois") with { Id = Guid.CreateVersion7(Now) };
        var first = await Writer.AnnounceAsync(text, Cancel);
        Assert.Equal(first, await Writer.AnnounceAsync(text, Cancel));
        Assert.Equal("announcement-changed", await RefusedAsync(() => Telling(CdrRoles.Hotline, "hotline-2").AnnounceAsync(text, Cancel), HttpStatusCode.Conflict));
        Assert.Single((await Reader.ReadAsync(Cancel)).Announcements);
        Assert.Equal("announcement-changed", await RefusedAsync(() => Writer.ChangeAsync(first.Id, text with { Version = 7 }, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("kind-fixed", await RefusedAsync(() => Writer.ChangeAsync(first.Id, text with { Kind = AnnouncementKind.Guide, Version = 1 }, Cancel), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task What_is_announced_is_told_by_its_id_and_nothing_else()
    {
        var bus = Host.Services.GetRequiredService<IBusControl>();
        var heard = new List<NewsPublished>();
        var handle = bus.ConnectReceiveEndpoint("news-test", endpoint => endpoint.Handler<NewsPublished>(context =>
        {
            lock (heard)
                heard.Add(context.Message);
            return Task.CompletedTask;
        }));
        await handle.Ready;
        var said = await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Notre maintenance") with { From = Now.AddHours(1), To = Now.AddHours(2) }, Cancel);
        await Deadline.UntilAsync("it is told", TimeSpan.FromSeconds(60), () =>
        {
            lock (heard)
                return Task.FromResult(heard.Count > 0);
        }, Cancel);

        var news = Assert.Single(heard);
        Assert.Equal((said.Id, AnnouncementKind.Downtime, "test-regime", said.From), (news.Announcement, news.Kind, news.Regime, news.From));
        await handle.StopAsync(Cancel);
    }

    [Fact]
    public async Task An_interruption_of_a_regime_is_told_with_each_change_and_one_of_a_caisse_or_of_all_is_not()
    {
        var bus = Host.Services.GetRequiredService<IBusControl>();
        var heard = new System.Collections.Concurrent.ConcurrentQueue<DowntimeAnnounced>();
        var handle = bus.ConnectReceiveEndpoint("downtime-test", endpoint => endpoint.Handler<DowntimeAnnounced>(context =>
        {
            heard.Enqueue(context.Message);
            return Task.CompletedTask;
        }));
        await handle.Ready;
        await Writer.AnnounceAsync(Text(AnnouncementKind.Downtime, "Tout le service") with { From = Now.AddHours(1), To = Now.AddHours(2) }, Cancel);
        await RestService.ForGenerated<IInformationApi>(Host.ClientOf(CaisseToken("01751")), new RefitSettings()).AnnounceAsync(Text(AnnouncementKind.Downtime, "Notre caisse") with { From = Now.AddHours(1), To = Now.AddHours(2) }, Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Une actualité") with { Regime = "test-regime" }, Cancel);
        var said = await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Notre maintenance") with { From = Now.AddHours(1), To = Now.AddHours(2) }, Cancel);
        await Writer.ChangeAsync(said.Id, Text(AnnouncementKind.Downtime, "Prolongée") with { Version = 1, To = Now.AddHours(3) }, Cancel);
        await Writer.WithdrawAsync(said.Id, Cancel);
        await Deadline.UntilAsync("all of it is told", TimeSpan.FromSeconds(60), () => Task.FromResult(heard.Count >= 3), Cancel);

        Assert.Equal(
            [(said.Id, 1, "test-regime", said.From, Now.AddHours(2), false), (said.Id, 2, "test-regime", said.From, Now.AddHours(3), false), (said.Id, 3, "test-regime", said.From, Now.AddHours(3), true)],
            heard.OrderBy(one => one.Version).Select(one => (one.Announcement, one.Version, one.Regime, one.From, one.To!.Value, one.Withdrawn)));
        await handle.StopAsync(Cancel);
    }

    [Fact]
    public async Task What_holds_is_told_once_more_and_what_was_withdrawn_before_its_end()
    {
        var over = await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Passée") with { From = Now.AddHours(-3), To = Now.AddHours(1) }, Cancel);
        var withdrawn = await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Retirée") with { From = Now.AddHours(1), To = Now.AddHours(9) }, Cancel);
        await Agent.WithdrawAsync(withdrawn.Id, Cancel);
        var holds = await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Prévue") with { From = Now.AddHours(5), To = Now.AddHours(9) }, Cancel);
        // Its end comes earlier than was said first: whoever did not hear it keeps the regime closed.
        var shortened = await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Abrégée") with { From = Now.AddHours(-1), To = Now.AddHours(8) }, Cancel);
        await Agent.ChangeAsync(shortened.Id, Text(AnnouncementKind.Downtime, "Abrégée") with { Version = 1, To = Now.AddMinutes(5) }, Cancel);
        await Agent.AnnounceAsync(Text(AnnouncementKind.Downtime, "Sans fin") with { From = Now.AddHours(-1) }, Cancel);
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Une actualité") with { Regime = "test-regime", To = Now.AddHours(9) }, Cancel);
        Pass(TimeSpan.FromHours(2));
        await Deadline.UntilAsync("all of it is told", TimeSpan.FromSeconds(60), async () =>
        {
            await using var db = await Host.Services.GetRequiredService<IDbContextFactory<Cdr.Support.Store.SupportDb>>().CreateDbContextAsync(Cancel);
            return !await db.Outbox.AnyAsync(Cancel);
        }, Cancel);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<DowntimeAnnounced>();
        var handle = Host.Services.GetRequiredService<IBusControl>().ConnectReceiveEndpoint("downtime-again-test", endpoint => endpoint.Handler<DowntimeAnnounced>(context =>
        {
            heard.Enqueue(context.Message);
            return Task.CompletedTask;
        }));
        await handle.Ready;

        // As at the start of the next process.
        await Host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Cdr.Support.Information.RetellDowntimes>().Single().RunOnceAsync(Cancel);
        await Deadline.UntilAsync("all three are told", TimeSpan.FromSeconds(60), () => Task.FromResult(heard.DistinctBy(one => one.Announcement).Count() >= 3), Cancel);
        Assert.DoesNotContain(over.Id, heard.Select(one => one.Announcement));
        Assert.Equal([(shortened.Id, 2, false), (withdrawn.Id, 2, true), (holds.Id, 1, false)], heard.DistinctBy(one => one.Announcement).OrderBy(one => one.From).Select(one => (one.Announcement, one.Version, one.Withdrawn)));
        await handle.StopAsync(Cancel);
    }

    [Fact]
    public async Task An_interruption_that_would_close_a_regime_for_days_is_confirmed()
    {
        var text = Text(AnnouncementKind.Downtime, "Migration") with { From = Now.AddHours(1), To = Now.AddHours(74) };
        Assert.Equal("closes-long", await RefusedAsync(() => Agent.AnnounceAsync(text, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("closes-long", await RefusedAsync(() => Writer.AnnounceAsync(text with { Regime = "test-regime", From = Now.AddDays(-9) }, Cancel), HttpStatusCode.BadRequest));
        var announced = await Agent.AnnounceAsync(text with { ClosesLong = true }, Cancel);
        Assert.Equal(text.To, announced.To);
        // Confirmed once is enough, for as long as it closes no longer.
        await Agent.ChangeAsync(announced.Id, text with { Version = 1, Title = "Migration des serveurs" }, Cancel);
        Assert.Equal("closes-long", await RefusedAsync(() => Agent.ChangeAsync(announced.Id, text with { Version = 2, To = Now.AddHours(75) }, Cancel), HttpStatusCode.BadRequest));
        // Made longer it closes it as well; one of all or of a caisse closes none.
        var brief = await Agent.AnnounceAsync(text with { To = Now.AddHours(3) }, Cancel);
        Assert.Equal("closes-long", await RefusedAsync(() => Agent.ChangeAsync(brief.Id, text with { Version = 1 }, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("closes-long", await RefusedAsync(() => Writer.ChangeAsync(brief.Id, text with { Version = 1 }, Cancel), HttpStatusCode.BadRequest));
        await Writer.AnnounceAsync(text, Cancel);
        await RestService.ForGenerated<IInformationApi>(Host.ClientOf(CaisseToken("01751")), new RefitSettings()).AnnounceAsync(text, Cancel);
    }

    [Fact]
    public async Task The_store_lets_nobody_change_what_was_said()
    {
        await Writer.AnnounceAsync(Text(AnnouncementKind.News, "Une"), Cancel);
        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Cdr.Support.Store.SupportDb>();
        await Assert.ThrowsAnyAsync<Exception>(() => db.AnnouncementVersions.ExecuteDeleteAsync(Cancel));
    }

    private IInformationApi Telling(string role, string subject, string? regime = null) => RestService.ForGenerated<IInformationApi>(Host.ClientOf(Token(role, subject, regime: regime)), new RefitSettings());

    private static AnnouncementText Text(AnnouncementKind kind, string title) => new() { Kind = kind, Title = title, Markdown = "Un texte." };
}
