using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Tests.Batches;

/// <summary>Who follows a file with « next » is given each answer, and is not told that the file is complete while one is missing.</summary>
public sealed class FollowedResultsTests
{
    private static readonly Dictionary<string, string?> Quick = new() { ["Batches:PerSecond"] = "500", ["Batches:PumpPeriod"] = "00:00:00.100" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_does_not_open_yet_is_given_as_soon_as_it_does()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var batch = await AnsweredAsync(world);
        await using var db = world.Host.Journal();
        var consultation = db.BatchLines.Single(l => l.Line == 2).Consultation;
        var payload = (await db.Records.AsNoTracking().SingleAsync(r => r.Id == consultation, Cancellation)).Payload!;
        // As where this process has not the newest key yet.
        await db.SealElsewhereAsync(consultation);

        var first = await world.Host.ResultsAsync(batch);
        await db.SealAgainAsync(consultation, payload);
        var second = await FollowAsync(world, batch, first.Next);

        Assert.Equal((false, "answer-unreadable"), (first.Complete, first.Lines[1].Code));
        Assert.Equal((2, true), (Assert.Single(second.Lines).Line, second.Lines[0].Answer is not null));
        Assert.True(second.Complete);
    }

    /// <summary>No key will come: whoever waited for one would wait for the hour, and be told that it is gone.</summary>
    [Fact]
    public async Task An_answer_that_was_changed_is_told_as_damage_of_its_line_at_once()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?>(Quick) { ["Batches:DownloadEvery"] = "00:00:00" } });
        var batch = await AnsweredAsync(world);
        await using var db = world.Host.Journal();
        var consultation = db.BatchLines.Single(l => l.Line == 2).Consultation;
        await db.Records.Where(r => r.Id == consultation).ExecuteUpdateAsync(set => set.SetProperty(r => r.Payload, new byte[200]), Cancellation);

        var results = await world.Host.ResultsAsync(batch);
        using var csv = await world.Host.GetAsync(batch.Links.Results + "?format=csv");

        Assert.Equal((true, "answer-damaged"), (results.Complete, results.Lines[1].Code));
        Assert.Equal([true, false, true], results.Lines.Select(l => l.Answer is not null));
        Assert.Contains("\r\n2;;répondue;answer-damaged;;;;;;;;;;;;La réponse n’est plus celle qui a été signée : prévenez l’exploitation, et posez de nouveau la question.\r\n", System.Text.Encoding.UTF8.GetString(await csv.BytesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_an_answer_whose_key_is_gone_is_complete_all_the_same_and_says_which()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?>(Quick) { ["Batches:DownloadEvery"] = "00:00:00" } });
        var batch = await AnsweredAsync(world);
        await using var db = world.Host.Journal();
        var consultation = db.BatchLines.Single(l => l.Line == 2).Consultation;
        await db.SealElsewhereAsync(consultation);
        var soon = await world.Host.ResultsAsync(batch);
        // No process has been without a new key for so long.
        await db.BatchLines.Where(l => l.Line == 2).ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, (DateTimeOffset?)TimeProvider.System.GetUtcNow().AddHours(-2)), Cancellation);

        var followed = await FollowAsync(world, batch, soon.Next);
        var whole = await world.Host.ResultsAsync(batch);
        using var csv = await world.Host.GetAsync(batch.Links.Results + "?format=csv");

        Assert.Equal((false, "answer-unreadable"), (soon.Complete, soon.Lines[1].Code));
        Assert.Equal((true, "answer-key-gone"), (followed.Complete, Assert.Single(followed.Lines).Code));
        Assert.Equal((true, "answer-key-gone"), (whole.Complete, whole.Lines[1].Code));
        Assert.Equal([true, false, true], whole.Lines.Select(l => l.Answer is not null));
        Assert.Empty((await FollowAsync(world, batch, followed.Next)).Lines);
        Assert.Contains("\r\n2;;répondue;answer-key-gone;;;;;;;;;;;;La réponse a été donnée et ne s’ouvre plus : sa clé n’est plus là. Posez de nouveau la question.\r\n", System.Text.Encoding.UTF8.GetString(await csv.BytesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_was_cancelled_while_it_is_asked_has_not_ended_before_its_lease()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var batch = await AnsweredAsync(world);
        await using var db = world.Host.Journal();
        var later = TimeProvider.System.GetUtcNow().AddMinutes(5);
        // The second is being asked; the third was left alone long ago, and was never answered.
        await db.BatchLines.Where(l => l.Line == 3).ExecuteUpdateAsync(set => set.SetProperty(l => l.Consultation, Records.NewId()), Cancellation);
        await db.BatchFiles.ExecuteUpdateAsync(set => set.SetProperty(f => f.CancelledAt, f => f.EndedAt), Cancellation);
        await SetAsync(2, BatchLineState.Cancelled, later);
        await SetAsync(3, BatchLineState.Cancelled, later.AddHours(-1));

        var first = await world.Host.ResultsAsync(batch);
        await SetAsync(2, BatchLineState.Answered, null);
        var second = await FollowAsync(world, batch, first.Next);

        Assert.False(first.Complete);
        Assert.Equal([BatchLineState.Answered, BatchLineState.Cancelled, BatchLineState.Cancelled], first.Lines.Select(l => l.State));
        Assert.Equal((2, true), (Assert.Single(second.Lines).Line, second.Lines[0].Answer is not null));
        Assert.True(second.Complete);

        Task SetAsync(int line, BatchLineState state, DateTimeOffset? leased) =>
            db.BatchLines.Where(l => l.Line == line).ExecuteUpdateAsync(set => set.SetProperty(l => l.State, state).SetProperty(l => l.LeasedUntil, leased), Cancellation);
    }

    private static async Task<BatchProgress> AnsweredAsync(RightsWorld world)
    {
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();
        return await world.Host.EndedAsync(batch);
    }

    private static async Task<BatchResults> FollowAsync(RightsWorld world, BatchProgress batch, string? next)
    {
        using var response = await world.Host.GetAsync(batch.Links.Results + "?after=" + next);
        return JsonSerializer.Deserialize<BatchResults>(await response.BytesAsync(), JsonSerializerOptions.Web)!;
    }
}
