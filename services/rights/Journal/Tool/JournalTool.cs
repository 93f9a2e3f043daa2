using System.Security.Cryptography;
using System.Data.Common;
using System.Text.Json;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Upkeep;
using Cdr.Rights.Journal.Verification;
using Cdr.ServiceDefaults.Stores;

namespace Cdr.Rights.Journal.Tool;

/// <summary>The journal's verbs of the program: <c>journal verify</c> and its like. They read the store and end; no service is started.</summary>
internal sealed class JournalTool(JournalToolStore store, TimeProvider clock, TextWriter output, TextWriter errors)
{
    public const string Usage = """
        journal verify [--anchor FILE]… [--keys FILE] [--json]   reads all of it: 0 nothing is wrong, 1 something is
                       [--policy NAME]…                          a shorter policy that the clocks once were
        journal anchor FILE                                      signs where every chain stands, into a file to keep elsewhere
        journal keys FILE                                        writes the public keys
        journal prove ID [FILE]                                  the proof of a consultation's record
        journal check FILE [--keys FILE]                         checks a proof: 0 it fits, 1 it does not, 2 it is none
        journal derive ID                                        derives an answer again, by its own rules: 0 identical, 1 different, 2 it cannot be
        journal purge [--dry-run]                                removes what is past its time, as the owner
        Each takes --connection "…" (PostgreSQL), else the settings of the service.
        """;

    public async Task<int> RunAsync(string[] words, CancellationToken cancellationToken)
    {
        var options = new ToolOptions(words);
        if (options.Wrong is { } wrong)
        {
            await errors.WriteLineAsync($"« {wrong} » is not known, or lacks its value.");
            return await SayUsageAsync();
        }

        try
        {
            return options.Words switch
            {
                ["verify"] => await VerifyAsync(options, cancellationToken),
                ["anchor", var file] => await AnchorAsync(file, cancellationToken),
                ["keys", var file] => await KeysAsync(file, cancellationToken),
                ["prove", var id, .. var file] when Guid.TryParse(id, out var consultation) && file.Length < 2 => await ProveAsync(consultation, file.FirstOrDefault(), cancellationToken),
                ["check", var file] => await CheckAsync(file, options, cancellationToken),
                ["derive", var id] when Guid.TryParse(id, out var consultation) => await DerivingAgain.RunAsync(store, consultation, output, errors, cancellationToken),
                ["purge"] => await PurgeAsync(options, cancellationToken),
                _ => await SayUsageAsync(),
            };
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or JsonException or InvalidOperationException or CryptographicException)
        {
            await errors.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            await errors.WriteLineAsync("The journal's store does not answer.");
            return 3;
        }
        catch (DbException e)
        {
            // By its code alone: what it says may quote a row.
            await errors.WriteLineAsync($"The journal's store refuses ({e.SqlState ?? e.GetType().Name}).");
            return 2;
        }
    }

