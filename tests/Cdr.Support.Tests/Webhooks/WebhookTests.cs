using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tests.Doubles;
using Cdr.Support.Tests.Features;
using Cdr.Support.Webhooks;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Refit;

namespace Cdr.Support.Tests.Webhooks;

public sealed class WebhookTests : HostTests
{
    private ListenerDouble listener = null!;

    [Fact]
    public async Task A_group_is_told_of_its_tickets_signed_and_without_words()
    {
        var made = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var told = await ToldAsync(1);

        var text = Encoding.UTF8.GetString(told.Body);
        var body = JsonSerializer.Deserialize<WebhookBody>(text, JsonSerializerOptions.Web)!;
        Assert.Equal((told.Id, ticket.Id, ticket.Number, "open", TicketState.New), (body.Id.ToString(), body.Ticket, body.Number, body.Event, body.State));
        Assert.Equal("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromBase64String(made.Secret), Encoding.UTF8.GetBytes($"{told.Timestamp}.{text}"))), told.Signature);
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), told.Timestamp);
        Assert.DoesNotContain("lecteur", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("referent", text, StringComparison.OrdinalIgnoreCase);
        Assert.Null((await Group("ght-75").WebhooksAsync(Cancel)).Single().FailingSince);
    }

    [Fact]
    public async Task A_group_is_told_that_a_ticket_went_to_an_organism_and_nothing_of_the_hotlines_own_list()
    {
        var made = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);

