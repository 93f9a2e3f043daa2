using System.Net;
using System.Security.Cryptography;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Evidence;
using Cdr.Support.Store;
using Cdr.Support.Tests.Doubles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

public sealed class EvidenceTests : HostTests
{
    [Fact]
    public async Task The_answer_is_shown_as_it_was_after_the_regime_says_otherwise()
    {
        var consultation = Consult();
        var bytes = Rights.Kept[consultation].Bytes;
        var ticket = await Clerk.OpenAsync(Inconsistent(consultation), Cancel);
        Assert.Equal([consultation], Rights.Used);

        // The regime says otherwise now, under that very consultation even, and then Rights has purged it.
        var own = Answers.Affiliation();
        var later = Answers.Of(consultation) with { Affiliations = [own with { BaseRights = own.BaseRights with { End = new DateOnly(2028, 12, 31) } }] };
        Rights.Kept[consultation] = (Here, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(later, System.Text.Json.JsonSerializerOptions.Web));
        var now = await Clerk.CompareAsync(new DiscrepancyRequest { Consultation = consultation, Fields = new Dictionary<string, string> { ["rightsEnd"] = "31/12/2028" } }, Cancel);
        Assert.Equal(FieldVerdict.Same, Assert.Single(now.Fields).Verdict);
        using var meanwhile = await Clerk.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(bytes, await meanwhile.Content.ReadAsByteArrayAsync(Cancel));
        Rights.Kept.Clear();

        using var shown = await Clerk.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(bytes, await shown.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), shown.Headers.GetValues("Cdr-Answer-Hash").Single());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(RightsDouble.Proof(consultation).Record)), shown.Headers.GetValues("Cdr-Journal-Hash").Single());
        Assert.Equal("2026.1", shown.Headers.GetValues("Cdr-Rules-Version").Single());
        Assert.Equal(Answers.At, DateTimeOffset.Parse(shown.Headers.GetValues("Cdr-Answered-At").Single(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task It_is_not_in_clear_in_the_store_and_any_change_is_found()
    {
        await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        await using var scope = Host.Services.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<SupportDb>().Evidence.AsNoTracking().ToListAsync(Cancel);
        var keeping = scope.ServiceProvider.GetRequiredService<EvidenceKeeping>();
        var (row, other) = (rows[0], rows[1]);
        Assert.DoesNotContain("2840575112901", System.Text.Encoding.UTF8.GetString(row.Answer), StringComparison.Ordinal);
        // The journal's record has pseudonyms.
        Assert.DoesNotContain("record", System.Text.Encoding.Latin1.GetString(row.Proof), StringComparison.OrdinalIgnoreCase);
        Assert.True(keeping.TryOpen(row, out _));

        for (var at = 0; at < row.Answer.Length; at += 37)
        {
            var answer = row.Answer.ToArray();
            answer[at] ^= 1;
            Assert.False(keeping.TryOpen(With(row, answer: answer), out _));
        }

        Assert.False(keeping.TryOpen(With(row, answer: other.Answer), out _));
        Assert.False(keeping.TryOpen(With(row, ticket: other.Ticket), out _));
        Assert.False(keeping.TryOpen(With(row, hash: other.Hash), out _));
        Assert.False(keeping.TryOpen(With(row, journal: other.JournalHash), out _));
        Assert.False(keeping.TryOpen(With(row, rules: "2027.1"), out _));
        Assert.False(keeping.TryOpen(With(row, at: row.AnsweredAt.AddDays(-1)), out _));
        Assert.False(keeping.TryOpen(With(row, proof: other.Proof), out _));
    }

    [Fact]
    public async Task Whom_it_was_shown_to_is_kept_and_nobody_can_change_that()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        using var hotline = await Hotline.EvidenceAsync(ticket.Id, Cancel);
        using var organism = await Organism.EvidenceAsync(ticket.Id, Cancel);
        using var foreign = await Api(CdrRoles.RegimeAgent, "agent-9", regime: "other-regime").EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound), (hotline.StatusCode, organism.StatusCode, foreign.StatusCode));

        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
        var reads = await db.EvidenceReads.AsNoTracking().OrderBy(read => read.Subject).ToListAsync(Cancel);
        Assert.Equal(
            [(ticket.Id, "agent-1", CdrRoles.RegimeAgent, Clock.GetUtcNow()), (ticket.Id, "hotline-1", CdrRoles.Hotline, Clock.GetUtcNow())],
            reads.Select(read => (read.Ticket, read.Subject, read.Role, read.At)));
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => db.EvidenceReads.ExecuteDeleteAsync(Cancel));
        Assert.Contains("only ever added to", refused.Message, StringComparison.Ordinal);
        // The person's list of accesses is the journal's: it has them too, the organism's agent with their regime.
        Assert.Equal(
            [(ticket.Consultation!.Value, "hotline-1", CdrRoles.Hotline, ""), (ticket.Consultation!.Value, "agent-1", CdrRoles.RegimeAgent, "test-regime")],
            Rights.Noted.Select(one => (one.Consultation, one.By.Subject, one.By.Role, one.By.Regime)));
    }

    /// <summary>404 is what an older Rights answers, that does not know of readings: it must not pass for a journal that purged the consultation.</summary>
    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(503)]
    [InlineData(null)]
    public async Task Nothing_is_shown_that_the_journal_has_not_noted(int? status)
    {
        var ticket = await ReadyToTransferAsync();
        (Rights.NotesWith, Rights.Silent) = (status, status is null);

        using var shown = await Hotline.EvidenceAsync(ticket.Id, Cancel);
        var said = await shown.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, shown.StatusCode);
        Assert.Contains("reading-unnoted", said, StringComparison.Ordinal);
        Assert.DoesNotContain("2840575112901", said, StringComparison.Ordinal);
        await using (var scope = Host.Services.CreateAsyncScope())
            Assert.Empty(await scope.ServiceProvider.GetRequiredService<SupportDb>().EvidenceReads.AsNoTracking().ToListAsync(Cancel));

        (Rights.NotesWith, Rights.Silent) = (null, false);
        using var later = await Hotline.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Single(Rights.Noted);
    }

    [Fact]
    public async Task What_the_journal_has_purged_is_still_shown_and_noted_with_the_ticket_alone()
    {
        var ticket = await ReadyToTransferAsync();
        Rights.Kept.Clear();

        using var shown = await Hotline.EvidenceAsync(ticket.Id, Cancel);

        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Empty(Rights.Noted);
        await using var scope = Host.Services.CreateAsyncScope();
        Assert.Equal("hotline-1", Assert.Single(await scope.ServiceProvider.GetRequiredService<SupportDb>().EvidenceReads.AsNoTracking().ToListAsync(Cancel)).Subject);
    }

    [Fact]
    public async Task Tampered_evidence_is_said_and_not_shown()
    {
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
            // Whoever owns the file can take its guard away.
            await db.Database.ExecuteSqlRawAsync("DROP TRIGGER evidence_no_update; UPDATE evidence SET \"RulesVersion\" = 'x'", Cancel);
        }

        using var shown = await Clerk.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, shown.StatusCode);
        Assert.Contains("evidence-damaged", await shown.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_proof_no_such_ticket_begins()
    {
        Assert.Equal("consultation-not-found", await RefusedAsync(() => Clerk.OpenAsync(Inconsistent(Consult(Elsewhere)), Cancel), HttpStatusCode.BadRequest));
        var consultation = Consult();
        Rights.Silent = true;
        Assert.Equal("rights-silent", await RefusedAsync(() => Clerk.OpenAsync(Inconsistent(consultation), Cancel), HttpStatusCode.BadGateway));
        Assert.Empty((await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
    }

    [Fact]
    public async Task An_answer_that_the_journal_does_not_prove_is_not_frozen()
    {
        var consultation = Consult();
        Rights.Proven = Answers.Bytes(Guid.CreateVersion7(Clock.GetUtcNow()));
        Assert.Equal("evidence-unproven", await RefusedAsync(() => Clerk.OpenAsync(Inconsistent(consultation), Cancel), HttpStatusCode.BadGateway));
        (Rights.Proven, Rights.ProofOf) = (null, Guid.CreateVersion7(Clock.GetUtcNow()));
        Assert.Equal("evidence-unproven", await RefusedAsync(() => Clerk.OpenAsync(Inconsistent(consultation), Cancel), HttpStatusCode.BadGateway));
        Assert.Empty((await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
    }

    [Fact]
    public async Task An_answer_and_a_proof_that_were_sealed_together_and_are_not_of_each_other_are_not_shown()
    {
        var (mine, other) = (Consult(), Consult());
        var keeping = Host.Services.GetRequiredService<EvidenceKeeping>();
        EvidenceRow Frozen(byte[] proven, Guid of, Guid record)
        {
            var bytes = Rights.Kept[mine].Bytes;
            return keeping.Freeze(Guid.CreateVersion7(Clock.GetUtcNow()), new ContestedAnswer(bytes, Answers.Of(mine), new AnswerProof(RightsDouble.Proof(record), of, SHA256.HashData(proven), 1, [4])));
        }

        Assert.True(keeping.TryOpen(Frozen(Rights.Kept[mine].Bytes, mine, mine), out _));
        Assert.False(keeping.TryOpen(Frozen(Rights.Kept[other].Bytes, mine, mine), out _));
        Assert.False(keeping.TryOpen(Frozen(Rights.Kept[mine].Bytes, other, other), out _));
        Assert.False(keeping.TryOpen(Frozen(Rights.Kept[mine].Bytes, mine, other), out _));
    }

    [Theory]
    [InlineData(CdrRoles.GroupManager)]
    [InlineData(CdrRoles.FunctionalCorrespondent)]
    public async Task Who_only_follows_tickets_reads_no_answer(string role)
    {
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);

        var manager = await Api(role, "manager-1").ReadAsync(ticket.Id, Cancel);
        Assert.False(manager.HasEvidence);
        Assert.Equal("", manager.Title);
        Assert.All(manager.Entries, entry => Assert.Null(entry.Text));
        using var refused = await Api(role, "manager-1").EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var foreign = await Api(CdrRoles.Clerk, "clerk-9", Elsewhere).EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    private static EvidenceRow With(
        EvidenceRow row, byte[]? answer = null, Guid? ticket = null, byte[]? hash = null, byte[]? journal = null, string? rules = null, DateTimeOffset? at = null, byte[]? proof = null) => new()
        {
            Id = row.Id, Ticket = ticket ?? row.Ticket, Consultation = row.Consultation, AnsweredAt = at ?? row.AnsweredAt, FrozenAt = row.FrozenAt, RulesVersion = rules ?? row.RulesVersion,
            Hash = hash ?? row.Hash, JournalHash = journal ?? row.JournalHash, Proof = proof ?? row.Proof, Answer = answer ?? row.Answer,
        };
}
