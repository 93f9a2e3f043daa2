using System.Globalization;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Support.Mail.Inbox;
using Cdr.Support.Store;
using Cdr.Support.Tests.Attachments;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MimeKit;

namespace Cdr.Support.Tests.Mail;

/// <summary>Answers to e-mail, dropped into a folder as a mailbox would hold them.</summary>
public class ReplyTests : MailTestsOfHost
{
    private const string Address = "claire.dubois@chu.example";
    private const string Inbox = "reponses@cdr.example";
    private readonly TestFolder drop = new("support-inbox");
    private int dropped;

    [Fact]
    public async Task An_answer_becomes_a_public_reply_of_its_ticket_by_whom_it_was_sent_to()
    {
        var (ticket, asked) = await AskedAsync();
        Assert.Contains("Vous pouvez répondre à ce message", asked.TextBody, StringComparison.Ordinal);
        await AnswerAsync(asked, "Oui, deux fois.\n\nLe ven. 20 nov. 2026, CDR <" + Sent(asked) + "> a écrit :\n> non");
        var seen = await Hotline.ReadAsync(ticket.Id, Cancel);

        var last = seen.Entries[^1];
        Assert.Equal((TicketAction.Reply, "Oui, deux fois.", CdrRoles.Referent), (last.Action, last.Text, last.Role));
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
            Assert.Equal("referent-1 mail", await db.Entries.Where(row => row.Ticket == ticket.Id && row.Action == TicketAction.Reply).Select(row => row.Actor + " " + row.Detail).SingleAsync(Cancel));
        // It waited for them, and waits no more.
        Assert.Equal(TicketState.InProgress, seen.State);
        Assert.Empty(Directory.GetFiles(drop.Path));
    }

    [Fact]
    public async Task Only_who_follows_a_ticket_is_given_an_address_to_answer_to()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        var ticket = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");
        // For whoever is at the referent's desk.
        var rung = await TakenAsync(Address, 2);
        Assert.Null(Sent(rung));
        Assert.DoesNotContain("répondre à ce message", rung.TextBody, StringComparison.Ordinal);

