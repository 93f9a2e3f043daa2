using System.Text.Json.Serialization;

namespace Cdr.Contracts.Rights;

/// <summary>How a consultation ends.</summary>
[JsonConverter(typeof(WireName<ConsultationOutcome>))]
public enum ConsultationOutcome
{
    /// <summary>One affiliation.</summary>
    Found,

    /// <summary>More than one regime has rights open at the care date, or files of different persons bear the names or, beside an open right, perhaps the number.</summary>
    Several,

    /// <summary>A list to pick from: homonyms, or the beneficiaries of an insured person.</summary>
    Candidates,

    /// <summary>Every able regime said that it does not know the person.</summary>
    NotFound,

    /// <summary>At least one regime could not say: neither insured nor not insured; or, by names, perhaps a homonym. Or the person went to a regime that has no file: a person decides.</summary>
    Incomplete,
}

/// <summary>Where an affiliation's data comes from in time.</summary>
[JsonConverter(typeof(WireName<Freshness>))]
public enum Freshness
{
    /// <summary>Asked of the regime for this question.</summary>
    Live,

    /// <summary>A recent answer of the regime, within its lifetime.</summary>
    Cached,

    /// <summary>An older answer, shown because the regime is silent. It is no proof.</summary>
    Stale,
}

/// <summary>What a regime said, or why it said nothing.</summary>
[JsonConverter(typeof(WireName<RegimeOutcome>))]
public enum RegimeOutcome
{
    /// <summary>It knows the person; their rights may be open or closed.</summary>
    Found,

    /// <summary>It does not know the person.</summary>
    Unknown,

    /// <summary>It knows several.</summary>
    Candidates,

    /// <summary>It knows the insured person, not this beneficiary.</summary>
    BeneficiaryUnknown,

    /// <summary>The person went to another regime.</summary>
    Moved,

    /// <summary>It could not say. Never read as unknown.</summary>
    Unavailable,

    /// <summary>It was not asked, and <c>reason</c> says why.</summary>
    NotAsked,
}

/// <summary>Open, closed, or not for a machine to say.</summary>
[JsonConverter(typeof(WireName<RightState>))]
public enum RightState
{
    /// <summary>Open at the care date.</summary>
    Open,

    /// <summary>Not open at the care date, as far as this regime knows.</summary>
    Closed,

    /// <summary>A person decides; the sentence says what is missing.</summary>
    Undetermined,
}

/// <summary>The answer, the same shape whatever the regime. Immutable: read again, it is the same bytes.</summary>
public sealed record ConsultationAnswer
{
    /// <summary>UUIDv7 of the consultation.</summary>
    public required Guid Id { get; init; }

    /// <summary>UTC instant at which the answer was made.</summary>
    public required DateTimeOffset AnsweredAt { get; init; }

    /// <summary>The care date of the question; the rights are derived for it, unless <c>reference</c> says otherwise.</summary>
    public required DateOnly CareDate { get; init; }

    /// <summary>Which date the rights are derived for, by the kind of care; absent where the question gave none.</summary>
    public ReferenceDate? Reference { get; init; }

    /// <summary>Id of the consultation reason.</summary>
    public required string Reason { get; init; }

    /// <summary>How it ended.</summary>
    public required ConsultationOutcome Outcome { get; init; }

    /// <summary>One sentence that may be read by whoever stands at the desk: « droits ouverts », « à vérifier » or, above a list, « choisissez la personne »; never a diagnosis.</summary>
    public required string Headline { get; init; }

    /// <summary>What it means, for the clerk.</summary>
    public required string Explanation { get; init; }

    /// <summary>What to do now, in order.</summary>
    public required IReadOnlyList<string> NextSteps { get; init; }

    /// <summary>Version of the derivation rules.</summary>
    public required string RulesVersion { get; init; }

    /// <summary>One an affiliation found, the open ones first.</summary>
    public required IReadOnlyList<Affiliation> Affiliations { get; init; }

    /// <summary>The list to pick from.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>Every regime of the registry that was asked, or the reason why it was not.</summary>
    public required IReadOnlyList<RegimeState> Regimes { get; init; }

