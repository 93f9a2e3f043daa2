using System.Text.Json.Serialization;
using Cdr.Contracts;
using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>What a regime said, including the ways it can fail to say anything.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Found), "found")]
[JsonDerivedType(typeof(Unknown), "unknown")]
[JsonDerivedType(typeof(Candidates), "candidates")]
[JsonDerivedType(typeof(BeneficiaryUnknown), "beneficiaryUnknown")]
[JsonDerivedType(typeof(Moved), "moved")]
[JsonDerivedType(typeof(Unavailable), "unavailable")]
[JsonDerivedType(typeof(NotAsked), "notAsked")]
internal abstract record RegimeAnswer
{
    private RegimeAnswer()
    {
    }

    /// <summary>The person is known; their rights may be closed.</summary>
    public sealed record Found(DatedRights Rights) : RegimeAnswer
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(Found);
    }

    /// <summary>The regime stated that it does not know the person. Never the result of a failure.</summary>
    public sealed record Unknown : RegimeAnswer;

    /// <summary>Homonyms, or the beneficiaries of an insured person: someone picks.</summary>
    public sealed record Candidates(IReadOnlyList<RegimeCandidate> People) : RegimeAnswer
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(Candidates);
    }

    /// <summary>The insured person is known, this beneficiary is not theirs.</summary>
    public sealed record BeneficiaryUnknown : RegimeAnswer;

    /// <summary>The person went to another regime of the registry.</summary>
    /// <param name="To">Where.</param>
    /// <param name="Since">First day there, when the regime says it.</param>
    /// <param name="Rights">What they had here, when the regime says it: past care may be this regime's.</param>
    public sealed record Moved(RegimeId To, DateOnly? Since, DatedRights? Rights) : RegimeAnswer
    {
        /// <summary>
        /// Whether the care may be the other regime's. Gone after its last day, the person was not there yet; only where this one gives
        /// nothing of its own time is the other the one to ask all the same.
        /// </summary>
        public bool MayConcern(DateOnly lastDay) => Since is null || Since <= lastDay || Rights is null;

        /// <summary>Masked: when a person moved is theirs.</summary>
        public override string ToString() => $"{nameof(Moved)} {To}";
    }

    /// <summary>An outage must never look like "unknown to this regime": the patient would be charged.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Refusal">With <see cref="UnavailableReason.Refused"/> only: the regime's own words.</param>
    public sealed record Unavailable(UnavailableReason Reason, RegimeRefusal? Refusal = null) : RegimeAnswer
    {
        /// <summary>The reason and the regime's code; its words may name a person.</summary>
        public override string ToString() => $"{nameof(Unavailable)} {Reason} {Refusal?.Code}";
    }

    /// <summary>Not asked, on purpose.</summary>
    public sealed record NotAsked(NotAskedReason Reason) : RegimeAnswer;
}

/// <summary>A person to pick from a short list.</summary>
internal sealed record RegimeCandidate(
    Nir? Nir, string FamilyName, string? NameInUse, string GivenName, BirthDate BirthDate, BirthRank? BirthRank)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(RegimeCandidate);
}

/// <summary>A refusal passed on as the regime said it.</summary>
/// <param name="Code">The regime's: letters, digits and underscores, 40 at most.</param>
/// <param name="Label">The regime's words, one line of 200 characters at most.</param>
internal sealed record RegimeRefusal(string Code, string Label)
{
    /// <summary>Without the words: they may name a person.</summary>
    public override string ToString() => Code;
}

/// <summary>Why a regime could not say.</summary>
[JsonConverter(typeof(WireName<UnavailableReason>))]
internal enum UnavailableReason
{
    /// <summary>No complete answer within the regime's timeout.</summary>
    Timeout,

    /// <summary>Not reachable, or an error of its own.</summary>
    Failing,

    /// <summary>An answer that cannot be understood whole.</summary>
    Unreadable,

    /// <summary>It says that it is outside its opening hours.</summary>
    Closed,

    /// <summary>Too many questions at once, by its count or by ours.</summary>
    Busy,

    /// <summary>It failed so often lately that it is left alone for a while.</summary>
    CircuitOpen,

    /// <summary>It refused this question and said why.</summary>
    Refused,

    /// <summary>It was slower than it usually is, and open rights were found meanwhile.</summary>
    NotAwaited,
}

/// <summary>Why a regime was not asked.</summary>
[JsonConverter(typeof(WireName<NotAskedReason>))]
internal enum NotAskedReason
{
    /// <summary>It needs a NIR.</summary>
    NoSearchByName,

    /// <summary>It answers for today and later only.</summary>
    NoPastDates,

    /// <summary>Inside one of its daily closures.</summary>
    ClosedNow,

    /// <summary>Inside an interruption that it announced.</summary>
    PlannedDowntime,

    /// <summary>Not yet in the service, or gone from it.</summary>
    NotOpen,

    /// <summary>The clerk chose another.</summary>
    NotChosen,

    /// <summary>The search ended before its turn came.</summary>
    NotNeeded,

    /// <summary>The instance searches nowhere but in the chosen regime.</summary>
    SearchOff,
}
