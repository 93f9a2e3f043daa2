using System.Text.Json.Serialization;

namespace Cdr.Contracts.Support;

/// <summary>What the card or the paper says, beside a consultation's answer. Fields left out are not compared.</summary>
public sealed record DiscrepancyRequest
{
    /// <summary>The consultation whose answer is compared.</summary>
    public required Guid Consultation { get; init; }

    /// <summary>Of an answer with several files, the one that is compared: its régime and caisse. Absent: the one that agrees most with what was typed.</summary>
    public string? Organism { get; init; }

    /// <summary>Where it is read: <c>card</c>, <c>attestation</c>, <c>other</c>.</summary>
    public string Source { get; init; } = "card";

    /// <summary>By the name of the field: <c>nir, insuredNir, familyName, givenName, birthDate, birthRank, regimeCode, caisse, centre, baseRights, rightsStart, rightsEnd, c2s, c2sEnd, ame, exemption, attendingPhysician</c>.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>The same, pasted: one « label : value » a line, in the words of the card.</summary>
    public string? Pasted { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DiscrepancyRequest);
}

/// <summary>How a field compares.</summary>
[JsonConverter(typeof(WireName<FieldVerdict>))]
public enum FieldVerdict
{
    /// <summary>Says the same.</summary>
    Same,

    /// <summary>Says something else.</summary>
    Different,

    /// <summary>The answer does not have it.</summary>
    NotInAnswer,

    /// <summary>What was typed cannot be read.</summary>
    Unreadable,
}

/// <summary>A field.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Label">For the clerk.</param>
/// <param name="Typed">What was typed, tidied.</param>
/// <param name="Answered">What the answer has.</param>
/// <param name="Verdict">How they compare.</param>
/// <param name="Sentence">What the clerk reads.</param>
public sealed record ComparedField(string Field, string Label, string Typed, string? Answered, FieldVerdict Verdict, string Sentence)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(ComparedField)} {Field} {Verdict}";
}

/// <summary>A file of the answer.</summary>
/// <param name="Organism">Régime and caisse.</param>
/// <param name="Label">For people.</param>
/// <param name="IsCompared">Whether what was typed is held against this one.</param>
public sealed record ComparedFile(string Organism, string Label, bool IsCompared);

/// <summary>All of them, and the ticket that would say so.</summary>
/// <param name="Fields">In the order of the card.</param>
/// <param name="Unknown">Pasted lines that name no field.</param>
/// <param name="Differs">Whether the paper says something that the answer does not: otherwise, or not at all.</param>
/// <param name="Ticket">Prefilled; absent where nothing does.</param>
public sealed record DiscrepancyReport(IReadOnlyList<ComparedField> Fields, int Unknown, bool Differs, TicketRequest? Ticket)
{
    /// <summary>Of the answer, in its order.</summary>
    public IReadOnlyList<ComparedFile> Files { get; init; } = [];

    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(DiscrepancyReport)} {Differs}";
}
