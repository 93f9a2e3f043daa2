namespace Cdr.Contracts.Rights;

/// <summary>A card, or an establishment, that was slowed or stopped because of a sign of enumeration, or whose files come near to it. Nothing of whom it asked about.</summary>
/// <param name="Id">Of the journal's record.</param>
/// <param name="At">UTC.</param>
/// <param name="Scope"><c>card</c>; <c>files</c>: what it sends for invoicing, and nothing else of it; or <c>establishment</c>, <c>establishment-files</c>: the same of all its cards together, of which <paramref name="Subject"/> asked last.</param>
/// <param name="Subject">Keyed reference of who asked.</param>
/// <param name="Role">Theirs.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Department">Code.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Function">Function.</param>
/// <param name="Sign"><c>too-many, sequence, name-list, alphabet, not-found</c>.</param>
/// <param name="Level"><c>told</c>: nothing is held, of files only; <c>slowed</c> or <c>stopped</c>.</param>
/// <param name="Until">When it ends by itself, UTC.</param>
/// <param name="State"><c>open, ended, lifted</c>.</param>
/// <param name="LiftedAt">UTC; null where nobody lifted it.</param>
/// <param name="LiftedBy">Keyed reference.</param>
/// <param name="LiftReason">One of <see cref="FishingLift.Reasons"/>; null where nobody lifted it, or nobody said why.</param>
public sealed record FishingCase(
    Guid Id, DateTimeOffset At, string Scope, string Subject, string Role, string Establishment, string Department, string Unit, string Function, string Sign, string Level, DateTimeOffset Until,
    string State, DateTimeOffset? LiftedAt, string? LiftedBy, string? LiftReason = null);

/// <summary>Cases of the last 31 days, newest first, as many as a page holds.</summary>
/// <param name="Cases">The cases.</param>
/// <param name="Earlier">There are others: the value of <c>before</c> that gives them. Null where these are the last.</param>
public sealed record FishingCasePage(IReadOnlyList<FishingCase> Cases, Guid? Earlier);

/// <summary>Why a case is lifted: a word of a closed set, since a sentence could name a person.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
public sealed record FishingLift(string? Reason)
{
    /// <summary>What was done is an activity of the establishment, which said so.</summary>
    public const string ActivityVerified = "activity-verified";

    /// <summary>What gave the sign (software, a list, a way to type) was corrected.</summary>
    public const string CauseCorrected = "cause-corrected";

    /// <summary>The sign was none of enumeration.</summary>
    public const string SignMistaken = "sign-mistaken";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Reasons { get; } = [ActivityVerified, CauseCorrected, SignMistaken];
}
