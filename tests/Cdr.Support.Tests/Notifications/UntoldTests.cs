using Cdr.Contracts.Support;
using Cdr.Support.Metrics;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Support.Tests.Notifications;

/// <summary>Without a broker.</summary>
public sealed class UntoldTests : HostTests
{
    [Fact]
    public async Task What_is_not_told_waits_since_it_was_seen()
    {
        await Referent.OpenAsync(Technical(send: true), Cancel);
        var first = await MeasuredAsync();
        Clock.Advance(TimeSpan.FromSeconds(90));
        var later = await MeasuredAsync();

        Assert.Equal((1, 1), (first.Untold, later.Untold));
        Assert.Equal(TimeSpan.FromSeconds(90), later.UntoldFor);
        Assert.Equal(0, later.Aside);
    }

    [Fact]
    public async Task What_another_version_wrote_is_left_to_it_and_the_others_go_on()
    {
        var (dispatcher, id) = (Host.Services.GetServices<IHostedService>().OfType<Dispatcher>().Single(), Guid.CreateVersion7(Clock.GetUtcNow().AddDays(-1)));
        await ByHandAsync(dispatcher);
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        db.Outbox.Add(new OutboxRow { Id = id, Type = nameof(TicketMoved), Json = $$"""{"id":"{{id}}","ticket":"{{id}}","entry":1,"action":"future","state":"new","at":"2026-11-20T08:00:00+00:00"}""" });
        await db.SaveChangesAsync(Cancel);

        async Task<DateTimeOffset?> AsideAsync()
        {
            await dispatcher.TellAsync(Cancel);
            return (await db.Outbox.AsNoTracking().SingleAsync(row => row.Id == id, Cancel)).SetAsideAt;
        }

        Assert.Null(await AsideAsync());
        Assert.Equal(1, (await MeasuredAsync()).Aside);
        Clock.Advance(TimeSpan.FromHours(5));
        Assert.Null(await AsideAsync());
        // No version wrote it, then.
        Clock.Advance(TimeSpan.FromHours(2));
        Assert.NotNull(await AsideAsync());
        Assert.Equal(1, (await MeasuredAsync()).Aside);
    }

    [Fact]
    public async Task Each_answer_that_an_organism_corrected_is_told_also_of_a_ticket_that_began_with_a_call()
    {
        await ImportAsync();
        var ticket = await Hotline.OpenAsync(new TicketRequest { Kind = TicketKind.DataInconsistency, Title = "Droits fermés", Text = "Par téléphone.", Establishment = Here }, Cancel);
        var consultation = Consult();
        await Clerk.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Compare, Consultation = consultation }, Cancel);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ["identity", "card", "difference", "date"] }, Cancel);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Transfer, Organism = "01751" }, Cancel);
        await Organism.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Answer, Text = "Corrigé.", FileCorrected = true }, Cancel);

        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        var told = await db.Outbox.AsNoTracking().Where(row => row.Type == nameof(FileCorrected)).Select(row => row.Json).ToListAsync(Cancel);
        Assert.Contains(consultation.ToString(), Assert.Single(told), StringComparison.Ordinal);
    }

    private protected override ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync() => new([new("ConnectionStrings:RabbitMq", $"amqp://guest:guest@127.0.0.1:{FreePort.Take()}/nobody")]);

    private async Task<TicketMeasure> MeasuredAsync()
    {
        await Host.Services.GetServices<IHostedService>().OfType<MeasureTickets>().Single().RunOnceAsync(Cancel);
        return Host.Services.GetRequiredService<TicketMeter>().Now;
    }
}
