using Cdr.Contracts.Rights;
using Cdr.Rights.Journal.Verification;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>Checks a proof with public keys alone.</summary>
internal static class ProofCheck
{
    /// <summary>What a file lacks to be a proof at all: JSON leaves out what a type says is there.</summary>
    /// <returns>Null when all of it is there.</returns>
    public static string? Lacking(InclusionProof proof)
    {
        (string Name, bool IsThere)[] parts =
        [
            ("record", proof.Record is not null), ("batch", proof.Batch is not null), ("batch.path", proof.Batch?.Path is not null), ("batch.previous", proof.Batch?.Previous is not null),
            ("batch.signature", proof.Batch?.Signature is not null), ("chain.path", proof.Chain is null or { Path: not null }),
            ("checkpoint.path", proof.Checkpoint is null or { Path: not null }), ("checkpoint.signature", proof.Checkpoint is null or { Signature: not null }),
        ];
        return parts.FirstOrDefault(part => !part.IsThere).Name;
    }

    /// <returns>Null when all of it fits; else what does not.</returns>
    public static string? Fault(InclusionProof proof, VerificationKeys keys)
    {
        if (proof.Format != InclusionProof.Current)
            return $"its form is not {InclusionProof.Current}";
        if (Lacking(proof) is { } part)
            return $"it has no « {part} »";
        if (new[] { proof.Batch.Path, proof.Chain?.Path ?? [], proof.Checkpoint?.Path ?? [] }.Any(path => path.Length % Hash256.Size != 0))
            return "a path is no whole number of nodes";
        using var opened = keys.Open();
        var (of, leaf) = (proof.Batch, HashTree.Leaf(System.Security.Cryptography.SHA256.HashData(proof.Record)));
        if (HashTree.RootOf(leaf, of.Position, of.Records, Path(of.Path)) is not { } root)
            return "the record's path does not fit its batch";
        var batch = RecordHash.OfBatch(of.Journal, of.Batch, of.Records, of.At, of.Previous, root.ToArray());
        if (!opened.Fits(of.Key, batch, of.Signature))
            return "the batch's signature does not fit";
        if (proof is not { Chain: { } chain, Checkpoint: { } checkpoint })
            return proof.Chain is null && proof.Checkpoint is null ? null : proof.Chain is null ? "it names a checkpoint and no chain" : "it names no checkpoint for its chain";
        if (HashTree.RootOf(HashTree.Leaf(batch), of.Batch - 1, chain.Size, Path(chain.Path)) is not { } head)
            return "the batch's path does not fit its chain";
        if (HashTree.RootOf(CheckpointForm.Leaf(of.Journal, chain.Size, head.ToArray()), checkpoint.Place, checkpoint.Chains, Path(checkpoint.Path)) is not { } whole)
            return "the chain's path does not fit the checkpoint";
        return opened.Fits(checkpoint.Key, CheckpointForm.Of(checkpoint.Id, checkpoint.At, checkpoint.Chains, whole.ToArray(), checkpoint.Previous ?? Guid.Empty, checkpoint.PreviousHash ?? []), checkpoint.Signature)
            ? null
            : "the checkpoint's signature does not fit";
    }

    /// <summary>What is signed of an answer: the record that has it, and what it hashes to.</summary>
    public static byte[] AnswerForm(byte[] record, byte[] answerHash)
    {
        var form = new BinaryForm(stackalloc byte[128]);
        form.Add("cdr-answer-1");
        form.AddRaw(System.Security.Cryptography.SHA256.HashData(record));
        form.AddRaw(answerHash);
        return form.Hash();
    }

    /// <summary>As <see cref="Fault(InclusionProof, VerificationKeys)"/>, and whether the proof is of an answer with that hash.</summary>
    public static string? Fault(AnswerProof proof, VerificationKeys keys)
    {
        using var opened = keys.Open();
        return Fault(proof.Inclusion, keys)
            ?? (new FormReading(proof.Inclusion.Record).Id() != proof.Consultation.ToString() ? "the record is of another consultation"
                : opened.Fits(proof.Key, AnswerForm(proof.Inclusion.Record, proof.AnswerHash), proof.Signature) ? null : "the answer's signature does not fit");
    }

    /// <summary>What the proven record says, by the names of its columns.</summary>
    public static IReadOnlyList<(string Name, string Value)> Says(InclusionProof proof)
    {
        var form = new FormReading(proof.Record);
        List<(string, string)> said = [("id", form.Id()), ("consultation", form.Id()), ("kind", ((RecordKind)form.Number()).ToString()), ("at", form.Instant())];
        foreach (var name in (ReadOnlySpan<string>)["subject", "session", "role", "establishment", "group", "department", "unit", "function", "reason"])
            said.Add((name, form.Text()));
        said.Add(("careDate", form.Day()));
        said.Add(("outcome", form.Number().ToString(System.Globalization.CultureInfo.InvariantCulture)));
        said.Add(("regime", form.Text()));
        form.Number();
        form.Number();
        said.Add(("regimes", form.Text()));
        form.Number();
        foreach (var name in (ReadOnlySpan<string>)["pseudonym", "patientPseudonym", "request"])
            said.Add((name, form.Hex()));
        said.Add(("rules", form.Text()));
        said.Add(("trace", form.Text()));
        said.Add(("payloadHash", form.Hex()));
        return said;
    }

    private static Hash256[] Path(byte[] joined) => [.. joined.Chunk(Hash256.Size).Select(part => Hash256.From(part)!.Value)];
}
