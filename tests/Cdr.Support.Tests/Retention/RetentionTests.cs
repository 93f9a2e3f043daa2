using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Mail;
using Cdr.Support.Retention;
using Cdr.Support.Store;
using Cdr.Support.Tests.Attachments;
using Cdr.Support.Tests.Features;
using Cdr.Support.Webhooks;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Support.Tests.Retention;

/// <summary>What is past its time goes, and says so.</summary>
public class RetentionTests : HostTests
{
    [Fact]
    public async Task What_is_over_goes_after_its_time_and_leaves_what_it_was_without_words_or_people()
    {
        await BeginAsync();
        var ticket = await OverAsync();
        var bytes = Rights.Kept[ticket.Consultation!.Value].Bytes;
        var (file, hash) = await AttachAsync(ticket.Id);
        var open = await Referent.OpenAsync(Technical(send: true), Cancel);
        await TellElsewhereAsync(ticket);

        Assert.Equal(["traces-12m"], (await PurgeAsync(In(35))).Select(row => row.Policy).Distinct());
        Assert.Equal(TicketState.Closed, (await Clerk.ReadAsync(ticket.Id, Cancel)).State);
        var erased = Assert.Single(await PurgeAsync(In(37)), row => row.Whole);

        Assert.Equal((ticket.Id, ticket.Number, TicketState.Closed, "tickets-36m", In(37).GetUtcNow()), (erased.Ticket, erased.Number, erased.State, erased.Policy, erased.At));
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Clerk.ReadAsync(ticket.Id, Cancel), HttpStatusCode.NotFound));
        Assert.Equal(open.Id, (await Hotline.ReadAsync(open.Id, Cancel)).Id);
        await using var db = await OpenAsync();
        Assert.Equal([open.Id], await db.Tickets.Select(row => row.Id).ToListAsync(Cancel));
        Assert.Equal((0, 0, 0, 0), (await db.Entries.CountAsync(row => row.Ticket == ticket.Id, Cancel), await db.Evidence.CountAsync(Cancel), await db.Attachments.CountAsync(Cancel), await db.EvidenceReads.CountAsync(Cancel)));
        Assert.Equal((0, 0), (await db.Notices.CountAsync(row => row.Ticket == ticket.Id, Cancel), await db.Clocks.CountAsync(row => row.Ticket == ticket.Id, Cancel)));
        Assert.Equal((0, 0), (await db.Mails.CountAsync(row => row.Ticket == ticket.Id, Cancel), await db.Deliveries.CountAsync(row => row.Ticket == ticket.Id, Cancel)));
        Assert.Equal((0, 0), (await db.SearchTokens.CountAsync(row => row.Ticket == ticket.Id, Cancel), await db.SearchMarks.CountAsync(row => row.Ticket == ticket.Id, Cancel)));
        var named = await db.Erased.AsNoTracking().ToListAsync(Cancel);
        Assert.Equal(ticket.Version, named.Count(row => row.Kind == ErasedKind.Entry));
        Assert.Equal(SHA256.HashData(bytes), named.Single(row => row.Kind == ErasedKind.Answer).Hash);
        Assert.Equal((file, Convert.ToHexString(hash)), named.Where(row => row.Kind == ErasedKind.File).Select(row => (row.Id, Convert.ToHexString(row.Hash))).Single());
        Assert.Single(named, row => row.Kind == ErasedKind.Reading);
        var left = JsonSerializer.Serialize(named) + JsonSerializer.Serialize(await db.Erasures.AsNoTracking().ToListAsync(Cancel));
        foreach (var person in new[] { "clerk-1", "referent-1", "hotline-1", "agent-1" })
            Assert.DoesNotContain(person, left, StringComparison.Ordinal);
        // Nothing of it is left to take; a bell of the other one may have rung meanwhile.
        Assert.DoesNotContain(await PurgeAsync(In(37)), row => row.Ticket == ticket.Id);
    }

    [Fact]
    public async Task A_file_whose_id_the_page_chose_goes_with_its_ticket_and_before_it()
    {
        await BeginAsync();
        var (whole, part) = (await OverAsync(withFile: true), await Referent.OpenAsync(Technical(send: true), Cancel));
        var file = await SendFileAsync(part.Id);
        Assert.Single(await PurgeAsync(In(37)), row => row.Whole && row.Ticket == whole.Id);
        Assert.Empty(await Referent.AttachmentsAsync(part.Id, Cancel));

        await using (var db = OwnedStore.Open(Host.Services))
        {
            // The file's own row names no entry of the trail.
            await db.Entries.Where(row => row.Id == file).ExecuteDeleteAsync(Cancel);
            Assert.Equal([1, 2], await db.Entries.Where(row => row.Ticket == part.Id).OrderBy(row => row.Number).Select(row => row.Number).ToListAsync(Cancel));
        }

        await MoveAsync(Hotline, part, TicketAction.Solve);
        Assert.Single(await PurgeAsync(In(74)), row => row.Whole && row.Ticket == part.Id);
        Assert.DoesNotContain(await PurgeAsync(In(75)), row => row.Ticket == part.Id);
    }

    [Fact]
    public async Task An_answer_goes_with_the_journals_whoever_has_its_ticket_and_the_ticket_says_so()
    {
        await BeginAsync();
        var ticket = await Referent.OpenAsync(Inconsistent(Consult(), send: true), Cancel);
        var dry = await PurgeAsync(In(37), isDry: true);
        using var shown = await Referent.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equal(ticket.Id, Assert.Single(dry, row => row.Policy == "answers-36m").Ticket);
        Assert.Equal(ticket.Id, Assert.Single(await PurgeAsync(In(37)), row => row.Policy == "answers-36m").Ticket);

        using var gone = await Referent.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Contains("evidence-expired", await gone.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var read = await Referent.ReadAsync(ticket.Id, Cancel);
        Assert.Equal((TicketState.New, false), (read.State, read.HasEvidence));
    }

    [Fact]
    public async Task What_was_never_sent_goes_after_a_year_and_what_is_open_stays()
    {
        await BeginAsync();
        var draft = await Clerk.OpenAsync(Technical(), Cancel);
        var again = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, again, TicketAction.Solve);
        await MoveAsync(Referent, again, TicketAction.Reopen, "Cela recommence.");

        var erased = await PurgeAsync(In(37));

        Assert.Equal([(draft.Id, "drafts-12m")], erased.Where(row => row.Whole).Select(row => (row.Ticket, row.Policy)));
        Assert.Equal((3, TicketState.InProgress), ((await Referent.ReadAsync(again.Id, Cancel)).Version, (await Referent.ReadAsync(again.Id, Cancel)).State));
    }

    [Theory]
    [InlineData(TicketAction.Reply)]
    [InlineData(TicketAction.Reopen)]
    public async Task What_is_touched_while_others_go_stays(TicketAction touch)
    {
        await BeginAsync();
        List<Ticket> old = [];
        for (var made = 0; made < 2; made++)
        {
            var ticket = await Referent.OpenAsync(Technical(send: touch == TicketAction.Reopen), Cancel);
            old.Add(touch == TicketAction.Reopen ? await MoveAsync(Hotline, ticket, TicketAction.Solve) : ticket);
        }

        await HeardAsync();
        Pass(In(37).GetUtcNow() - Clock.GetUtcNow());
        List<Guid> gone = [];
        await using (var db = OwnedStore.Open(Host.Services))
        {
            await foreach (var erased in new TicketPurge(db, new RetentionOptions(), In(0)).RunAsync(isDry: false, Cancel))
            {
                if (!erased.Whole)
                    continue;
                gone.Add(erased.Ticket);
                if (gone.Count == 1)
                    await MoveAsync(Referent, old.Single(one => one.Id != erased.Ticket), touch, "Nous en sommes là.");
            }
        }

        Assert.Single(gone);
        Assert.Equal(old.Single(one => one.Id != gone[0]).Version + 1, (await Referent.ReadAsync(old.Single(one => one.Id != gone[0]).Id, Cancel)).Version);
    }

    [Fact]
    public async Task Whoever_may_remove_removes_nothing_that_is_not_named()
    {
        await BeginAsync();
        var ticket = await OverAsync();
        await AttachAsync(ticket.Id);
        await using var db = OwnedStore.Open(Host.Services);
        foreach (var table in new[] { "entries", "evidence", "evidence_reads", "attachments", "tickets" })
        {
            var removal = "DELETE FROM " + table;
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync(removal, Cancel));
            Assert.Contains("only ever added to", refused.Message, StringComparison.Ordinal);
        }

        // What answers for the erasure is not removed by anybody.
        db.Erasures.Add(new ErasureRow { Id = Guid.CreateVersion7(Clock.GetUtcNow()), Ticket = Guid.CreateVersion7(Clock.GetUtcNow()), Number = "1", Kind = ticket.Kind, State = ticket.State, CreatedAt = ticket.CreatedAt, UpdatedAt = ticket.UpdatedAt, Policy = "x", Until = ticket.CreatedAt, At = ticket.CreatedAt, Whole = true, Notices = 0 });
        db.Erased.Add(new ErasedRow { Id = Guid.CreateVersion7(Clock.GetUtcNow()), Erasure = Guid.CreateVersion7(Clock.GetUtcNow()), Kind = ErasedKind.Entry, At = ticket.CreatedAt, Hash = [] });
        await db.SaveChangesAsync(Cancel);
        foreach (var removal in new[] { "DELETE FROM erasures", "DELETE FROM erased" })
            await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync(removal, Cancel));
    }

    [Fact]
    public async Task A_name_of_another_kind_lets_nothing_go()
    {
        await BeginAsync();
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await using var db = OwnedStore.Open(Host.Services);
        var entry = await db.Entries.AsNoTracking().SingleAsync(Cancel);
        foreach (var kind in new[] { ErasedKind.File, ErasedKind.Answer, ErasedKind.Reading })
            db.Erased.Add(new ErasedRow { Id = entry.Id, Erasure = Guid.CreateVersion7(Clock.GetUtcNow()), Kind = kind, At = entry.At, Hash = [] });
        await db.SaveChangesAsync(Cancel);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => db.Entries.ExecuteDeleteAsync(Cancel));
        Assert.Contains("only ever added to", refused.Message, StringComparison.Ordinal);

        db.Erased.Add(new ErasedRow { Id = entry.Id, Erasure = Guid.CreateVersion7(Clock.GetUtcNow()), Kind = ErasedKind.Entry, At = entry.At, Hash = [] });
        await db.SaveChangesAsync(Cancel);
        Assert.Equal(1, await db.Entries.Where(row => row.Ticket == ticket.Id).ExecuteDeleteAsync(Cancel));
    }

    [Fact]
    public async Task The_command_says_what_it_would_take_and_then_takes_it()
    {
        await BeginAsync();
        await Clerk.OpenAsync(Technical(), Cancel);
        await HeardAsync();

        var (code, said) = await RunAsync("purge", "--dry-run");
        Assert.Equal((0, true), (code, said.StartsWith("Would purge: drafts-12m, of 1 tickets, what is older than 2026-12-20", StringComparison.Ordinal)));
        Assert.Single((await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
        Assert.StartsWith("Purged: drafts-12m, of 1 tickets", (await RunAsync("purge")).Said, StringComparison.Ordinal);
        Assert.Empty((await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
        Assert.Equal((0, "Nothing is past its time."), await RunAsync("purge"));
        Assert.Equal(2, (await RunAsync("erase")).Code);
    }

    [Fact]
    public async Task What_was_told_elsewhere_goes_with_traces_and_what_waits_stays()
    {
        await BeginAsync();
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await TellElsewhereAsync(ticket);

        await PurgeAsync(In(11));
        await using var db = await OpenAsync();
        Assert.Equal((2, 2), (await db.Mails.CountAsync(row => row.Ticket == ticket.Id, Cancel), await db.Deliveries.CountAsync(row => row.Ticket == ticket.Id, Cancel)));
        await PurgeAsync(In(13));

        Assert.NotNull((await db.Mails.AsNoTracking().SingleAsync(row => row.Ticket == ticket.Id, Cancel)).DueAt);
        Assert.NotNull((await db.Deliveries.AsNoTracking().SingleAsync(row => row.Ticket == ticket.Id, Cancel)).DueAt);
    }

    private protected virtual Task BeginAsync() => Task.CompletedTask;

    private protected async Task<SupportDb> OpenAsync() => await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);

    private protected async Task<List<ErasureRow>> PurgeAsync(TimeProvider then, bool isDry = false)
    {
        await HeardAsync();
        await using var db = OwnedStore.Open(Host.Services);
        return await new TicketPurge(db, new RetentionOptions(), then).RunAsync(isDry, Cancel).ToListAsync(Cancel);
    }

    // What was told is heard first: a bell that comes while its ticket goes is a trace of its own, and no ticket of three years has one.
    private async Task HeardAsync()
    {
        await using var db = await OpenAsync();
        var before = -1;
        await Deadline.UntilAsync("all that was told is heard", TimeSpan.FromSeconds(60), async () =>
        {
            var last = before;
            before = await db.Notices.CountAsync(Cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(300), Cancel);
            return before == last && !await db.Outbox.AnyAsync(Cancel);
        }, Cancel);
    }

    // Beside the host's clock, whose timers would all fire for years.
    private FakeTimeProvider In(int months) => new(Clock.GetUtcNow().AddMonths(months));

    private async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        await using var output = new StringWriter();
        var code = await TicketTool.RunAsync(words, Host.Services, In(13), output, TextWriter.Null, Cancel);
        return (code, output.ToString().Trim());
    }

    private async Task<Ticket> OverAsync(bool withFile = false)
    {
        var ticket = await ReadyToTransferAsync();
        if (withFile)
            await SendFileAsync(ticket.Id);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        using var read = await Organism.EvidenceAsync(ticket.Id, Cancel);
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Dossier mis à jour.");
        await MoveAsync(Hotline, ticket, TicketAction.Solve);
        return await MoveAsync(Clerk, ticket, TicketAction.Close);
    }

    // By the door, with an id of the caller's choice, as the page does.
    private async Task<Guid> SendFileAsync(Guid ticket)
    {
        var chosen = Guid.CreateVersion7(Clock.GetUtcNow());
        using var content = new ByteArrayContent(HostileFileTests.Png());
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/octet-stream");
        using var sent = await Referent.AttachAsync(ticket, content, "carte.png", chosen.ToString(), Cancel);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        return chosen;
    }

    // One that is over and one that waits, of each kind.
    private async Task TellElsewhereAsync(Ticket ticket)
    {
        var at = Clock.GetUtcNow();
        await using var db = await OpenAsync();
        foreach (var due in new[] { (DateTimeOffset?)null, at.AddYears(100) })
        {
            db.Mails.Add(new MailRow { Id = Guid.CreateVersion7(at), Message = Guid.CreateVersion7(at), Recipient = "hotline", Ticket = ticket.Id, Number = ticket.Number, Event = "send", At = at, DueAt = due });
            db.Deliveries.Add(new DeliveryRow { Id = Guid.CreateVersion7(at), Webhook = Guid.CreateVersion7(at), Message = Guid.CreateVersion7(at), Ticket = ticket.Id, Number = ticket.Number, Event = "send", TicketState = ticket.State, At = at, Since = at, DueAt = due });
        }

        await db.SaveChangesAsync(Cancel);
    }

    private async Task<(Guid Id, byte[] Hash)> AttachAsync(Guid ticket)
    {
        await using var db = await OpenAsync();
        var row = new AttachmentRow { Id = Guid.CreateVersion7(Clock.GetUtcNow()), Ticket = ticket, At = Clock.GetUtcNow(), Role = "clerk", Type = "image/png", Size = 3, Hash = SHA256.HashData([1, 2, 3]), Name = [1], Content = [1] };
        db.Attachments.Add(row);
        await db.SaveChangesAsync(Cancel);
        return (row.Id, row.Hash);
    }
}