    private async Task<int> VerifyAsync(ToolOptions options, CancellationToken cancellationToken)
    {
        List<Anchor> anchors = [];
        foreach (var file in options.All("--anchor"))
            anchors.Add(JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken), EvidenceFiles.Default.Anchor) is { Chains: { } anchored, Signature: not null } anchor && anchored.All(one => one?.Root is not null) ? anchor : throw new InvalidDataException($"{file} is no anchor."));
        var keys = await KeysOfAsync(options, cancellationToken);
        var began = clock.GetTimestamp();
        await using var source = await store.SourceAsync(cancellationToken);
        var progress = new ToolProgress(errors, clock);
        var report = await new JournalVerifier(source, keys, progress, clock, new PurgePolicies(store.Retention, options.All("--policy"))).VerifyAsync(anchors, cancellationToken);
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        if (options.Has("--json"))
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(report, EvidenceFiles.Default.VerificationReport));
            return report.IsWhole ? 0 : 1;
        }

        foreach (var finding in report.Findings)
            await output.WriteLineAsync(finding.ToString());
        foreach (var purge in report.Purges)
            await output.WriteLineAsync($"Purged, and signed so: {purge.Note} ({purge.Id})");
        await output.WriteLineAsync(FormattableString.Invariant(
            $"{(report.IsWhole ? "Nothing is wrong" : $"{report.Findings.Count} findings")}: {report.Chains} chains, {report.Batches} batches, {report.Records} records, {report.Checkpoints} checkpoints, in {seconds:0.0} s ({report.Records / Math.Max(seconds, 0.001):0} records/s)."));
        return report.IsWhole ? 0 : 1;
    }

    private async Task<int> AnchorAsync(string file, CancellationToken cancellationToken)
    {
        await using var db = store.Open();
        using var signer = new BatchSigner(store.Keys);
        List<Guid> damaged = [];
        var stated = await Checkpoint.MakeAsync(db, signer, clock.GetUtcNow(), all: true, damaged.Add, cancellationToken);
        foreach (var chain in damaged)
            await errors.WriteLineAsync($"Chain {chain} lacks batches and is not in it: verify the journal.");
        if (stated is not { } made)
        {
            await errors.WriteLineAsync("There is nothing to state.");
            return 1;
        }

        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(Anchor.Of(made.Checkpoint, made.Heads), EvidenceFiles.Default.Anchor), cancellationToken);
        await output.WriteLineAsync($"Checkpoint {made.Checkpoint.Id}, {made.Heads.Count} chains: {file}. Keep it where the journal's administrators cannot write.");
        return damaged.Count == 0 ? 0 : 1;
    }

    private async Task<int> KeysAsync(string file, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(file, VerificationKeys.Of(store.Keys).ToJson(), cancellationToken);
        return 0;
    }

    private async Task<int> ProveAsync(Guid consultation, string? file, CancellationToken cancellationToken)
    {
        await using var db = store.Open();
        if (await ProofMaking.MakeAsync(db, consultation, cancellationToken) is not { } proof)
        {
            await errors.WriteLineAsync("No record has this id. It may be past its time: « journal verify » names the purges.");
            return 1;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(proof, EvidenceFiles.Default.InclusionProof);
        if (file is null)
            await output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(json));
        else
            await File.WriteAllBytesAsync(file, json, cancellationToken);
        return 0;
    }

    private async Task<int> CheckAsync(string file, ToolOptions options, CancellationToken cancellationToken)
    {
        var proof = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken), EvidenceFiles.Default.InclusionProof) ?? throw new InvalidDataException($"{file} is empty.");
        if (ProofCheck.Lacking(proof) is { } part)
            throw new InvalidDataException($"{file} is no proof: it has no « {part} ».");
        if (ProofCheck.Fault(proof, await KeysOfAsync(options, cancellationToken)) is { } fault)
        {
            await output.WriteLineAsync($"The proof does not hold: {fault}.");
            return 1;
        }

        foreach (var (name, value) in ProofCheck.Says(proof))
            await output.WriteLineAsync($"{name}: {value}");
        await output.WriteLineAsync(proof.Checkpoint is { } checkpoint
            ? FormattableString.Invariant($"The proof holds: written {proof.Batch.At:O}, and so stated by checkpoint {checkpoint.Id} of {checkpoint.At:O}.")
            : FormattableString.Invariant($"The proof holds by its batch's signature: written {proof.Batch.At:O}. It names no checkpoint: none covered it yet when it was made, or somebody took it out."));
        return 0;
    }

    private async Task<int> PurgeAsync(ToolOptions options, CancellationToken cancellationToken)
    {
        await using var db = store.OpenAsOwner();
        await using var taken = await StoreLock.TryTakeAsync(db, JournalUpkeep.LockKey, cancellationToken);
        if (taken is null)
        {
            await errors.WriteLineAsync("Another process purges or anchors: try again later.");
            return 3;
        }

        using var signer = new BatchSigner(store.Keys);
        var purge = new JournalPurge(db, signer, store.Retention, clock);
        var isDry = options.Has("--dry-run");
        var gone = 0L;
        await foreach (var step in purge.RunAsync(isDry, cancellationToken))
        {
            gone += step.Records;
            await output.WriteLineAsync($"{(isDry ? "Would purge" : "Purged")}: {step}");
        }

        await output.WriteLineAsync(FormattableString.Invariant($"{gone} records {(isDry ? "are past their time" : "purged")}."));
        var files = await BatchPurge.RunAsync(db, store.Retention.TracesUntil(clock.GetUtcNow()), isDry, cancellationToken);
        if (files > 0)
            await output.WriteLineAsync(FormattableString.Invariant($"{files} files of questions {(isDry ? "are past their time" : "purged")}."));
        return 0;
    }

    private async Task<VerificationKeys> KeysOfAsync(ToolOptions options, CancellationToken cancellationToken) =>
        options.All("--keys") is [var file, ..] ? VerificationKeys.Read(await File.ReadAllBytesAsync(file, cancellationToken)) : VerificationKeys.Of(store.Keys);

    private async Task<int> SayUsageAsync()
    {
        await errors.WriteLineAsync(Usage);
        return 2;
    }
}
