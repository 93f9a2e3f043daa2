using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Support.Store;
using Cdr.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Cdr.Support.Tests.Mail;

public class MailTests : MailTestsOfHost
{
    private const string Address = "claire.dubois@chu.example";

    [Fact]
    public async Task Who_is_concerned_is_mailed_a_number_what_happened_and_a_link_and_no_words()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Secret de Mme LEFÈVRE ?");

        var team = await TakenAsync(Team);
        var message = await TakenAsync(Address, 2);

        Assert.Equal($"Demande {Spoken(ticket)}\u00a0: la hotline vous pose une question", message.Subject);
        Assert.Contains($"https://portail.example/demandes/{ticket.Id}", message.TextBody, StringComparison.Ordinal);
        Assert.Contains($"href=\"https://portail.example/demandes/{ticket.Id}\"", message.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.EndsWith("@cdr.example", message.MessageId, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", message.Headers["List-Unsubscribe-Post"]);
        Assert.Null(team.Headers[HeaderId.ListUnsubscribe]);
        foreach (var one in new[] { message, team })
        {
            foreach (var word in new[] { "LEF", "Secret", "lecteur", "matin" })
                Assert.DoesNotContain(word, one.ToString() + one.TextBody + one.HtmlBody, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Messages_of_one_ticket_are_one_thread()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Un ?");
        var first = await TakenAsync(Address, 2);
        Clock.Advance(TimeSpan.FromSeconds(10));
        await MoveAsync(Hotline, ticket, TicketAction.Reply, "Deux.");
        var second = await TakenAsync(Address, 3);

        Assert.Null(first.InReplyTo);
        Assert.Equal(first.MessageId, second.InReplyTo);
        Assert.Contains(first.MessageId, second.References);
    }

    [Fact]
    public async Task Told_twice_it_is_mailed_once()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await TakenAsync(Team);
        var moved = new TicketMoved((await RowsAsync())[0].Message, ticket.Id, 1, TicketAction.Open, TicketState.New, Clock.GetUtcNow());
        await Host.Services.GetRequiredService<IBus>().Publish(moved, Cancel);
        await Host.Services.GetRequiredService<IBus>().Publish(moved, Cancel);
        // Behind them in the same queue.
        await MoveAsync(Referent, ticket, TicketAction.Reply, "…");
        await TakenAsync(Team, 2);

        Assert.Equal(2, (await RowsAsync()).Count);
        Assert.Equal(2, To(Team).Count);
    }

    [Fact]
    public async Task A_server_that_is_down_delays_and_loses_nothing()
    {
        Smtp.RecipientReply = "451 not now";
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await Deadline.UntilAsync("it was tried", TimeSpan.FromSeconds(60), async () => (await RowsAsync()) is [{ Attempts: 1, DueAt: not null }], Cancel);
        await ByHandAsync();
        // Not before its time.
        Clock.Advance(TimeSpan.FromSeconds(59));
        await Sender.RunOnceAsync(Cancel);
        Assert.Empty(Smtp.Taken);
        Assert.Equal(1, (await RowsAsync())[0].Attempts);

        Smtp.RecipientReply = null;
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Sender.RunOnceAsync(Cancel);
        Assert.Single(To(Team));
        Assert.True((await RowsAsync()) is [{ SentAt: not null, DueAt: null }]);
    }

    [Fact]
    public async Task What_was_taken_without_a_word_is_sent_again_under_the_same_id()
    {
        Smtp.DiesAfterTaking = 1;
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await TakenAsync(Team);
        await Deadline.UntilAsync("it was tried", TimeSpan.FromSeconds(60), async () => (await RowsAsync()) is [{ Attempts: 1 }], Cancel);
        await ByHandAsync();
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Sender.RunOnceAsync(Cancel);
        Assert.Equal(2, To(Team).Count);

        Assert.Single(To(Team).Select(message => message.MessageId).Distinct());
    }

    [Fact]
    public async Task What_will_never_be_taken_is_set_aside_and_the_next_one_leaves()
    {
        Smtp.RecipientReply = "550 no such mailbox";
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await Deadline.UntilAsync("it is set aside", TimeSpan.FromSeconds(60), async () => (await RowsAsync()) is [{ SetAsideAt: not null, Fault: "550", DueAt: null }], Cancel);
        Smtp.RecipientReply = null;
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await TakenAsync(Team);

        Assert.Equal(2, (await RowsAsync()).Count);
    }

    [Theory]
    [InlineData("553 5.7.1 Sender address rejected: not owned by user")]
    [InlineData("554 5.7.1 Relay access denied")]
    [InlineData("550 5.4.5 Daily user sending quota exceeded")]
    [InlineData("550 5.1.8 Sender address rejected: Domain not found")]
    [InlineData("554 Client host blocked")]
    public async Task What_is_refused_because_of_ourselves_waits_until_that_is_put_right(string reply)
    {
        Smtp.RecipientReply = reply;
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await Deadline.UntilAsync("it was tried", TimeSpan.FromSeconds(60), async () => (await RowsAsync()) is [{ Attempts: 1 }], Cancel);
        await ByHandAsync();
        Smtp.RecipientReply = null;
        Pass(TimeSpan.FromMinutes(2));
        await Sender.RunOnceAsync(Cancel);
        await TakenAsync(Team);
        Assert.All(await RowsAsync(), row => Assert.Null(row.SetAsideAt));
    }

    [Fact]
    public async Task One_persons_summary_is_one_however_many_others_are_due()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await ByHandAsync();
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var due = Clock.GetUtcNow().AddMinutes(-1);
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            await db.Mails.ExecuteDeleteAsync(Cancel);
            for (var n = 0; n < 122; n++)
            {
                db.Mails.Add(new MailRow
                {
                    Id = Guid.CreateVersion7(due.AddMilliseconds(n)), Message = Guid.CreateVersion7(Clock.GetUtcNow()), Recipient = n is 0 or 121 ? "referent-1" : $"nobody-{n}", Ticket = ticket.Id, Number = ticket.Number, Event = "reply", At = due,
                    Digest = true, DueAt = due,
                });
            }

            await db.SaveChangesAsync(Cancel);
        }

        var before = To(Address).Count;
        await Sender.RunOnceAsync(Cancel);
        await Sender.RunOnceAsync(Cancel);
        Assert.Equal(before + 1, To(Address).Count);
        Assert.Equal(2, (await RowsAsync()).Count(row => row.Recipient == "referent-1" && row.SentAt != null));
    }

