using System.Text.Json.Serialization;
using Cdr.Contracts.Rights;
using Cdr.Rights.Journal.Proofs;

namespace Cdr.Rights.Journal.Verification;

/// <summary>A checkpoint kept elsewhere: whoever cuts the journal cannot cut it.</summary>
internal sealed record Anchor(string Format, Guid Id, DateTimeOffset At, int Key, byte[] Signature, IReadOnlyList<AnchoredChain> Chains, Guid Previous = default, byte[]? PreviousHash = null)
{
    public const string Current = "cdr-anchor/1";

    public static Anchor Of(JournalCheckpoint checkpoint, IEnumerable<CheckpointHead> heads) => new(
        Current, checkpoint.Id, checkpoint.At, checkpoint.SignatureKey, checkpoint.Signature, [.. heads.OrderBy(h => h.Place).Select(h => new AnchoredChain(h.Journal, h.Size, h.Root))], checkpoint.Previous, checkpoint.PreviousHash);

    /// <summary>As the stored form, its root made of its lines.</summary>
    public (JournalCheckpoint Checkpoint, IReadOnlyList<CheckpointHead> Heads) ToRows() =>
        (new JournalCheckpoint
        {
            Id = Id, At = At, Chains = Chains.Count, Previous = Previous, PreviousHash = PreviousHash ?? [], SignatureKey = Key, Signature = Signature,
            Root = HashTree.Root([.. Chains.Select(c => CheckpointForm.Leaf(c.Journal, c.Size, c.Root))]).ToArray(),
        },
        [.. Chains.Select((c, place) => new CheckpointHead { Journal = c.Journal, Size = c.Size, Checkpoint = Id, Place = place, Root = c.Root })]);
}

/// <summary>One chain as it stood.</summary>
internal sealed record AnchoredChain(Guid Journal, long Size, byte[] Root);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Anchor))]
[JsonSerializable(typeof(PublicKeyFile))]
[JsonSerializable(typeof(VerificationReport))]
[JsonSerializable(typeof(InclusionProof))]
internal sealed partial class EvidenceFiles : JsonSerializerContext;
