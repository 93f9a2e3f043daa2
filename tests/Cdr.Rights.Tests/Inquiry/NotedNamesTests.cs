using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>Whose record fails is named by another.</summary>
public sealed class NotedNamesTests
{
    private readonly ConsultationRun run = new(null!, null!, []);
    private readonly List<Writing> writings = [];

    [Fact]
    public async Task Of_two_records_the_one_that_fails_leaves_its_own_names()
    {
        run.Note("cnam", Record);
        writings[0].Make();
        run.Note("msa", Record);
        // The writer goes on to the second before anybody hears of the first.
        writings[1].Make();
        writings[0].Done.SetResult();
        writings[1].Done.SetException(new JournalUnavailableException());

        await run.NoteRestAsync(Record);

        Assert.Equal(3, writings.Count);
        Assert.Equal(["msa"], writings[2].Make());
    }

    [Fact]
    public async Task One_that_is_refused_before_it_is_made_leaves_its_names()
    {
        run.Note("cnam", Record);
        writings[0].Done.SetException(new JournalUnavailableException());

        await run.NoteRestAsync(Record);

        Assert.Equal(["cnam"], writings[1].Make());
    }

    [Fact]
    public async Task One_of_a_regime_that_is_called_after_the_end_is_tried_once_more_and_once_only()
    {
        run.Note("cnam", Record);
        writings[0].Make();
        writings[0].Done.SetResult();
        await run.NoteRestAsync(Record);
        run.Note("msa", Record);
        writings[1].Make();

        writings[1].Done.SetException(new JournalUnavailableException());

        Assert.Equal(["msa"], writings[2].Make());
        writings[2].Done.SetException(new JournalUnavailableException());
        Assert.Equal(3, writings.Count);
    }

    private Task Record(Func<IEnumerable<string>> names)
    {
        var writing = new Writing(names);
        writings.Add(writing);
        return writing.Done.Task;
    }

    private sealed class Writing(Func<IEnumerable<string>> names)
    {
        // Who waits goes on at once.
        public TaskCompletionSource Done { get; } = new();

        public List<string> Make() => [.. names()];
    }
}
