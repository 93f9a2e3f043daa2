namespace Cdr.Rights.Journal.Verification;

/// <summary>What a verification saw.</summary>
/// <param name="Chains">How many.</param>
/// <param name="Batches">How many.</param>
/// <param name="Records">How many are there.</param>
/// <param name="Checkpoints">How many, those from files included.</param>
/// <param name="Purges">What went by retention.</param>
/// <param name="Findings">What is wrong; empty: the journal is what was written.</param>
internal sealed record VerificationReport(
    int Chains, long Batches, long Records, int Checkpoints, IReadOnlyList<PurgeSeen> Purges, IReadOnlyList<Finding> Findings)
{
    public bool IsWhole => Findings.Count == 0;
}

/// <summary>A purge that says of itself what it did, and whose signature says that it does.</summary>
/// <param name="Id">Of its record.</param>
/// <param name="Note">Policy, until when, how many.</param>
internal sealed record PurgeSeen(Guid Id, string Note);

/// <summary>How far it is.</summary>
internal sealed record VerificationProgress(string Step, long Done);