    /// <summary>Names of the regimes that could not say, or had not yet when open rights were found.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>
    /// Whether it has files and all are one person's: nobody is left to pick, one number is in each, and none may be another's
    /// (<see cref="Affiliation.MayBeAnothersThan"/>). Names and a birth date are borne by several; an insured person's number is their family's too.
    /// Of names, while a regime that may know a homonym is silent, an open file is nobody's yet.
    /// </summary>
    public bool IsOfOnePerson() => Candidates.Count == 0 && Affiliations.Count > 0 && !Affiliation.MayBeOfSeveral(Affiliations) && !MayBeHomonyms()
        && Affiliations
            .Select(affiliation => new[] { affiliation.Insured.Nir, affiliation.Beneficiary.Nir }.OfType<string>())
            .Aggregate((known, next) => known.Intersect(next, StringComparer.Ordinal)).Any();

    // Incomplete with something open that is no old reply: the answer to names, or to a rejected invoice, where it is the payer that is not known. Of a
    // rejected invoice, names are told by a regime that is not searched by them.
    private bool MayBeHomonyms() => Outcome == ConsultationOutcome.Incomplete && (Reason != "invoice-rejected" || Regimes.Any(state => state.Reason == "noSearchByName")) && Affiliations.Any(affiliation =>
        affiliation.Source.Freshness != Freshness.Stale && (affiliation.BaseRights.State == RightState.Open || affiliation.Ame.State == RightState.Open));

    /// <summary>Masked: an answer names a person.</summary>
    public override string ToString() => $"{nameof(ConsultationAnswer)} {Id} {Outcome}";
}

/// <summary>The date that rights are looked at, and the rule that says so.</summary>
/// <param name="Date">The reference date.</param>
/// <param name="Kind">Id of the kind of care.</param>
/// <param name="PrescriptionDate">As the question gave it.</param>
/// <param name="Rule">Number of the rule.</param>
/// <param name="Sentence">What the clerk reads.</param>
public sealed record ReferenceDate(DateOnly Date, string Kind, DateOnly? PrescriptionDate, string Rule, string Sentence);

/// <summary>One regime's part of an answer.</summary>
public sealed record RegimeState
{
    /// <summary>Id in the registry.</summary>
    public required string Regime { get; init; }

    /// <summary>Short name.</summary>
    public required string Name { get; init; }

    /// <summary>What it said.</summary>
    public required RegimeOutcome Outcome { get; init; }

    /// <summary>Stable code of the reason, for unavailable and notAsked: <c>timeout, failing, unreadable, closed, busy, circuitOpen, refused, notAwaited, noSearchByName, noPastDates, closedNow, plannedDowntime, notOpen, notChosen, notNeeded, searchOff, noTimeLeft</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The same in words for the clerk.</summary>
    public required string Message { get; init; }

    /// <summary>Live, cached or stale; absent when nothing was obtained.</summary>
    public Freshness? Freshness { get; init; }

    /// <summary>UTC instant at which the regime said it.</summary>
    public DateTimeOffset? ObtainedAt { get; init; }

    /// <summary>Time the call took, in milliseconds; 0 when the regime was not called.</summary>
    public required int Milliseconds { get; init; }
}

/// <summary>A person to pick from a list. The NIR is masked until picked.</summary>
public sealed record Candidate
{
    /// <summary>Opaque, sealed, for this establishment and one hour: goes into <c>candidate</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>Regime that proposes this person.</summary>
    public required string Regime { get; init; }

    /// <summary>Birth name.</summary>
    public required string FamilyName { get; init; }

    /// <summary>Name in use, where different.</summary>
    public string? NameInUse { get; init; }

    /// <summary>Given name.</summary>
    public required string GivenName { get; init; }

    /// <summary><c>yyyy-MM-dd</c>, lunar dates as they are.</summary>
    public required string BirthDate { get; init; }

    /// <summary>Birth rank, where the regime gives it.</summary>
    public int? BirthRank { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(Candidate);
}
