using System.Globalization;
using Cdr.Rights.Journal.Proofs;

namespace Cdr.Rights.Journal.Verification;

/// <summary>What signed checkpoints say of a chain.</summary>
/// <param name="Size">Batches it had.</param>
/// <param name="Root">Over them; null where the last batch's hash was stated instead.</param>
/// <param name="Head">Hash of the last batch, where that was stated.</param>
/// <param name="Checkpoint">Who says so.</param>
internal sealed record Statement(long Size, byte[]? Root, byte[]? Head, Guid Checkpoint);

/// <summary>The checkpoints of a journal, believed where their signature fits.</summary>
internal sealed class CheckpointCheck
{
    private readonly Dictionary<(Guid Id, Hash256? Hash), Guid> predecessors = [];

    /// <value>By chain, in the order of their sizes.</value>
    public Dictionary<Guid, List<Statement>> Statements { get; } = [];

    public int Count { get; private set; }

    public static async Task<CheckpointCheck> ReadAsync(
        IJournalSource source, IReadOnlyList<Anchor> anchors, VerificationKeys keys, List<Finding> findings, CancellationToken cancellationToken)
    {
        var check = new CheckpointCheck();
        using var opened = keys.Open();
        var heads = (await source.HeadsAsync(cancellationToken)).ToLookup(h => h.Checkpoint);
        Dictionary<Guid, byte[]> known = [];
        foreach (var checkpoint in await source.CheckpointsAsync(cancellationToken))
        {
            known[checkpoint.Id] = CheckpointForm.Of(checkpoint);
            check.Add(checkpoint, [.. heads[checkpoint.Id].OrderBy(h => h.Place)], opened, findings);
        }

        // Theirs is told already.
        var unread = source.Unread.Where(row => row.Table == UnreadRow.Checkpoints).Select(row => row.Record).ToHashSet();
        foreach (var gone in heads.Where(lines => !known.ContainsKey(lines.Key) && !unread.Contains(lines.Key)))
            findings.Add(new Finding(FindingKind.CheckpointMissing, Record: gone.Key));
        foreach (var anchor in anchors)
        {
            var (checkpoint, lines) = anchor.ToRows();
            check.Add(checkpoint, lines, opened, findings);
        }

        foreach (var (named, by) in check.predecessors.Where(one => !unread.Contains(one.Key.Id)))
        {
            if (!known.TryGetValue(named.Id, out var hash))
                findings.Add(new Finding(FindingKind.CheckpointMissing, Record: named.Id, Detail: $"checkpoint {by} names it as the one before"));
            else if (Hash256.From(hash) != named.Hash)
                findings.Add(new Finding(FindingKind.CheckpointChanged, Record: named.Id, Detail: $"checkpoint {by} followed another"));
        }

        foreach (var statements in check.Statements.Values)
            statements.Sort((one, other) => one.Size.CompareTo(other.Size));
        return check;
    }

    private void Add(JournalCheckpoint checkpoint, IReadOnlyList<CheckpointHead> heads, VerificationKeys.Opened keys, List<Finding> findings)
    {
        Count++;
        if (checkpoint.Heads.Length > 0)
        {
            AddFirstForm(checkpoint, keys, findings);
            return;
        }

        var root = HashTree.Root([.. heads.Select(h => CheckpointForm.Leaf(h.Journal, h.Size, h.Root))]).ToArray();
        if (heads.Count != checkpoint.Chains || !root.AsSpan().SequenceEqual(checkpoint.Root) || heads.Index().Any(h => h.Item.Place != h.Index))
            findings.Add(new Finding(FindingKind.CheckpointChanged, Record: checkpoint.Id, Detail: "its chains are not those that it states"));
        else if (!keys.Fits(checkpoint.SignatureKey, CheckpointForm.Of(checkpoint), checkpoint.Signature))
            findings.Add(new Finding(FindingKind.CheckpointChanged, Record: checkpoint.Id, Detail: "its signature does not fit"));
        else
            Believe(checkpoint, heads);
    }

    private void Believe(JournalCheckpoint checkpoint, IReadOnlyList<CheckpointHead> heads)
    {
        if (checkpoint.Previous != Guid.Empty)
            predecessors[(checkpoint.Previous, Hash256.From(checkpoint.PreviousHash))] = checkpoint.Id;
        foreach (var head in heads)
            Add(head.Journal, new Statement(head.Size, head.Root, null, checkpoint.Id));
    }

    /// <summary>One line a journal: <c>journal batch hash</c>, signed as text.</summary>
    private void AddFirstForm(JournalCheckpoint checkpoint, VerificationKeys.Opened keys, List<Finding> findings)
    {
        if (!keys.Fits(checkpoint.SignatureKey, CheckpointForm.Of(checkpoint), checkpoint.Signature))
        {
            findings.Add(new Finding(FindingKind.CheckpointChanged, Record: checkpoint.Id, Detail: "its signature does not fit"));
            return;
        }

        foreach (var parts in checkpoint.Heads.Split('\n').Select(line => line.Split(' ')))
            Add(Guid.Parse(parts[0]), new Statement(long.Parse(parts[1], CultureInfo.InvariantCulture), null, Convert.FromHexString(parts[2]), checkpoint.Id));
    }

    private void Add(Guid journal, Statement statement)
    {
        if (!Statements.TryGetValue(journal, out var statements))
            Statements[journal] = statements = [];
        statements.Add(statement);
    }
}