        await MoveAsync(Referent, ticket, TicketAction.Watch);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await MoveAsync(Hotline, ticket, TicketAction.Reply, "Nous rappelons.");
        Assert.NotNull(Sent(await TakenAsync(Address, 3)));
    }

    [Fact]
    public async Task It_is_taken_once_however_often_it_comes()
    {
        var (ticket, asked) = await AskedAsync();
        await AnswerAsync(asked, "Une fois.", id: "1@chu.example");
        var version = (await Hotline.ReadAsync(ticket.Id, Cancel)).Version;
        await AnswerAsync(asked, "Une fois.", id: "1@chu.example");
        await AnswerAsync(asked, "Autrement, sous le même nom.", id: "1@chu.example");

        Assert.Equal(version, (await Hotline.ReadAsync(ticket.Id, Cancel)).Version);
    }

    [Fact]
    public async Task Two_replicas_that_read_the_same_message_take_it_once()
    {
        var (ticket, asked) = await AskedAsync();
        var version = (await Hotline.ReadAsync(ticket.Id, Cancel)).Version;
        var raw = Raw(asked, Address, "Une fois.");
        var replies = Host.Services.GetRequiredService<Cdr.Support.Features.TakeReply.TakeReply>();
        // Who loses is told so by the store, and looks again.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var attempt = 0; attempt < 5; attempt++)
            {
                try
                {
                    await replies.TakeAsync(raw, Cancel);
                    return;
                }
                catch (DbUpdateException) when (attempt < 4)
                {
                    // Again.
                }
            }
        }));

        Assert.Equal(version + 1, (await Hotline.ReadAsync(ticket.Id, Cancel)).Version);
    }

    [Fact]
    public async Task Files_are_inspected_and_what_is_not_kept_is_said()
    {
        var (ticket, asked) = await AskedAsync();
        var body = new BodyBuilder { TextBody = "Voici." };
        body.Attachments.Add("ecran.png", HostileFileTests.Png(), new ContentType("image", "png"));
        body.Attachments.Add("virus.exe", Encoding.ASCII.GetBytes("MZ non"), new ContentType("application", "octet-stream"));
        body.Attachments.Add("faux.png", Encoding.ASCII.GetBytes("<svg onload=alert(1)>"), new ContentType("image", "png"));
        await AnswerAsync(asked, body);

        Assert.Equal("ecran.png", Assert.Single(await Referent.AttachmentsAsync(ticket.Id, Cancel)).Name);
        var trail = (await Hotline.ReadAsync(ticket.Id, Cancel)).Entries;
        Assert.Contains(trail, entry => entry.Action == TicketAction.Reply && entry.Text == "Voici.\n\n[2 fichiers n'ont pas été gardés\u00a0: images PNG ou JPEG et PDF seuls, 5 Mo au plus.]");
        Assert.Single(trail, entry => entry.Action == TicketAction.Attach);
    }

    [Fact]
    public async Task A_file_without_a_word_is_an_answer()
    {
        var (ticket, asked) = await AskedAsync();
        var body = new BodyBuilder();
        body.Attachments.Add("ecran.png", HostileFileTests.Png(), new ContentType("image", "png"));
        await AnswerAsync(asked, body);

        var seen = await Hotline.ReadAsync(ticket.Id, Cancel);
        Assert.Equal(TicketState.InProgress, seen.State);
        Assert.Contains(seen.Entries, entry => entry is { Action: TicketAction.Reply, Text: "[1 fichier joint]" });
        Assert.Single(await Referent.AttachmentsAsync(ticket.Id, Cancel));
    }

    [Fact]
    public async Task What_a_full_ticket_does_not_take_is_said_and_the_words_stay()
    {
        var (ticket, asked) = await AskedAsync();
        var files = Host.Services.GetRequiredService<Cdr.Support.Features.AttachFile.AttachmentKeeping>();
        var accepted = (Cdr.Support.Attachments.InspectedFile.Accepted)await files.InspectAsync("ecran.png", HostileFileTests.Png(), Cancel);
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            var author = (await db.MailAddresses.AsNoTracking().SingleAsync(row => row.Subject == "referent-1", Cancel)).Answers!;
            for (var n = 0; n < Cdr.Support.Tickets.TicketWriting.MostFiles - 1; n++)
                await files.KeepAsync(ticket.Id, accepted, Guid.CreateVersion7(Clock.GetUtcNow()), author, Cancel);
        }

        var body = new BodyBuilder { TextBody = "Voici." };
        body.Attachments.Add("un.png", HostileFileTests.Png(), new ContentType("image", "png"));
        body.Attachments.Add("deux.png", HostileFileTests.Png(), new ContentType("image", "png"));
        await AnswerAsync(asked, body);

        var replies = (await Hotline.ReadAsync(ticket.Id, Cancel)).Entries.Where(entry => entry.Action == TicketAction.Reply).Select(entry => entry.Text).ToList();
        Assert.Equal(["Voici.", "[1 fichier n'a pas pu être ajouté\u00a0: la demande n'en prend pas plus.]"], replies);
        Assert.DoesNotContain(await RowsAsync(), row => row.Event.StartsWith(MailRow.RefusedEvents, StringComparison.Ordinal));
    }

    [Fact]
    public async Task From_another_address_it_is_refused_and_its_owner_is_told()
    {
        var (ticket, asked) = await AskedAsync();
        var version = (await Hotline.ReadAsync(ticket.Id, Cancel)).Version;
        await AnswerAsync(asked, "Je suis Claire.", from: "mallory@elsewhere.example");
        var told = await TakenAsync(Address, 3);

        Assert.Contains("votre adresse confirmée", told.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("mallory", told.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(To("mallory@elsewhere.example"));
        Assert.Equal(version, (await Hotline.ReadAsync(ticket.Id, Cancel)).Version);
    }

    [Fact]
    public async Task Refusals_are_told_five_times_a_day_at_most()
    {
        var (_, asked) = await AskedAsync();
        for (var one = 0; one < 8; one++)
            await AnswerAsync(asked, "Encore.", from: "mallory@elsewhere.example", id: $"{one}@elsewhere.example");

        Assert.Equal(5, (await RowsAsync()).Count(row => row.Event.StartsWith(MailRow.RefusedEvents, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_the_ticket_does_not_allow_any_more_and_what_is_empty_is_refused_with_an_answer()
    {
        var (ticket, asked) = await AskedAsync();
        await AnswerAsync(asked, "> tout est cité");
        Assert.Contains("ne contient rien", (await TakenAsync(Address, 3)).TextBody, StringComparison.Ordinal);
        await MoveAsync(Referent, ticket, TicketAction.Reply, "Ici.");
        await MoveAsync(Hotline, ticket, TicketAction.Solve);
        await MoveAsync(Hotline, ticket, TicketAction.Close);
        await AnswerAsync(asked, "Trop tard.");
        await Deadline.UntilAsync("it is told", TimeSpan.FromSeconds(60), () => Task.FromResult(To(Address).Any(one => one.TextBody!.Contains("ne prend plus de réponse", StringComparison.Ordinal))), Cancel);
    }

    [Fact]
    public async Task Of_nobody_it_is_set_aside_and_nobody_is_answered()
    {
        var (ticket, asked) = await AskedAsync();
        // Another message's, and this one's without our proof.
        string Forged(int at) => Sent(asked)!.Remove(at, 1).Insert(at, Sent(asked)![at] == 'a' ? "b" : "a");
        foreach (var to in new[] { Inbox, Forged(9), Forged(49) })
        {
            var version = (await Hotline.ReadAsync(ticket.Id, Cancel)).Version;
            await DropAsync(Message(to, Address, new BodyBuilder { TextBody = "Bonjour." }, null));
            Assert.Equal(version, (await Hotline.ReadAsync(ticket.Id, Cancel)).Version);
        }

        await DropBytesAsync("rien.eml", []);
        Assert.Equal(4, Directory.GetFiles(Path.Combine(drop.Path, "aside")).Length);
        Assert.Equal(2, To(Address).Count);
    }

    [Fact]
    public async Task An_absence_is_answered_by_nobody()
    {
        var (ticket, asked) = await AskedAsync();
        var version = (await Hotline.ReadAsync(ticket.Id, Cancel)).Version;
        var absent = Message(Sent(asked)!, Address, new BodyBuilder { TextBody = "Je suis absente." }, null);
        absent.Headers.Add("Auto-Submitted", "auto-replied");
        await DropAsync(absent);

        Assert.Equal(version, (await Hotline.ReadAsync(ticket.Id, Cancel)).Version);
        Assert.Equal(2, To(Address).Count);
        Assert.Empty(Directory.GetFiles(drop.Path));
    }

    [Fact]
    public async Task Who_forgot_their_address_or_whose_token_is_old_answers_no_more()
    {
        var (ticket, asked) = await AskedAsync();
        var version = (await Hotline.ReadAsync(ticket.Id, Cancel)).Version;
        await ByHandAsync();
        Pass(TimeSpan.FromDays(61));
        await AnswerAsync(asked, "Deux mois plus tard.");
        Assert.Equal(version, (await Hotline.ReadAsync(ticket.Id, Cancel)).Version);
        Assert.Single(Directory.GetFiles(Path.Combine(drop.Path, "aside")));
    }

    [Fact]
    public async Task The_hotline_is_given_no_address_to_answer_to()
    {
        await ConfirmedAsync(CdrRoles.Hotline, "hotline-1", Address);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Take);
        await MoveAsync(Referent, ticket, TicketAction.Reply, "Alors ?");
        var told = await TakenAsync(Address, 2);
        Assert.Empty(told.ReplyTo);
        Assert.Contains("Personne ne lit de réponse", told.TextBody, StringComparison.Ordinal);
        Assert.All(To(Team), message => Assert.Empty(message.ReplyTo));
    }

    [Fact]
    public async Task No_message_id_and_no_address_stands_in_the_store()
    {
        var (_, asked) = await AskedAsync();
        await AnswerAsync(asked, "Oui.", id: "claire.dubois.1@chu.example");
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        var row = await db.ReceivedMails.AsNoTracking().SingleAsync(Cancel);
        Assert.True(row.IsOver);
        Assert.Equal(32, row.Key.Length);
        var found = new List<string>();
        await foreach (var (table, cell) in CellsAsync(db))
            found.AddRange(new[] { "claire", "chu.example", "referent-1" }.Where(what => cell.Contains(what, StringComparison.OrdinalIgnoreCase)).Select(what => $"{what} in {table}"));

        // Whose it is stands there, so the search looks where it would be; what they read under, and what they wrote, does not.
        Assert.Contains("referent-1 in mail_addresses", found);
        Assert.Contains("referent-1 in entries", found);
        Assert.DoesNotContain(found, where => !where.StartsWith("referent-1", StringComparison.Ordinal));
    }

    /// <summary>Every cell of every table, as text: bytes as the characters they would be.</summary>
    private static async IAsyncEnumerable<(string Table, string Cell)> CellsAsync(SupportDb db)
    {
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(Cancel);
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var reader = await command.ExecuteReaderAsync(Cancel);
            while (await reader.ReadAsync(Cancel))
            {
                for (var column = 0; column < reader.FieldCount; column++)
                    yield return (table, reader.GetValue(column) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) ?? "");
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        drop.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync() =>
        [.. await base.MoreAsync(), new("Support:Mail:Inbox:Address", Inbox), new("Support:Mail:Inbox:DropFolder", drop.Path)];

    private InboxReader Reader => Host.Services.GetServices<IHostedService>().OfType<InboxReader>().Single();

    private async Task<(Ticket Ticket, MimeMessage Asked)> AskedAsync()
    {
        await ConfirmedAsync(CdrRoles.Referent, "referent-1", Address);
        await ByHandAsync(Reader);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Avez-vous débranché ?");
        return (ticket, await TakenAsync(Address, 2));
    }

    private static string? Sent(MimeMessage asked) => asked.ReplyTo.Mailboxes.SingleOrDefault()?.Address;

    private Task AnswerAsync(MimeMessage asked, string text, string from = Address, string? id = null) => DropAsync(Message(Sent(asked)!, from, new BodyBuilder { TextBody = text }, id));

    private Task AnswerAsync(MimeMessage asked, BodyBuilder body) => DropAsync(Message(Sent(asked)!, Address, body, null));

    private static MimeMessage Message(string to, string from, BodyBuilder body, string? id)
    {
        var message = new MimeMessage([MailboxAddress.Parse(from)], [MailboxAddress.Parse(to)], "Re: Demande", body.ToMessageBody());
        if (id is not null)
            message.MessageId = id;
        return message;
    }

    private static byte[] Raw(MimeMessage asked, string from, string text)
    {
        using var bytes = new MemoryStream();
        Message(Sent(asked)!, from, new BodyBuilder { TextBody = text }, null).WriteTo(bytes);
        return bytes.ToArray();
    }

    private async Task DropAsync(MimeMessage message)
    {
        using var bytes = new MemoryStream();
        await message.WriteToAsync(bytes, Cancel);
        await DropBytesAsync(Interlocked.Increment(ref dropped).ToString("D6", CultureInfo.InvariantCulture) + ".eml", bytes.ToArray());
    }

    private async Task DropBytesAsync(string name, byte[] bytes)
    {
        await File.WriteAllBytesAsync(drop.File(name), bytes, Cancel);
        await Reader.RunOnceAsync(Cancel);
    }
}
