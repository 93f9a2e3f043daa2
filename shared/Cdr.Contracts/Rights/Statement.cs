namespace Cdr.Contracts.Rights;

/// <summary>
/// A statement of consultation (« relevé de consultation »): what was answered, to be printed. It is worth neither an attestation of rights nor
/// an agreement to pay.
/// </summary>
public sealed record Statement
{
    /// <summary>UUIDv7 of the consultation.</summary>
    public required Guid Consultation { get; init; }

    /// <summary>Verification code as it is printed: 25 letters in groups of five. The same each time the same answer is printed.</summary>
    public required string Code { get; init; }

    /// <summary>Address that verifies the code; absent where the instance does not name its public address.</summary>
    public Uri? VerifyAt { get; init; }

    /// <summary>UTC instant of the answer.</summary>
    public required DateTimeOffset AnsweredAt { get; init; }

    /// <summary>UTC instant at which the statement was first made.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>IANA name of the zone that printed instants are in: the establishment's.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>What it is not worth: on every page.</summary>
    public required string Worth { get; init; }

    /// <summary>That a part is stale and proves nothing, that a regime's word is missing; empty when there is nothing to warn of.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Identifier, establishment that asked, instants, code and how to verify it: one line each.</summary>
    public required IReadOnlyList<StatementLine> Reference { get; init; }

    /// <summary>What is printed, in order.</summary>
    public required IReadOnlyList<StatementSection> Sections { get; init; }

    /// <summary>Masked: a statement names a person.</summary>
    public override string ToString() => $"{nameof(Statement)} {Consultation}";
}

/// <summary>A section of a statement.</summary>
public sealed record StatementSection
{
    /// <summary>Name of the regime that said it; absent for what is of no single regime.</summary>
    public string? Source { get; init; }

    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>Live, cached or stale; absent where <c>source</c> is.</summary>
    public Freshness? Freshness { get; init; }

    /// <summary>The same in words, with the instant at which the regime said it.</summary>
    public string? FreshnessText { get; init; }

    /// <summary>Printed, and folded on a screen that the next patient reads too.</summary>
    public bool Folded { get; init; }

    /// <summary>Its lines.</summary>
    public required IReadOnlyList<StatementLine> Lines { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(StatementSection);
}

/// <summary>A line of a statement.</summary>
/// <param name="Label">What it is; absent for a sentence.</param>
/// <param name="Text">What is printed.</param>
public sealed record StatementLine(string? Label, string Text)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(StatementLine);
}

/// <summary>Whether a code is a statement's. The same members for every code, genuine, forged or mistyped.</summary>
/// <param name="Genuine">A statement was made under this code.</param>
/// <param name="AnsweredAt">UTC instant of its answer, to compare with the printed one; null when not genuine.</param>
/// <param name="Mistyped">The code does not agree with its own last letter: a letter is wrong or missing. Anybody can compute it from the code alone.</param>
public sealed record StatementVerification(bool Genuine, DateTimeOffset? AnsweredAt, bool Mistyped);
