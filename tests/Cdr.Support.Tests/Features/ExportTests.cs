using System.Net;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Features.ExportTickets;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

/// <summary>A list as a file: its filters, its order, whole, and no words.</summary>
public sealed class ExportTests : HostTests
{
    private const string Labels = ";nature_libelle;etat_libelle;priorite_libelle;attend_libelle;cause_libelle";
    private const string Header = "numero;nature;etat;priorite;attend;etablissement;departement;organisme;ouvert_utc;modifie_utc;echeance_utc;en_retard;cause";

    [Fact]
    public async Task A_file_has_what_the_list_shows_but_no_words_and_no_cell_that_is_calculated()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true) with { Title = "=Madame Lavandier", Text = "Lavandier" }, Cancel);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Assign, Assignee = "me", Team = "-niveau-2" }, Cancel);
        var other = await Referent.OpenAsync(Technical(send: true), Cancel);

        var (type, text) = await ExportAsync(CdrRoles.Hotline, "?team=-niveau-2&order=due");

        Assert.Equal("text/csv", type);
        Assert.Equal(Header + ";agent;equipe" + Labels, text.Split("\r\n")[0]);
        var line = Assert.Single(text.Split("\r\n").Skip(1), one => one.Length > 0);
        // A code for machines, and beside it what people call it.
        Assert.StartsWith($"{ticket.Number};technical;inProgress;normal;hotline;{Here};75;;2026-11-20 08:00;2026-11-20 08:00;2026-11-20 ", line, StringComparison.Ordinal);
        Assert.EndsWith(";non;;hotline-1;'-niveau-2;Question technique;En cours à la hotline;Normale;La hotline;", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Lavandier", text, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Number, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_code_of_a_file_has_its_words_beside_it()
    {
        Assert.All(Enum.GetValues<TicketKind>().Select(TicketLabels.Of).Concat(Enum.GetValues<TicketState>().Select(TicketLabels.Of)).Concat(Enum.GetValues<TicketPriority>().Select(TicketLabels.Of)).Concat(Enum.GetValues<WaitsFor>().Select(TicketLabels.Of)), Assert.NotEmpty);
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Solve);
        var label = (await Hotline.ReadAsync(ticket.Id, Cancel)).CauseLabel;
        Assert.Matches($";other;[^;]*;[^;]*;[^;]*;[^;]*;[^;]*;[^;]*;{System.Text.RegularExpressions.Regex.Escape(label!)}\r\n", (await ExportAsync(CdrRoles.Hotline, "")).Text);
    }

    [Fact]
    public async Task Who_has_a_ticket_is_the_hotlines_own_affair_and_each_exports_their_own()
    {
        var (ours, theirs) = (await Referent.OpenAsync(Technical(send: true), Cancel), await Api(CdrRoles.Referent, "referent-9", Elsewhere).OpenAsync(Technical(send: true), Cancel));
        await Hotline.MoveAsync(ours.Id, new TicketMove { Action = TicketAction.Assign, Assignee = "me", Team = "niveau-2" }, Cancel);
        var text = (await ExportAsync(CdrRoles.Referent, "")).Text;
        Assert.Contains(ours.Number, text, StringComparison.Ordinal);
        foreach (var hidden in new[] { theirs.Number, "hotline-1", "niveau-2", "agent" })
            Assert.DoesNotContain(hidden, text, StringComparison.Ordinal);
        using var refused = await Host.ClientOf(Token(CdrRoles.Referent)).GetAsync("/api/support/tickets/export.csv?state=never", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData(CdrRoles.Clerk)]
    [InlineData(CdrRoles.Referent)]
    [InlineData(CdrRoles.FunctionalCorrespondent)]
    [InlineData(CdrRoles.GroupManager)]
    [InlineData(CdrRoles.RegimeAgent)]
    public async Task Nobody_else_asks_whether_somebody_of_the_hotline_has_a_ticket(string role)
    {
        var client = Host.ClientOf(Token(role, "somebody-1", regime: "test-regime"));
        foreach (var address in new[] { "/api/support/tickets", "/api/support/tickets/export.csv" }.SelectMany(door => new[] { door + "?assignee=hotline-1", door + "?assignee=me" }))
        {
            using var refused = await client.GetAsync(address, Cancel);
            Assert.Equal((address, HttpStatusCode.BadRequest), (address, refused.StatusCode));
            Assert.Contains("assignee-not-yours", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?order=due")]
    public async Task All_of_a_long_list_is_there_once_and_in_its_order(string order)
    {
        await FillAsync(2 * TicketCsv.Together + 3);

        var numbers = (await ExportAsync(CdrRoles.Hotline, order)).Text.Split("\r\n").Skip(1).Where(line => line.Length > 0).Select(line => int.Parse(line.Split(';')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();

        var all = Enumerable.Range(0, 2 * TicketCsv.Together + 3);
        Assert.Equal(order.Length > 0 ? all : all.Reverse(), numbers);
    }

    [Fact]
    public async Task What_becomes_due_earlier_while_the_file_is_taken_is_in_it_once()
    {
        await FillAsync(2 * TicketCsv.Together + 3);
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await using var other = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        var (now, last) = (Clock.GetUtcNow(), $"{2 * TicketCsv.Together + 2:D9}");
        await using var taken = new SlowFile(() => other.Tickets.Where(row => row.Number == last).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, now.AddHours(-1)), Cancel));
        await TicketCsv.WriteAsync(taken, db.Tickets.AsNoTracking(), byDue: true, isHotline: true, new Dictionary<string, string>(), now, Cancel);

        var numbers = Encoding.UTF8.GetString(taken.ToArray()).Split("\r\n").Skip(1).Where(line => line.Length > 0).Select(line => int.Parse(line.Split(';')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, 2 * TicketCsv.Together + 3), numbers);
    }

    [Fact]
    public async Task What_is_not_due_any_more_when_its_part_is_read_is_left_out()
    {
        await FillAsync(2 * TicketCsv.Together + 3);
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await using var other = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        var last = $"{2 * TicketCsv.Together + 2:D9}";
        await using var taken = new SlowFile(() => other.Tickets.Where(row => row.Number == last).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, (DateTimeOffset?)null), Cancel));
        await TicketCsv.WriteAsync(taken, db.Tickets.AsNoTracking(), byDue: true, isHotline: true, new Dictionary<string, string>(), Clock.GetUtcNow(), Cancel);

        var numbers = Encoding.UTF8.GetString(taken.ToArray()).Split("\r\n").Skip(1).Where(line => line.Length > 0).Select(line => int.Parse(line.Split(';')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, 2 * TicketCsv.Together + 2), numbers);
    }

    private async Task FillAsync(int count)
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        var text = Host.Services.GetRequiredService<TicketText>();
        for (var n = 0; n < count; n++)
        {
            var (id, at) = (Guid.CreateVersion7(Clock.GetUtcNow().AddMilliseconds(n)), Clock.GetUtcNow());
            db.Tickets.Add(new TicketRow
            {
                Id = id, Number = $"{n:D9}", Kind = TicketKind.Technical, State = TicketState.New, Priority = TicketPriority.Normal, Impact = TicketImpact.One, Urgency = TicketUrgency.Normal, Establishment = Here, Group = "", Department = "75", Author = "referent-1",
                // Many are due at one time.
                Title = text.SealTitle(id, "…"), CreatedAt = at, UpdatedAt = at, Version = 1, DueAt = at.AddHours(n / 700),
            });
        }

        await db.SaveChangesAsync(Cancel);
    }

    private async Task<(string? Type, string Text)> ExportAsync(string role, string query)
    {
        using var response = await Host.ClientOf(Token(role, role == CdrRoles.Hotline ? "hotline-1" : "referent-1")).GetAsync("/api/support/tickets/export.csv" + query, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        return (response.Content.Headers.ContentType?.MediaType, Encoding.UTF8.GetString(bytes[3..]));
    }

    /// <summary>Something is done once its beginning is taken.</summary>
    private sealed class SlowFile(Func<Task> meanwhile) : MemoryStream
    {
        private bool begun;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            if (begun)
                return;
            begun = true;
            await meanwhile();
        }
    }
}
