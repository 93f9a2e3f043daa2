using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Fishing;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Tests.Fishing;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A line that is held puts off what is held with it, and nothing else.</summary>
public sealed class HeldLinesTests
{
    private const string Here = "690781810";
    private const string Elsewhere = "750712184";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_establishment_is_held_for_puts_off_all_its_files_and_none_of_another()
    {
        await using var world = await WorldAsync(("Fishing:FileSequenceToStop", "20"));
        var (held, colleagues, elsewhere) = (await AddAsync(world, "clerk", Here), await AddAsync(world, "colleague", Here), await AddAsync(world, "clerk", Elsewhere));
        // Together, and none of them alone.
        var others = Enumerable.Range(0, 6).Select(n => new Desk(world.Host, "other-" + n, Here)).ToList();
        Assert.Contains("batches-stopped", Enumerable.Range(1, 60).Select(order => Ask(others[order % 6], order)).ToList());

        await RunAsync(world, held);

        Assert.Equal(new[] { true, true, false }, await ArePutOffAsync(world, held, colleagues, elsewhere));
    }

    [Fact]
    public async Task What_a_card_is_held_for_puts_off_its_own_files_wherever_they_are()
    {
        await using var world = await WorldAsync(("Fishing:FileSequenceToStop", "20"));
        var (held, colleagues, elsewhere) = (await AddAsync(world, "clerk", Here), await AddAsync(world, "colleague", Here), await AddAsync(world, "clerk", Elsewhere));
        var clerk = new Desk(world.Host, "clerk", Here);
        Assert.Contains("batches-stopped", Enumerable.Range(1, 20).Select(order => Ask(clerk, order)).ToList());

        await RunAsync(world, held);

        Assert.Equal(new[] { true, false, true }, await ArePutOffAsync(world, held, colleagues, elsewhere));
    }

    [Fact]
    public async Task A_day_that_is_full_holds_who_is_new_alone_and_refuses_them_when_their_files_time_is_over_as_it_said()
    {
        await using var world = await WorldAsync(("Fishing:FilePersonsToTell", "5"), ("Fishing:FilePersonsADay", "10"));
        var (held, other) = (await AddAsync(world, "clerk", Here), await AddAsync(world, "clerk", Here));
        var clerk = new Desk(world.Host, "clerk", Here);
        Assert.Equal("batches-day-full", Enumerable.Range(1, 11).Select(order => Ask(clerk, order)).ToList()[^1]);

        await RunAsync(world, held);

        Assert.Equal(new[] { true, false }, await ArePutOffAsync(world, held, other));
        var said = world.Host.Services.GetRequiredService<FishingGuard>().OfFile(Desk.CallerOf("clerk", Here))!.Problem.ProblemDetails;
        Assert.Contains("refusées à la fin du délai de leur lot", said.Detail, StringComparison.Ordinal);
        await using var db = world.Host.Journal();
        await db.BatchFiles.Where(f => f.Id == other.File).ExecuteUpdateAsync(set => set.SetProperty(f => f.GiveUpAt, TimeProvider.System.GetUtcNow().AddMinutes(-1)), Cancellation);
        await RunAsync(world, other);
        var line = await LineAsync(world, other);
        Assert.Equal((BatchLineState.Refused, "batches-day-full"), (line.State, line.Code));
    }

