using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Features.WatchClocks;
using Cdr.Support.Store;
using Cdr.Support.Tests.Attachments;
using Cdr.Support.Tests.Doubles;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Refit;

namespace Cdr.Support.Tests.Features;

/// <summary>A ticket is one caisse's: its agents have it, those of another caisse of the same regime do not, and the regime's own staff have all.</summary>
public sealed class CaisseTests : HostTests
{
    private const string Paris = "01751";
    private const string Strasbourg = "01671";
    private ListenerDouble listener = null!;

    private static DateOnly Today => new(2026, 11, 20);

    [Fact]
    public async Task A_ticket_that_is_pointed_to_another_caisse_leaves_the_first_with_all_that_belongs_to_it()
    {
        var ticket = await ReadyToTransferAsync();
        var file = await AttachAsync(ticket);
        Assert.False(await HasAsync(Paris, ticket, file));
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        Assert.True(await HasAsync(Paris, ticket, file));
        Assert.False(await HasAsync(Strasbourg, ticket, file));
        Assert.True(await HasAsync(null, ticket, file));

        await MoveAsync(Caisse(Paris), ticket, TicketAction.Note, "Elle a déménagé.");
        var pointed = new TicketMove { Id = Guid.CreateVersion7(Clock.GetUtcNow()), Action = TicketAction.PointTo, Text = "Elle est à Strasbourg.", Organism = Strasbourg };
        await Caisse(Paris).MoveAsync(ticket.Id, pointed, Cancel);
        // Sent again after a silence it is done, although the ticket is theirs no more; anything else is not.
        await Caisse(Paris).MoveAsync(ticket.Id, pointed, Cancel);
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Caisse(Paris).MoveAsync(ticket.Id, pointed with { Text = "Non, ici." }, Cancel), HttpStatusCode.NotFound));
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Api(CdrRoles.RegimeAgent, "agent-9", regime: "other-regime").MoveAsync(ticket.Id, pointed, Cancel), HttpStatusCode.NotFound));

        Assert.False(await HasAsync(Paris, ticket, file));
        Assert.True(await HasAsync(Strasbourg, ticket, file));
        Assert.True(await HasAsync(null, ticket, file));
        var read = await Caisse(Strasbourg).ReadAsync(ticket.Id, Cancel);
        // What the first said to the hotline is between the two of them; what it said to this one is not.
        Assert.DoesNotContain(read.Entries, entry => entry.Text == "Elle a déménagé.");
        Assert.Contains(read.Entries, entry => entry.Text == "Elle est à Strasbourg.");
        Assert.Equal(TicketState.InProgress, (await MoveAsync(Caisse(Strasbourg), ticket, TicketAction.Answer, "Corrigé.")).State);
    }

    [Fact]
    public async Task Who_looks_is_told_to_whoever_has_the_ticket_with_them_and_to_no_other_caisse()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await Caisse(Paris).LookAsync(ticket.Id, Cancel);
        Assert.Equal(["agent-test-regime-01751"], (await Organism.LookAsync(ticket.Id, Cancel)).Others);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer, organism: Strasbourg);

        Assert.Empty((await Caisse(Strasbourg).LookAsync(ticket.Id, Cancel)).Others);
        Assert.Equal(["agent-test-regime-01671"], (await Organism.LookAsync(ticket.Id, Cancel)).Others);
    }

    [Fact]
    public async Task Bells_and_programs_of_a_caisse_hear_of_what_it_has_and_its_regimes_of_all()
    {
        Dictionary<string, (ISupportApi Api, Guid Webhook)> all = [];
        foreach (var (who, token) in new[]
        {
            ("paris", CaisseToken(Paris)), ("strasbourg", CaisseToken(Strasbourg)), ("code", CaisseToken(Paris, "other-regime")), ("regime", Token(CdrRoles.RegimeAgent, "agent-1", regime: "test-regime")),
        })
        {
            var client = Host.ClientOf(token);
            var made = await RestService.ForGenerated<IWebhooksApi>(client, new RefitSettings()).RegisterAsync(new WebhookRequest(listener.Url + "?who=" + who), Cancel);
            all.Add(who, (RestService.ForGenerated<ISupportApi>(client, new RefitSettings()), made.Webhook.Id));
        }

        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await ToldAsync(2);
        await MoveAsync(Organism, ticket, TicketAction.PointTo, "C'est Strasbourg.", Strasbourg);
        await ToldAsync(4);
        await MoveAsync(Caisse(Strasbourg), ticket, TicketAction.Answer, "Corrigé.");
        await ToldAsync(6);

        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        async Task<string> HeardAsync(string who)
        {
            var webhook = all[who].Webhook;
            return string.Join(' ', (await db.Deliveries.Where(row => row.Webhook == webhook).Select(row => row.Event).ToListAsync(Cancel)).Order(StringComparer.Ordinal));
        }

        Assert.Equal(("transfer", "answer pointTo", "", "answer pointTo transfer"), (await HeardAsync("paris"), await HeardAsync("strasbourg"), await HeardAsync("code"), await HeardAsync("regime")));
        async Task<string> RungAsync(string who) => string.Join(' ', (await all[who].Api.NoticesAsync(Cancel)).Select(notice => notice.Event).Order(StringComparer.Ordinal));
        await Deadline.UntilAsync("the last bell", TimeSpan.FromSeconds(60), async () => (await RungAsync("strasbourg")).Length > 0, Cancel);
        // Who pointed it is the regime's own, whose bell is many people's.
        Assert.Equal(("transfer", "pointTo", "", "pointTo transfer"), (await RungAsync("paris"), await RungAsync("strasbourg"), await RungAsync("code"), await RungAsync("regime")));
        Assert.Equal(1, (await Caisse(Strasbourg).NewNoticesAsync(Cancel)).New);
        foreach (var who in new[] { "strasbourg", "code", "regime" })
        {
            using var read = await all[who].Api.ReadNoticeAsync(Assert.Single(await all["paris"].Api.NoticesAsync(Cancel)).Id, Cancel);
            Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        }

        // Each has its own programs.
        foreach (var (token, other) in new[] { (CaisseToken(Paris), "regime"), (CaisseToken(Paris), "strasbourg"), (Token(CdrRoles.RegimeAgent, "agent-1", regime: "test-regime"), "paris") })
        {
            var own = RestService.ForGenerated<IWebhooksApi>(Host.ClientOf(token), new RefitSettings());
            Assert.Single(await own.WebhooksAsync(Cancel));
            Assert.Equal("webhook-not-found", await RefusedAsync(() => own.DeliveriesAsync(all[other].Webhook, Cancel), HttpStatusCode.NotFound));
        }
    }

    [Fact]
    public async Task A_clock_of_a_caisse_rings_at_that_caisse_and_at_its_regime()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        foreach (var api in new[] { Caisse(Paris), Organism })
            await UntilAsync(api, "transfer");
        Pass(TimeSpan.FromDays(60));
        await Host.Services.GetServices<IHostedService>().OfType<WatchClocks>().Single().RunOnceAsync(Cancel);
        foreach (var api in new[] { Caisse(Paris), Organism, Hotline })
            await UntilAsync(api, "clockMissed");
        Assert.Empty(await Caisse(Strasbourg).NoticesAsync(Cancel));
    }

    [Fact]
    public async Task A_caisse_announces_as_itself_and_changes_its_own_alone()
    {
        var (paris, strasbourg, regime) = (Telling(CaisseToken(Paris)), Telling(CaisseToken(Strasbourg)), Telling(Token(CdrRoles.RegimeAgent, "agent-1", regime: "test-regime")));
        var text = new AnnouncementText { Kind = AnnouncementKind.News, Title = "Fermeture du standard", Markdown = "Vendredi." };
        var own = await paris.AnnounceAsync(text, Cancel);
        var whole = await regime.AnnounceAsync(text, Cancel);
        Assert.Equal(("test-regime", Paris, "test-regime", null), (own.Regime, own.Organism, whole.Regime, whole.Organism));
        foreach (var (who, what) in new[] { (strasbourg, own), (paris, whole), (strasbourg, whole) })
        {
            Assert.Equal("announcement-not-found", await RefusedAsync(() => who.ChangeAsync(what.Id, text with { Version = 1 }, Cancel), HttpStatusCode.NotFound));
            Assert.Equal("announcement-not-found", await RefusedAsync(() => who.WithdrawAsync(what.Id, Cancel), HttpStatusCode.NotFound));
            Assert.Equal("announcement-not-found", await RefusedAsync(() => who.HistoryAsync(what.Id, Cancel), HttpStatusCode.NotFound));
        }

        Assert.Equal([own.Id], (await paris.ListAsync(Cancel)).Select(one => one.Id));
        Assert.Empty(await strasbourg.ListAsync(Cancel));
        // The regime answers for its caisses, and a caisse's word stays a caisse's.
        var changed = await regime.ChangeAsync(own.Id, text with { Title = "Standard fermé", Version = 1 }, Cancel);
        Assert.Equal((2, Paris), (changed.Version, changed.Organism));
        Assert.Contains((await strasbourg.ReadAsync(Cancel)).Announcements, one => one is { Title: "Standard fermé", Organism: Paris });
    }

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

    /// <summary>All of its doors at once; they agree.</summary>
    /// <param name="organism">Null: the regime's own staff.</param>
    /// <param name="ticket">Which.</param>
    /// <param name="file">Of it.</param>
    private async Task<bool> HasAsync(string? organism, Ticket ticket, Guid file)
    {
        var client = Host.ClientOf(organism is null ? Token(CdrRoles.RegimeAgent, "agent-1", regime: "test-regime") : CaisseToken(organism));
        var api = RestService.ForGenerated<ISupportApi>(client, new RefitSettings());
        var search = RestService.ForGenerated<ITicketSearchApi>(client, new RefitSettings());
        using var evidence = await api.EvidenceAsync(ticket.Id, Cancel);
        using var attachment = await api.AttachmentAsync(ticket.Id, file, Cancel);
        // Sums of what they see.
        var figures = (await api.FiguresAsync(Today, Today, "regime", Cancel)).Rows.Sum(row => row.Tickets) == 1;
        bool[] doors =
        [
            (await api.ListAsync(null, null, null, null, null, null, Cancel)).Tickets.Any(line => line.Id == ticket.Id),
            await IsThereAsync(() => api.ReadAsync(ticket.Id, Cancel)),
            await IsThereAsync(() => api.FindAsync(new TicketSearch { Number = ticket.Number }, Cancel)),
            await IsThereAsync(() => api.AttachmentsAsync(ticket.Id, Cancel)),
            await IsThereAsync(() => api.LookAsync(ticket.Id, Cancel)),
            (await search.SearchAsync(new TicketWordSearch("carte ouverte"), Cancel)).Tickets.Any(line => line.Id == ticket.Id),
            evidence.StatusCode == HttpStatusCode.OK,
            attachment.StatusCode == HttpStatusCode.OK,
            figures,
        ];
        Assert.Single(doors.Distinct());
        return doors[0];
    }

    private static async Task<bool> IsThereAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>And is found by its words from then on.</summary>
    private async Task<Guid> AttachAsync(Ticket ticket)
    {
        var chosen = Guid.CreateVersion7(Clock.GetUtcNow());
        using var content = new ByteArrayContent(HostileFileTests.Png());
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/octet-stream");
        using var sent = await Referent.AttachAsync(ticket.Id, content, "carte.png", chosen.ToString(), Cancel);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        await Deadline.UntilAsync("it is indexed", TimeSpan.FromSeconds(60), async () =>
        {
            await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
            return await db.SearchMarks.AnyAsync(row => row.Ticket == ticket.Id && row.Entry >= 1, Cancel);
        }, Cancel);
        return chosen;
    }

    private IInformationApi Telling(string token) => RestService.ForGenerated<IInformationApi>(Host.ClientOf(token), new RefitSettings());

    private Task ToldAsync(int count) => Deadline.UntilAsync($"{count} tellings", TimeSpan.FromSeconds(60), () => Task.FromResult(listener.Told.Count >= count), Cancel);

    private static Task UntilAsync(ISupportApi who, string what) =>
        Deadline.UntilAsync($"{what} is told", TimeSpan.FromSeconds(60), async () => (await who.NoticesAsync(Cancel)).Any(notice => notice.Event == what), Cancel);
}
