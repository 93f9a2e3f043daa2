using System.Collections.Concurrent;
using Cdr.Contracts.Rights;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>The journals of Rights, complete whatever happens to their messages.</summary>
internal sealed class JournalsDouble : IJournalApi
{
    private readonly ConcurrentDictionary<Guid, ConsultationsAnswered[]> journals = new();

    /// <summary>Older ones may have been purged.</summary>
    public DateTimeOffset KeptSince { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Happens when the heads have been read, and before they arrive.</summary>
    public Func<Task>? WhileHeadsTravel { get; set; }

    /// <summary>Happens when batches have been read, and before they arrive.</summary>
    public Func<Task>? WhileBatchesTravel { get; set; }

    /// <summary>Each batch is handed out twice.</summary>
    public bool Repeats { get; set; }

    /// <summary>Rights does not answer.</summary>
    public bool Silent { get; set; }

    public ConcurrentQueue<(Guid Journal, long After)> Fetches { get; } = new();

    public SemaphoreSlim HeadsAsked { get; } = new(0);

    /// <summary>Waits for comparisons that begin from now on.</summary>
    public async Task ComparedAgainAsync(int times, CancellationToken cancellationToken)
    {
        while (HeadsAsked.Wait(0, cancellationToken))
        {
            // It began before.
        }

        for (var n = 0; n < times; n++)
            Assert.True(await HeadsAsked.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken));
    }

    /// <summary>Each journal from its next number on: Rights numbers batches inside their transaction, a journal with a hole is none.</summary>
    public void Write(params ConsultationsAnswered[] batches)
    {
        foreach (var journal in batches.GroupBy(batch => batch.Journal))
        {
            var next = LastOf(journal.Key) + 1;
            if (!journal.Select((batch, index) => batch.Batch == next + index).All(isNext => isNext))
                throw new InvalidOperationException($"A journal goes on with batch {next} and leaves none out.");
            journals.AddOrUpdate(journal.Key, _ => [.. journal], (_, before) => [.. before, .. journal]);
        }
    }

    public long LastOf(Guid journal) => journals.GetValueOrDefault(journal, []).Select(batch => batch.Batch).DefaultIfEmpty().Max();

    /// <summary>Their retention is over.</summary>
    public void Forget(Guid journal, long upTo) => journals[journal] = [.. journals[journal].Where(batch => batch.Batch > upTo)];

    /// <summary>It is not in the journal any more.</summary>
    public void Lose(Guid journal, long batch) => journals[journal] = [.. journals[journal].Where(one => one.Batch != batch)];

    public async Task<IReadOnlyList<JournalHead>> HeadsAsync(CancellationToken cancellationToken)
    {
        HeadsAsked.Release();
        var heads = await Answer<IReadOnlyList<JournalHead>>([.. journals.Select(journal => new JournalHead(journal.Key, journal.Value.Max(batch => batch.Batch), KeptSince))]);
        if (WhileHeadsTravel is { } travel)
            await travel();
        return heads;
    }

    public async Task<IReadOnlyList<ConsultationsAnswered>> BatchesAsync(Guid id, long after, int take, CancellationToken cancellationToken)
    {
        Fetches.Enqueue((id, after));
        var batches = await Answer<IReadOnlyList<ConsultationsAnswered>>(
            [.. journals.GetValueOrDefault(id, []).Where(batch => batch.Batch > after).OrderBy(batch => batch.Batch).Take(take).SelectMany(batch => Enumerable.Repeat(batch, Repeats ? 2 : 1))]);
        if (WhileBatchesTravel is { } travel)
            await travel();
        return batches;
    }

    private Task<T> Answer<T>(T answer) => Silent ? Task.FromException<T>(new HttpRequestException("silent")) : Task.FromResult(answer);
}