    [Fact]
    public async Task A_line_that_the_journal_answered_is_not_refused_though_its_answer_looks_like_another_questions()
    {
        await using var world = await WorldAsync(("Fishing:FilePersonsToTell", "5"), ("Fishing:FilePersonsADay", "10"));
        var held = await AddAsync(world, "clerk", Here);
        // As where the key of its fingerprint is gone: the id is this line's alone.
        await world.Host.AskAsync(new { id = (await LineAsync(world, held)).Consultation, nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency" }, new TestCaller { Finess = Here }).AnswerAsync();
        await HoldPastItsTimeAsync(world, held);

        await RunAsync(world, held);

        Assert.Equal((BatchLineState.Answered, ""), await LineAsync(world, held) is var line ? (line.State, line.Code) : default);
    }

    [Fact]
    public async Task A_journal_that_is_not_heard_is_no_refusal()
    {
        var store = new CutStore();
        await using var world = await WorldAsync(store.Register, ("Fishing:FilePersonsToTell", "5"), ("Fishing:FilePersonsADay", "10"));
        var held = await AddAsync(world, "clerk", Here);
        await HoldPastItsTimeAsync(world, held);

        store.Cuts = sql => sql.Contains("FROM \"records\"", StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(world, held));
        store.Cuts = _ => false;

        Assert.Equal(BatchLineState.Waiting, (await LineAsync(world, held)).State);
        await RunAsync(world, held);
        Assert.Equal(BatchLineState.Refused, (await LineAsync(world, held)).State);
    }

    /// <summary>It is put off while another process asks it, which then dies before noting its end; and its file is cancelled.</summary>
    [Theory]
    [InlineData(false)]
    // By whoever ran it a second time: its first message was not confirmed, and came all the same.
    [InlineData(true)]
    public async Task A_line_that_was_under_way_while_it_was_put_off_is_answered_once_its_lease_is_over_though_it_was_cancelled(bool byItsOwnRun)
    {
        await using var world = await WorldAsync(("Fishing:FileSequenceToStop", "20"));
        var (held, other) = (await AddAsync(world, "clerk", Here), await AddAsync(world, "clerk", Elsewhere));
        var clerk = new Desk(world.Host, "clerk", Here);
        Assert.Contains("batches-stopped", Enumerable.Range(1, 20).Select(order => Ask(clerk, order)).ToList());

        await RunAsync(world, held);
        Assert.Equal(new[] { true, true }, await ArePutOffAsync(world, held, other));
        var underWay = byItsOwnRun ? held : other;
        var (now, consultation) = (TimeProvider.System.GetUtcNow(), (await LineAsync(world, underWay)).Consultation);
        await using var db = world.Host.Journal();
        await BatchEnd.CancelAsync(db, underWay.File, now);
        Assert.Equal(BatchLineState.Cancelled, (await LineAsync(world, underWay)).State);
        await world.Host.AskAsync(new { id = consultation, nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency" }, new TestCaller { Finess = Elsewhere }).AnswerAsync();
        await BatchEnd.SettleAsync(db, [underWay.File], now + TimeSpan.FromMinutes(6), Cancellation);

        Assert.Equal(BatchLineState.Answered, (await LineAsync(world, underWay)).State);
    }

    private static async Task HoldPastItsTimeAsync(RightsWorld world, (Guid File, Guid Lease) one)
    {
        var clerk = new Desk(world.Host, "clerk", Here);
        Assert.Equal("batches-day-full", Enumerable.Range(1, 11).Select(order => Ask(clerk, order)).ToList()[^1]);
        await using var db = world.Host.Journal();
        await db.BatchFiles.Where(f => f.Id == one.File).ExecuteUpdateAsync(set => set.SetProperty(f => f.GiveUpAt, TimeProvider.System.GetUtcNow().AddMinutes(-1)), Cancellation);
    }

    private static Task<RightsWorld> WorldAsync(params (string Name, string Value)[] more) => WorldAsync(null, more);

    private static Task<RightsWorld> WorldAsync(Action<IServiceCollection>? services, params (string Name, string Value)[] more) => RightsWorld.StartAsync(new WorldSetup
    {
        Services = services,
        // Nobody but the test runs a line.
        Settings = Guarded.Settings.Append(new("Batches:PumpPeriod", "00:05:00")).Concat(more.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).ToDictionary(),
    });

    private static string Ask(Desk desk, int order) =>
        desk.Ask(new ConsultationRequest { Nir = Town.Of(1, 1977, 8, "33063", order) }, ConsultationOutcome.Found, "invoice-rejected", Lane.Batch);

    /// <summary>A file with a line that is in the lane.</summary>
    private static async Task<(Guid File, Guid Lease)> AddAsync(RightsWorld world, string subject, string finess)
    {
        var (now, id, lease) = (TimeProvider.System.GetUtcNow(), Records.NewId(), Records.NewId());
        await using var db = world.Host.Journal();
        db.BatchFiles.Add(BatchFile.Of(id, Desk.CallerOf(subject, finess), 1, null, [1], now, TimeSpan.FromHours(24)));
        db.BatchLines.Add(new BatchLine
        {
            Batch = id, Line = 1, Consultation = Records.NewId(), State = BatchLineState.Waiting, NextTry = now.AddSeconds(-1), Lease = lease, LeasedUntil = now.AddMinutes(5),
            Question = world.Host.Services.GetRequiredService<SealedLine>().Seal(id, 1, new BatchQuestion { Nir = Town.Of(2, 1954, 3, "33063", 7), Reason = "invoice-rejected" }),
        });
        await db.SaveChangesAsync(Cancellation);
        return (id, lease);
    }

    private static Task RunAsync(RightsWorld world, (Guid File, Guid Lease) one) => world.Host.Services.GetRequiredService<LineRun>().RunAsync(one.File, 1, one.Lease, Cancellation);

    private static async Task<bool[]> ArePutOffAsync(RightsWorld world, params (Guid File, Guid Lease)[] files)
    {
        List<bool> putOff = [];
        foreach (var one in files)
        {
            var line = await LineAsync(world, one);
            Assert.Equal(BatchLineState.Waiting, line.State);
            Assert.Equal(line.NextTry > TimeProvider.System.GetUtcNow(), line.Lease != one.Lease);
            putOff.Add(line.Lease != one.Lease);
        }

        return [.. putOff];
    }

    private static async Task<BatchLine> LineAsync(RightsWorld world, (Guid File, Guid Lease) one)
    {
        await using var db = world.Host.Journal();
        return await db.BatchLines.AsNoTracking().SingleAsync(l => l.Batch == one.File, Cancellation);
    }
}
