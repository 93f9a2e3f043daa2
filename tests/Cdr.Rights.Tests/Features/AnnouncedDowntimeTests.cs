using System.Net.Http.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Features;

/// <summary>What the hotline or a regime's staff announce in Support reaches every process of Rights, whatever the order and however often it is heard.</summary>
public sealed class AnnouncedDowntimeTests(TestServers servers)
{
    private readonly DateTimeOffset now = Seconds(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_announced_interruption_is_shown_before_it_begins_and_closes_its_regime_until_it_is_withdrawn()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam", refresh = true };
        var soon = Said("cnam", now.AddHours(3), now.AddHours(5));
        await TellAsync(world.Host, soon);
        await ShownAsync(world.Host, "cnam", (soon.From, soon.To!.Value));
        Assert.Equal(ConsultationOutcome.Found, (await world.Host.AskAsync(question).AnswerAsync()).Outcome);

        // Brought forward: it is under way.
        var under = soon with { Id = Records.NewId(), Version = 2, At = now.AddSeconds(2), From = now.AddMinutes(-5) };
        await TellAsync(world.Host, under);
        await ShownAsync(world.Host, "cnam", (under.From, under.To!.Value));
        var calls = world.Regimes.Calls("cnam");
        var closed = await world.Host.AskAsync(question).AnswerAsync();
        Assert.Equal((ConsultationOutcome.Incomplete, "plannedDowntime", calls), (closed.Outcome, closed.Regimes[0].Reason, world.Regimes.Calls("cnam")));
        Assert.Empty((await RegimesAsync(world.Host)).Single(regime => regime.Id == "msa").Downtime);

        await TellAsync(world.Host, under with { Id = Records.NewId(), Version = 3, At = now.AddSeconds(3), Withdrawn = true });
        await ShownAsync(world.Host, "cnam");
        Assert.Equal(ConsultationOutcome.Found, (await world.Host.AskAsync(question).AnswerAsync()).Outcome);
    }

    [Fact]
    public async Task Heard_twice_or_late_it_changes_nothing_and_one_without_an_end_closes_nothing()
    {
        await using var world = await RightsWorld.StartAsync();
        var first = Said("cnam", now.AddHours(1), now.AddHours(2));
        var withdrawn = first with { Id = Records.NewId(), Version = 2, At = now.AddSeconds(2), Withdrawn = true };
        foreach (var said in new[] { withdrawn, first, first, withdrawn, Said("cnam", now.AddMinutes(-5), null), Said("unheard-of", now, now.AddHours(1)), Said("enim", now.AddHours(1), now.AddHours(2)) })
            await TellAsync(world.Host, said);

        // Told last.
        await ShownAsync(world.Host, "enim", (now.AddHours(1), now.AddHours(2)));
        await using var db = world.Host.Journal();
        await Records.UntilAsync("all were heard", async () => await db.AnnouncedDowntimes.CountAsync(Cancel) == 4);
        await world.Host.Services.GetRequiredService<AnnouncedDowntimes>().LookAsync(Cancel);
        await ShownAsync(world.Host, "cnam");
        Assert.Equal("up", (await RegimesAsync(world.Host)).Single(regime => regime.Id == "cnam").Health);

        // An end that is taken away: nobody says when it would be asked again.
        var open = Said("msa", now.AddMinutes(-5), now.AddHours(1));
        await TellAsync(world.Host, open);
        await ShownAsync(world.Host, "msa", (open.From, open.To!.Value));
        await TellAsync(world.Host, open with { Id = Records.NewId(), Version = 2, At = now.AddSeconds(2), To = null });
        await ShownAsync(world.Host, "msa");
    }

    [Fact]
    public async Task Said_by_a_Support_that_was_restored_it_is_what_holds_and_told_once_more_it_changes_nothing()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        // Of the finest instant that a message can hold; told once more it is as a store keeps it.
        var first = Said("mgen", now.AddMinutes(-5), now.AddHours(1)) with { At = now.AddTicks(7) };
        var longer = first with { Id = Records.NewId(), Version = 2, At = now.AddSeconds(2), To = now.AddHours(9) };
        // From the backup, where the second version is another one.
        var withdrawn = first with { Id = Records.NewId(), Version = 2, At = now.AddSeconds(9), Withdrawn = true };
        var again = first with { Id = Records.NewId(), Version = 3, At = now.AddSeconds(10), To = now.AddHours(9) };
        foreach (var said in new[] { first, longer, first with { At = now }, longer })
            await TellAsync(world.Host, said);
        await ShownAsync(world.Host, "mgen", (first.From, now.AddHours(9)));
        foreach (var said in new[] { withdrawn, withdrawn, longer, first })
            await TellAsync(world.Host, said);
        await TellAsync(world.Host, Said("enim", now.AddHours(1), now.AddHours(2)));
        await ShownAsync(world.Host, "enim", (now.AddHours(1), now.AddHours(2)));
        await ShownAsync(world.Host, "mgen");
        await using (var db = world.Host.Journal())
            await Records.UntilAsync("all were heard", async () => await db.AnnouncedDowntimes.CountAsync(row => row.Announcement == first.Announcement, Cancel) == 3);
        await world.Host.Services.GetRequiredService<AnnouncedDowntimes>().LookAsync(Cancel);
        await ShownAsync(world.Host, "mgen");

        // What was said before is said again: it is what holds.
        await TellAsync(world.Host, again);
        await ShownAsync(world.Host, "mgen", (first.From, now.AddHours(9)));
    }

    [Fact]
    public async Task What_one_process_heard_every_process_shows_and_it_survives_their_restart()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var said = Said("mgen", now.AddHours(1), now.AddHours(2));
        await TellAsync(world.Host, said);
        await ShownAsync(world.Host, "mgen", (said.From, said.To!.Value));

        var later = await world.StartHostAsync();
        await ShownAsync(later, "mgen", (said.From, said.To!.Value));
        await TellAsync(world.Host, said with { Id = Records.NewId(), Version = 2, At = now.AddSeconds(2), Withdrawn = true });
        // It did not hear it itself: it looks every few seconds.
        await ShownAsync(later, "mgen");
    }

    private DowntimeAnnounced Said(string regime, DateTimeOffset from, DateTimeOffset? to) => new(Records.NewId(), Records.NewId(), 1, regime, from, to, false, now);

    private static Task TellAsync(RightsHost host, DowntimeAnnounced said) => host.Services.GetRequiredService<IBus>().Publish(said, Cancel);

    private static Task ShownAsync(RightsHost host, string id, params (DateTimeOffset From, DateTimeOffset To)[] expected) => Records.UntilAsync(
        $"{id} has {expected.Length} interruptions", async () => (await RegimesAsync(host)).Single(regime => regime.Id == id).Downtime.Select(one => (one.From, one.To)).SequenceEqual(expected));

    private static async Task<List<RegimeInfo>> RegimesAsync(RightsHost host)
    {
        using var request = host.Request(HttpMethod.Get, "/api/regimes");
        using var response = await host.Client.SendAsync(request, Cancel);
        return (await response.Content.ReadFromJsonAsync<List<RegimeInfo>>(Cancel))!;
    }

    private static DateTimeOffset Seconds(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
