using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Attachments;

public sealed class AttachmentTests : HostTests
{
    [Fact]
    public async Task A_picture_is_kept_sealed_and_given_back_to_those_of_its_ticket()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        using var sent = await AttachAsync(ticket.Id, "carte Lavandier.png", HostileFileTests.Png());
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);

        var hotline = Host.ClientOf(Token(CdrRoles.Hotline, "hotline-1"));
        var listed = Assert.Single((await hotline.GetFromJsonAsync<List<Attachment>>($"/api/support/tickets/{ticket.Id}/attachments", Cancel))!);
        Assert.Equal(("carte Lavandier.png", "image/png"), (listed.Name, listed.Type));
        using var given = await hotline.GetAsync($"/api/support/tickets/{ticket.Id}/attachments/{listed.Id}", Cancel);
        Assert.Equal(HostileFileTests.Png(), await given.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal("attachment", given.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", given.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains((await Hotline.ReadAsync(ticket.Id, Cancel)).Entries, entry => entry.Action == TicketAction.Attach);

        await using var scope = Host.Services.CreateAsyncScope();
        var row = await scope.ServiceProvider.GetRequiredService<SupportDb>().Attachments.SingleAsync(Cancel);
        Assert.DoesNotContain("Lavandier", Encoding.UTF8.GetString(row.Name), StringComparison.Ordinal);
        Assert.DoesNotContain("IHDR", Encoding.Latin1.GetString(row.Content), StringComparison.Ordinal);
        using var foreign = await Host.ClientOf(Token(CdrRoles.Clerk, "clerk-9", Elsewhere)).GetAsync($"/api/support/tickets/{ticket.Id}/attachments/{listed.Id}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public async Task A_hostile_file_leaves_nothing_behind()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        using var refused = await AttachAsync(ticket.Id, "a.svg", "<svg onload=alert(1)>"u8.ToArray());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("type-refused", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var large = await AttachAsync(ticket.Id, "a.png", new byte[6 * 1024 * 1024]);
        Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
        Assert.Equal(1, (await Referent.ReadAsync(ticket.Id, Cancel)).Version);
    }

    [Fact]
    public async Task A_file_that_is_sent_again_after_a_silence_is_added_once()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var chosen = Guid.CreateVersion7(Clock.GetUtcNow());
        using var sent = await AttachAsync(ticket.Id, "carte.png", HostileFileTests.Png(), chosen);
        using var again = await AttachAsync(ticket.Id, "carte.png", HostileFileTests.Png(), chosen);
        using var other = await AttachAsync((await Referent.OpenAsync(Technical(send: true), Cancel)).Id, "carte.png", HostileFileTests.Png(), chosen);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict), (sent.StatusCode, again.StatusCode, other.StatusCode));
        Assert.Equal(chosen, (await again.Content.ReadFromJsonAsync<Attachment>(Cancel))!.Id);
        Assert.Single(await Referent.AttachmentsAsync(ticket.Id, Cancel));
        Assert.Equal(2, (await Referent.ReadAsync(ticket.Id, Cancel)).Version);
    }

    [Fact]
    public async Task Whom_a_file_was_given_to_is_kept()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var chosen = Guid.CreateVersion7(Clock.GetUtcNow());
        using var sent = await AttachAsync(ticket.Id, "carte.png", HostileFileTests.Png(), chosen);
        using var given = await Hotline.AttachmentAsync(ticket.Id, chosen, Cancel);
        using var foreign = await Api(CdrRoles.Clerk, "clerk-9", Elsewhere).AttachmentAsync(ticket.Id, chosen, Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (given.StatusCode, foreign.StatusCode));
        await using var scope = Host.Services.CreateAsyncScope();
        var read = Assert.Single(await scope.ServiceProvider.GetRequiredService<SupportDb>().EvidenceReads.AsNoTracking().ToListAsync(Cancel));
        Assert.Equal((ticket.Id, chosen, "hotline-1", CdrRoles.Hotline, Clock.GetUtcNow()), (read.Ticket, read.Evidence, read.Subject, read.Role, read.At));
    }

    /// <summary>It shows whom the ticket's answer shows; of a technical ticket nobody knows whom.</summary>
    [Fact]
    public async Task Who_is_given_a_file_of_a_contested_answer_is_named_to_the_journal_or_not_given_it()
    {
        var ticket = await ReadyToTransferAsync();
        var (chosen, other) = (Guid.CreateVersion7(Clock.GetUtcNow()), Guid.CreateVersion7(Clock.GetUtcNow()));
        using var sent = await AttachAsync(ticket.Id, "carte.png", HostileFileTests.Png(), chosen);
        var technical = await Referent.OpenAsync(Technical(send: true), Cancel);
        using var sentToo = await AttachAsync(technical.Id, "ecran.png", HostileFileTests.Png(), other);

        using var given = await Hotline.AttachmentAsync(ticket.Id, chosen, Cancel);
        Rights.NotesWith = 503;
        using var refused = await Hotline.AttachmentAsync(ticket.Id, chosen, Cancel);
        using var givenToo = await Hotline.AttachmentAsync(technical.Id, other, Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (given.StatusCode, refused.StatusCode, givenToo.StatusCode));
        Assert.Contains("reading-unnoted", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var (consultation, by) = Assert.Single(Rights.Noted);
        Assert.Equal((ticket.Consultation!.Value, "hotline-1", CdrRoles.Hotline), (consultation, by.Subject, by.Role));
    }

    [Fact]
    public async Task A_ticket_has_twenty_files_and_no_more_and_those_stay()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        for (var file = 0; file < 20; file++)
        {
            using var sent = await AttachAsync(ticket.Id, $"carte-{file}.png", HostileFileTests.Png());
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        }

        using var more = await AttachAsync(ticket.Id, "carte.png", HostileFileTests.Png());
        Assert.Equal(HttpStatusCode.Conflict, more.StatusCode);
        Assert.Contains("files-too-many", await more.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(20, (await Referent.AttachmentsAsync(ticket.Id, Cancel)).Count);
    }

    [Fact]
    public async Task An_id_of_another_time_is_refused_in_words()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        using var refused = await AttachAsync(ticket.Id, "carte.png", HostileFileTests.Png(), Guid.CreateVersion7(Clock.GetUtcNow().AddDays(2)));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("id-of-another-time", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> AttachAsync(Guid ticket, string name, byte[] bytes, Guid? chosen = null)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/support/tickets/{ticket}/attachments") { Content = content };
        request.Headers.Add("Cdr-File-Name", Uri.EscapeDataString(name));
        if (chosen is { } id)
            request.Headers.Add("Cdr-File-Id", id.ToString());
        return await Host.ClientOf(Token(CdrRoles.Referent, "referent-1")).SendAsync(request, Cancel);
    }
}
