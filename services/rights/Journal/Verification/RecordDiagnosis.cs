namespace Cdr.Rights.Journal.Verification;

/// <summary>Batches whose records are not those that were signed, and records that no batch took: what happened to which.</summary>
internal sealed class RecordDiagnosis(IJournalSource source, Dictionary<Guid, ChainState> chains, List<StoredRecord> strays, List<Finding> findings)
{
    private readonly Dictionary<Guid, Place> homes = [];
    private readonly HashSet<Place> explained = [];
    private readonly List<StoredRecord> misplaced = [];
    private readonly HashSet<Guid?> unread = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        unread.UnionWith(source.Unread.Where(row => row.Table == UnreadRow.Records).Select(row => row.Record));
        List<Faulty> faulty = [];
        foreach (var chain in chains.Values)
        {
            foreach (var (number, state) in chain.Batches.Where(batch => !batch.Value.IsFine))
                faulty.Add(new Faulty(chain.Journal, number, state, (await source.BatchAsync(chain.Journal, number, cancellationToken))?.Ids ?? []));
        }

        misplaced.AddRange(strays);
        foreach (var batch in faulty)
            FindHomes(batch);
        foreach (var stray in misplaced)
            Explain(stray, faulty.Find(batch => batch.Journal == stray.Journal && batch.Number == stray.Batch));
        foreach (var batch in faulty)
            Tell(batch);
    }

    /// <summary>Where not all records could be read: what was changed among those that were. Nothing is missing by that alone.</summary>
    public async Task TellChangedAsync(CancellationToken cancellationToken)
    {
        foreach (var chain in chains.Values)
        {
            foreach (var (number, state) in chain.Batches.Where(batch => batch.Value is { HasChanged: true, IsDone: false }))
            {
                var batch = new Faulty(chain.Journal, number, state, (await source.BatchAsync(chain.Journal, number, cancellationToken))?.Ids ?? []);
                for (var position = 0; position < state.Records; position++)
                {
                    if (state.At(position) is { IsWhole: false } there && (there.Id == batch.IdAt(position) || state.IsHeaderFaulty))
                        findings.Add(Changed(batch, there));
                }
            }
        }
    }

    /// <summary>Places whose own record is not there, by the id that they lack; and what lies there instead.</summary>
    private void FindHomes(Faulty batch)
    {
        if (batch.State.IsHeaderFaulty)
            return;
        for (var position = 0; position < batch.State.Records; position++)
        {
            var there = batch.State.At(position);
            if (there?.Id == batch.IdAt(position) || batch.State.Purged.ContainsKey(position))
                continue;
            if (batch.IdAt(position) is { } lacking)
                homes[lacking] = new Place(batch.Journal, batch.Number, position);
            if (there is { } other)
                misplaced.Add(other);
        }
    }

    private void Explain(StoredRecord stray, Faulty? claimed)
    {
        var place = new Place(stray.Journal, stray.Batch, stray.Position);
        if (homes.TryGetValue(stray.Id, out var home))
        {
            explained.Add(home);
            if (home != place)
                findings.Add(new Finding(FindingKind.RecordMoved, home.Journal, home.Batch, home.Position, stray.Id, Detail: $"it lies at {place}"));
        }
        else if (claimed is { State.IsHeaderFaulty: true } || chains.GetValueOrDefault(stray.Journal)?.IsHole(stray.Batch) == true)
        {
            // Told already: of its batch.
        }
        else if (claimed is not null && explained.Add(place) && claimed.Lacks(stray.Position))
        {
            // Alone at a place that lacks its own: either its id was changed, or the batch's list.
            findings.Add(stray.IsWhole && claimed.State.HasIts(claimed.State.Root(computed: true, stray.Position, stray.Computed))
                ? new Finding(FindingKind.BatchChanged, place.Journal, place.Batch, Detail: "the list of its records")
                : new Finding(FindingKind.RecordChanged, place.Journal, place.Batch, place.Position, claimed.IdAt(stray.Position), Detail: $"its id is now {stray.Id}"));
        }
        else if (stray.Batch > (chains.GetValueOrDefault(stray.Journal)?.Last ?? 0))
        {
            findings.Add(new Finding(FindingKind.ChainTruncated, stray.Journal, stray.Batch, stray.Position, stray.Id, Detail: "a record of it is there"));
        }
        else
        {
            findings.Add(new Finding(FindingKind.RecordAdded, place.Journal, place.Batch, place.Position, stray.Id));
        }
    }

    private void Tell(Faulty batch)
    {
        var found = findings.Count;
        for (var position = 0; position < batch.State.Records; position++)
        {
            var place = new Place(batch.Journal, batch.Number, position);
            if (batch.State.At(position) is { } there)
            {
                if (!there.IsWhole && (there.Id == batch.IdAt(position) || batch.State.IsHeaderFaulty))
                    findings.Add(Changed(batch, there));
            }
            else if (!batch.State.IsHeaderFaulty && !batch.State.Purged.ContainsKey(position) && !explained.Contains(place))
            {
                findings.Add(new Finding(FindingKind.RecordMissing, place.Journal, place.Batch, place.Position, batch.IdAt(position), Detail: unread.Contains(batch.IdAt(position)) ? "its row cannot be read" : null));
            }
        }

        if (findings.Count == found && !batch.State.IsHeaderFaulty && !findings.Exists(f => f.Journal == batch.Journal && f.Batch == batch.Number))
            findings.Add(new Finding(FindingKind.RecordsRewritten, batch.Journal, batch.Number, Detail: "records were changed together with their hashes"));
    }

    private static Finding Changed(Faulty batch, StoredRecord record)
    {
        var detail = record.Stored == record.Computed ? null : batch.State.HasIts(batch.State.Root(computed: true, record.Position, record.Computed)) ? "its hash" : null;
        return new Finding(record.Stored == record.Computed ? FindingKind.PayloadChanged : FindingKind.RecordChanged, batch.Journal, batch.Number, record.Position, record.Id, Detail: detail);
    }

    private readonly record struct Place(Guid Journal, long Batch, int Position)
    {
        public override string ToString() => FormattableString.Invariant($"chain {Journal}, batch {Batch}, position {Position}");
    }

    private sealed record Faulty(Guid Journal, long Number, BatchState State, Guid[] Ids)
    {
        public Guid? IdAt(int position) => position >= 0 && position < Ids.Length ? Ids[position] : null;

        public bool Lacks(int position) => position >= 0 && position < State.Records && !State.Purged.ContainsKey(position) && (State.At(position)?.Id is not { } there || there != IdAt(position));
    }
}