        await Deadline.UntilAsync("transfer is told", TimeSpan.FromSeconds(60), async () => (await Group("ght-75").DeliveriesAsync(made.Webhook.Id, Cancel)).Any(one => one.Event == "transfer"), Cancel);
        Assert.DoesNotContain(await Group("ght-75").DeliveriesAsync(made.Webhook.Id, Cancel), one => one.Event == "check");
    }

    [Fact]
    public async Task Each_hears_its_own_and_sees_its_own()
    {
        await Group("ght-13").RegisterAsync(new WebhookRequest(listener.Url + "?who=group-13"), Cancel);
        var regime = await Regime("test-regime").RegisterAsync(new WebhookRequest(listener.Url + "?who=regime"), Cancel);
        await Regime("other-regime").RegisterAsync(new WebhookRequest(listener.Url + "?who=other"), Cancel);
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Hotline, ticket, TicketAction.Note, "…");
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Corrigé.");
        await ToldAsync(2);

        var deliveries = await Regime("test-regime").DeliveriesAsync(regime.Webhook.Id, Cancel);
        // The hotline's own note is nobody else's.
        Assert.Equal(["answer", "transfer"], deliveries.Select(one => one.Event).Order());
        Assert.Equal(2, listener.Told.Count);
        Assert.Equal("webhook-not-found", await RefusedAsync(() => Regime("other-regime").DeliveriesAsync(regime.Webhook.Id, Cancel), HttpStatusCode.NotFound));
        Assert.Equal("webhook-not-found", await RefusedAsync(() => Group("ght-75").EnableAsync(regime.Webhook.Id, Cancel), HttpStatusCode.NotFound));
        Assert.Empty(await Group("ght-75").WebhooksAsync(Cancel));
    }

    [Fact]
    public async Task What_does_not_arrive_is_tried_again_under_the_same_id_for_a_day()
    {
        listener.Status = 503;
        var made = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await ToldAsync(1);
        await StateAsync(made.Webhook.Id, row => row is { Attempts: 1, State: DeliveryState.Waiting, Status: 503 });
        await ByHandAsync(Sender);
        Clock.Advance(TimeSpan.FromSeconds(50));
        await Sender.RunOnceAsync(Cancel);
        Assert.Single(listener.Told);
        for (var hours = 0; hours < 30; hours++)
        {
            Pass(TimeSpan.FromHours(1));
            await Sender.RunOnceAsync(Cancel);
        }

        await StateAsync(made.Webhook.Id, row => row is { State: DeliveryState.Failed, DueAt: null, Attempts: 10 });
        Assert.Single(listener.Told.Select(one => one.Id).Distinct());

        listener.Status = 200;
        var tries = listener.Told.Count;
        var failed = (await Group("ght-75").DeliveriesAsync(made.Webhook.Id, Cancel)).Single();
        await Group("ght-75").ReplayAsync(made.Webhook.Id, failed.Id, Cancel);
        await Sender.RunOnceAsync(Cancel);
        Assert.Equal(failed.Id.ToString(), (await ToldAsync(tries + 1)).Id);
        await StateAsync(made.Webhook.Id, row => row is { State: DeliveryState.Delivered });
        Assert.Null((await Group("ght-75").WebhooksAsync(Cancel)).Single().FailingSince);
    }

    [Fact]
    public async Task After_three_days_of_silence_it_is_left_alone_and_its_owner_is_told()
    {
        listener.Status = 500;
        var made = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await ToldAsync(1);
        await StateAsync(made.Webhook.Id, row => row is { Status: 500 });
        Pass(TimeSpan.FromDays(3));
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await Deadline.UntilAsync("it is disabled", TimeSpan.FromSeconds(60), async () =>
        {
            await Sender.RunOnceAsync(Cancel);
            return (await Group("ght-75").WebhooksAsync(Cancel)).Single().DisabledAt is not null;
        }, Cancel);
        var manager = RestService.ForGenerated<ISupportApi>(Host.ClientOf(Token(CdrRoles.GroupManager, "manager-ght-75", group: "ght-75")), new RefitSettings());
        Assert.Contains(await manager.NoticesAsync(Cancel), notice => notice.Event == "webhookDisabled" && notice.Ticket == made.Webhook.Id);

        var told = listener.Told.Count;
        await MoveAsync(Hotline, ticket, TicketAction.Take);
        await Sender.RunOnceAsync(Cancel);
        Assert.Equal(told, listener.Told.Count);
        Assert.Null((await Group("ght-75").EnableAsync(made.Webhook.Id, Cancel)).DisabledAt);
    }

    [Theory]
    [InlineData(0)]
    // Written down while nothing was told: its first try comes when its day is over.
    [InlineData(25)]
    public async Task One_failure_some_days_after_another_leaves_nobody_alone(int waited)
    {
        listener.Status = 503;
        var made = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await ToldAsync(1);
        await StateAsync(made.Webhook.Id, row => row is { Attempts: 1, Status: 503 });
        await ByHandAsync(Sender);
        for (var hours = 0; hours < 30; hours++)
        {
            Pass(TimeSpan.FromHours(1));
            await Sender.RunOnceAsync(Cancel);
        }

        await StateAsync(made.Webhook.Id, row => row is { State: DeliveryState.Failed });
        // Nothing moves for three days, and then the program is slow once.
        Pass(TimeSpan.FromDays(3));
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            var owed = Owed(made.Webhook.Id, Clock.GetUtcNow());
            owed.Since = Clock.GetUtcNow().AddHours(-waited);
            db.Deliveries.Add(owed);
            await db.SaveChangesAsync(Cancel);
        }

        var tries = listener.Told.Count;
        await Sender.RunOnceAsync(Cancel);
        Assert.Equal(tries + 1, listener.Told.Count);
        Assert.Null((await Group("ght-75").WebhooksAsync(Cancel)).Single().DisabledAt);
        listener.Status = 204;
        // Whose only try was its last is told no more: another one is.
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            db.Deliveries.Add(Owed(made.Webhook.Id, Clock.GetUtcNow()));
            await db.SaveChangesAsync(Cancel);
        }

        Pass(TimeSpan.FromMinutes(2));
        await Sender.RunOnceAsync(Cancel);
        Assert.Null((await Group("ght-75").WebhooksAsync(Cancel)).Single().FailingSince);
    }

    [Fact]
    public async Task A_redirection_is_not_followed()
    {
        listener.Status = 307;
        var made = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await ToldAsync(1);
        await StateAsync(made.Webhook.Id, row => row is { Status: 307, State: DeliveryState.Waiting });
        Assert.Equal(0, listener.Elsewhere);
    }

    [Fact]
    public async Task A_removed_one_is_told_nothing_more_and_neither_address_nor_secret_stands_in_clear()
    {
        var made = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url + "?key=sesame-ouvre-toi"), Cancel);
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            var row = await db.Webhooks.SingleAsync(Cancel);
            Assert.DoesNotContain("sesame", Encoding.Latin1.GetString(row.Url), StringComparison.Ordinal);
            Assert.False(row.Secret.AsSpan().IndexOf(Convert.FromBase64String(made.Secret)) >= 0);
        }

        using var removed = await Group("ght-75").RemoveAsync(made.Webhook.Id, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(await Group("ght-75").WebhooksAsync(Cancel));
    }

    [Theory]
    [InlineData(503, 0)]
    [InlineData(204, 2)]
    public async Task One_that_answers_nothing_or_slowly_holds_up_nobody_else(int status, int seconds)
    {
        await using var bad = await ListenerDouble.StartAsync();
        (bad.Status, bad.Takes) = (status, TimeSpan.FromSeconds(seconds));
        var first = await Group("ght-75").RegisterAsync(new WebhookRequest(bad.Url), Cancel);
        var good = await Regime("test-regime").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        await ByHandAsync(Sender);
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            db.Deliveries.AddRange(Enumerable.Range(0, 150).Select(n => Owed(first.Webhook.Id, Clock.GetUtcNow().AddMinutes(-10).AddSeconds(n))));
            db.Deliveries.Add(Owed(good.Webhook.Id, Clock.GetUtcNow()));
            await db.SaveChangesAsync(Cancel);
        }

        await Sender.RunOnceAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Single(listener.Told);
        // Of one that refuses, one is tried and the others wait with it.
        if (status == 503)
        {
            Assert.Single(bad.Told);
            await Sender.RunOnceAsync(Cancel);
            Assert.Single(bad.Told);
        }
    }

    [Fact]
    public async Task One_whose_secret_does_not_open_any_more_fails_alone_and_can_be_removed()
    {
        var lost = await Group("ght-75").RegisterAsync(new WebhookRequest(listener.Url + "?who=lost"), Cancel);
        var good = await Regime("test-regime").RegisterAsync(new WebhookRequest(listener.Url), Cancel);
        await ByHandAsync(Sender);
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            await db.Webhooks.Where(row => row.Id == lost.Webhook.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Secret, new byte[60]).SetProperty(row => row.Url, new byte[60]), Cancel);
            db.Deliveries.AddRange(Owed(lost.Webhook.Id, Clock.GetUtcNow().AddMinutes(-1)), Owed(good.Webhook.Id, Clock.GetUtcNow()), Owed(Guid.CreateVersion7(Clock.GetUtcNow()), Clock.GetUtcNow()));
            await db.SaveChangesAsync(Cancel);
        }

        await Sender.RunOnceAsync(Cancel);
        Assert.Single(listener.Told);
        Assert.Equal((DeliveryState.Failed, "unreadable"), (await Group("ght-75").DeliveriesAsync(lost.Webhook.Id, Cancel)).Select(one => (one.State, one.Fault)).Single());
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
            Assert.Equal(0, await db.Deliveries.CountAsync(row => row.DueAt != null, Cancel));
        // It is shown without its address.
        Assert.Equal("", (await Group("ght-75").WebhooksAsync(Cancel)).Single().Url);
        using var removed = await Group("ght-75").RemoveAsync(lost.Webhook.Id, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    private DeliveryRow Owed(Guid webhook, DateTimeOffset due) => new()
    {
        Id = Guid.CreateVersion7(due), Webhook = webhook, Message = Guid.CreateVersion7(Clock.GetUtcNow()), Ticket = Guid.CreateVersion7(Clock.GetUtcNow()), Number = "26-1", Event = "open", TicketState = TicketState.New, At = due, DueAt = due, Since = Clock.GetUtcNow(),
    };

    private async Task<ListenerDouble.Telling> ToldAsync(int count)
    {
        await Deadline.UntilAsync($"{count} tellings", TimeSpan.FromSeconds(60), () => Task.FromResult(listener.Told.Count >= count), Cancel);
        return listener.Told.ElementAt(count - 1);
    }

    private Task StateAsync(Guid webhook, Func<DeliveryRow, bool> isSo) => Deadline.UntilAsync("the delivery is as it should be", TimeSpan.FromSeconds(60), async () =>
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        return isSo(await db.Deliveries.AsNoTracking().SingleAsync(row => row.Webhook == webhook, Cancel));
    }, Cancel);

    private WebhookSender Sender => Host.Services.GetServices<IHostedService>().OfType<WebhookSender>().Single();

    private IWebhooksApi Group(string group) => RestService.ForGenerated<IWebhooksApi>(Host.ClientOf(Token(CdrRoles.GroupManager, "manager-" + group, group: group)), new RefitSettings());

    private IWebhooksApi Regime(string regime) => RestService.ForGenerated<IWebhooksApi>(Host.ClientOf(Token(CdrRoles.RegimeAgent, "agent-" + regime, regime: regime)), new RefitSettings());

    private protected override async ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync()
    {
        listener = await ListenerDouble.StartAsync();
        return [new("Support:Webhooks:AllowPrivate", "true")];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await listener.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