    [Fact]
    public async Task What_began_with_a_call_is_mailed_to_the_establishments_referents()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await ConfirmedAsync(CdrRoles.Clerk, "clerk-1", "paul@chu.example");
        var ticket = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");

        Assert.Contains(Spoken(ticket), (await TakenAsync(Address, 2)).Subject, StringComparison.Ordinal);
        Assert.DoesNotContain(await RowsAsync(), row => row.Recipient == "clerk-1" && row.Event != MailRow.CodeEvent);
    }

    [Fact]
    public async Task Who_left_an_establishment_is_mailed_nothing_more_of_it()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await ConfirmedAsync(CdrRoles.Referent, "referent-2", "paul@chu.example");
        // At their new post they never look at what they chose.
        await Api(CdrRoles.Referent, "referent-1", Elsewhere).NoticesAsync(Cancel);
        var ticket = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");

        Assert.Contains(Spoken(ticket), (await TakenAsync("paul@chu.example", 2)).Subject, StringComparison.Ordinal);
        Assert.DoesNotContain(await RowsAsync(), row => row.Recipient == "referent-1" && row.Event != MailRow.CodeEvent);
        var there = await Hotline.OpenAsync(Technical() with { Establishment = Elsewhere }, Cancel);
        await MoveAsync(Hotline, there, TicketAction.Ask, "Quel lecteur ?");
        Assert.Contains(Spoken(there), (await TakenAsync(Address, 2)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_calls_every_few_seconds_asks_the_store_once_a_minute_as_whom_it_calls()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        // As another process did that saw them at another post.
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        async Task<string> PlaceAsync() => await db.MailAddresses.Where(row => row.Subject == "referent-1").Select(row => row.Establishment).SingleAsync(Cancel);
        await db.MailAddresses.ExecuteUpdateAsync(set => set.SetProperty(row => row.Establishment, Elsewhere), Cancel);

        await Referent.NoticesAsync(Cancel);
        Assert.Equal(Elsewhere, await PlaceAsync());
        Pass(FollowedSessions.Lasts);
        await Referent.NoticesAsync(Cancel);
        Assert.Equal(Here, await PlaceAsync());
        // Somebody else they are at once.
        await Api(CdrRoles.Referent, "referent-1", Elsewhere).NoticesAsync(Cancel);
        Assert.Equal(Elsewhere, await PlaceAsync());
    }

    [Fact]
    public async Task Nor_of_what_they_began_there()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        var referent = Api(CdrRoles.Referent, "referent-1", Here);
        var ticket = await referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");
        Assert.Contains(Spoken(ticket), (await TakenAsync(Address, 2)).Subject, StringComparison.Ordinal);

        await Api(CdrRoles.Referent, "referent-1", Elsewhere).NoticesAsync(Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Reply, "Nous cherchons.");
        List<MailRow> owed = [];
        await Deadline.UntilAsync("what is owed is over", TimeSpan.FromSeconds(60), async () => (owed = [.. (await RowsAsync()).Where(row => row.Recipient == "referent-1" && row.Event == "reply")]) is [{ DueAt: null }], Cancel);
        Assert.Null(owed[0].SentAt);
    }

    [Fact]
    public async Task Where_clerks_send_themselves_those_who_read_mail_are_mailed()
    {
        await Referent.ChooseAsync(new EstablishmentChoice(true), Cancel);
        await ConfirmedAsync(CdrRoles.Clerk, "clerk-1", "paul@chu.example");
        var ticket = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");
        Assert.Contains(Spoken(ticket), (await TakenAsync("paul@chu.example", 2)).Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("establishment:" + Here, null, "referent-1 referent-2")]
    // Who did it knows.
    [InlineData("establishment:" + Here, "referent-1", "referent-2")]
    [InlineData("establishment:" + Elsewhere, null, "referent-9")]
    [InlineData("clerks:" + Here, null, "clerk-1")]
    [InlineData("clerks:" + Elsewhere, null, "")]
    public async Task An_establishments_bell_is_mailed_to_those_of_its_desk(string bell, string? by, string expected)
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        foreach (var (subject, role, place) in new[] { ("referent-1", CdrRoles.Referent, Here), ("referent-2", CdrRoles.Referent, Here), ("referent-9", CdrRoles.Referent, Elsewhere), ("clerk-1", CdrRoles.Clerk, Here), ("manager-1", CdrRoles.GroupManager, Here) })
            db.MailAddresses.Add(new MailAddressRow { Subject = subject, Id = Guid.CreateVersion7(Clock.GetUtcNow()), Place = "75", Role = role, Establishment = place, Address = [1] });
        db.MailAddresses.Add(new MailAddressRow { Subject = "referent-3", Id = Guid.CreateVersion7(Clock.GetUtcNow()), Place = "75", Role = CdrRoles.Referent, Establishment = Here });
        await db.SaveChangesAsync(Cancel);

        Assert.Equal(expected, string.Join(' ', await MailBook.PeopleAsync(db, bell, by, Cancel)));
    }

    [Fact]
    public async Task Two_replicas_that_look_at_once_send_one()
    {
        Smtp.RecipientReply = "451 not now";
        await Referent.OpenAsync(Technical(send: true), Cancel);
        await Deadline.UntilAsync("it was tried", TimeSpan.FromSeconds(60), async () => (await RowsAsync()) is [{ Attempts: 1 }], Cancel);
        await ByHandAsync();
        var route = new SlowRoute();
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Another(route).RunOnceAsync(Cancel)));

        Assert.Equal(1, route.Sent);
        Assert.True((await RowsAsync()) is [{ SentAt: not null, Attempts: 2 }]);
    }

    [Fact]
    public async Task Together_at_their_hour_of_a_working_day_of_their_place()
    {
        var mine = await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await mine.ChooseAsync(new MailChoice(MailWhen.Digest, MailWhen.Digest, MailWhen.Never, 9), Cancel);
        var first = await Referent.OpenAsync(Technical(send: true), Cancel);
        var second = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, first, TicketAction.Ask, "Un ?");
        await MoveAsync(Hotline, second, TicketAction.Ask, "Deux ?");
        await OwedAsync("referent-1", 2);
        await ByHandAsync();
        // It is Friday, 9 o'clock in Paris: Monday's, and not one alone at once.
        Assert.All((await RowsAsync()).Where(row => row.Recipient == "referent-1" && row.Event == "ask"), row => Assert.Equal(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero), row.DueAt));
        Pass(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        await Sender.RunOnceAsync(Cancel);
        Assert.Single(To(Address));

        Clock.Advance(TimeSpan.FromMinutes(2));
        await Sender.RunOnceAsync(Cancel);
        var digest = To(Address)[^1];
        await Sender.RunOnceAsync(Cancel);

        Assert.Equal(2, To(Address).Count);
        Assert.Contains(Spoken(first), digest.TextBody, StringComparison.Ordinal);
        Assert.Contains(Spoken(second), digest.TextBody, StringComparison.Ordinal);
        Assert.Equal("Votre résumé\u00a0: 2 demandes", digest.Subject);
    }

    [Fact]
    public async Task An_organisms_team_is_mailed_where_its_table_says()
    {
        await ImportAsync(Table.Replace("horaires\n", "horaires;courriel\n", StringComparison.Ordinal).Replace("75;\n", "75;;cdr@cpam75.example\n", StringComparison.Ordinal).Replace("17:30\n", "17:30;\n", StringComparison.Ordinal).Replace("59;\n", "59;;\n", StringComparison.Ordinal), version: "m");
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        await MoveAsync(Referent, ticket, TicketAction.Send);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ["identity", "card", "difference", "date"] }, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);

        Assert.Contains("transférée à l'organisme", (await TakenAsync("cdr@cpam75.example")).Subject, StringComparison.Ordinal);
        // Two bells, the caisse's and its regime's, and one message.
        await Deadline.UntilAsync("both bells", TimeSpan.FromSeconds(60), async () => await BellsAsync() == 2, Cancel);
        Assert.Equal(["organism:01751"], (await RowsAsync()).Where(row => row.Event == "transfer").Select(row => row.Recipient));
        await MoveAsync(Organism, ticket, TicketAction.PointTo, "C'est Strasbourg.", "01671");
        await Deadline.UntilAsync("both bells", TimeSpan.FromSeconds(60), async () => await BellsAsync() == 4, Cancel);
        // Strasbourg reads nowhere, and Paris has it no more.
        Assert.Single(To("cdr@cpam75.example"));
    }

    [Fact]
    public async Task One_click_of_the_mail_program_ends_it_and_a_forged_one_does_not()
    {
        var mine = await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Un ?");
        var link = new Uri((await TakenAsync(Address, 2)).Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>')).AbsolutePath;
        using var anybody = Host.ClientOf(null);
        using var click = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var forged = await anybody.PostAsync(link[..^1] + (link[^1] == '0' ? '1' : '0'), click, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, forged.StatusCode);
        Assert.Equal(MailWhen.AtOnce, (await mine.PreferencesAsync(Cancel)).Words);

        using var again = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var left = await anybody.PostAsync(link, again, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        var now = await mine.PreferencesAsync(Cancel);
        Assert.Equal((MailWhen.Never, MailWhen.Never, MailWhen.Never), (now.Words, now.Progress, now.Clocks));
    }

    private async Task<int> BellsAsync()
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        return await db.Notices.CountAsync(row => row.Recipient.StartsWith("regime:"), Cancel);
    }

    private MailSender Another(SlowRoute route) => ActivatorUtilities.CreateInstance<MailSender>(Host.Services, route);

    private static string Spoken(Ticket ticket) => $"{ticket.Number[..3]}\u00a0{ticket.Number[3..6]}\u00a0{ticket.Number[6..]}";

    private sealed class SlowRoute : IMailRoute
    {
        public int Sent;

        public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref Sent);
            await Task.Yield();
            return new MailOutcome.Sent();
        }

        public Task RestAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
