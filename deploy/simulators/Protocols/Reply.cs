namespace Cdr.RegimeSimulator.Protocols;

/// <summary>What a back end says.</summary>
internal abstract record Reply
{
    public sealed record Found(SimulatedInsured Insured, SimulatedBeneficiary Beneficiary) : Reply
    {
        /// <value>A fault: the file is there, the status says "unknown".</value>
        public bool SaysUnknown { get; init; }
    }

    public sealed record Unknown : Reply;

    public sealed record Candidates(IReadOnlyList<Candidate> All) : Reply;

    public sealed record BeneficiaryUnknown : Reply;

    public sealed record Moved(string ToRegime, DateOnly Since) : Reply;

    public sealed record Closed : Reply;

    /// <param name="Code">Stable, in the dialect of no regime.</param>
    /// <param name="Label">French; never holds what was asked.</param>
    public sealed record Refused(string Code, string Label) : Reply;
}

/// <param name="Insured">Whose number asks again for this beneficiary.</param>
internal sealed record Candidate(SimulatedInsured Insured, SimulatedBeneficiary Beneficiary);
