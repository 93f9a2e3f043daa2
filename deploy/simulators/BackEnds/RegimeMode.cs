using System.Text.Json;

namespace Cdr.RegimeSimulator;

/// <summary>How a simulated regime behaves: docs/regime-protocols.md, "Faults of the simulators".</summary>
public enum RegimeMode
{
    /// <summary>Answers.</summary>
    Up,

    /// <summary>Answers 2.5 s later than it would.</summary>
    Slow,

    /// <summary>500 and 503 in turn, with an HTML page.</summary>
    Failing,

    /// <summary>200 with, in turn: a truncated answer, an HTML page, another schema, nothing.</summary>
    Garbage,

    /// <summary>Accepts and never answers, until the client leaves.</summary>
    Hanging,

    /// <summary>Says that it is closed.</summary>
    Closed,

    /// <summary>The connection is torn before a byte of the answer.</summary>
    Reset,

    /// <summary>Half of the answer; the stated length is, in turn, that of the whole and that of the half.</summary>
    Truncated,

    /// <summary>200 with a well-formed body that the protocol does not know.</summary>
    WrongSchema,

    /// <summary>503 with an HTML page.</summary>
    Unavailable,

    /// <summary>The head of the answer at once, its body 30 s later: beyond any deadline.</summary>
    Late,

    /// <summary>The body byte by byte, ten a second.</summary>
    Drip,

    /// <summary>In turn: every section of the answer twice, every row of its lists (its last section where lists are not marked).</summary>
    Duplicated,

    /// <summary>In turn: a base period within another, and two from the same day with two ends.</summary>
    Overlapping,

    /// <summary>In turn: the file of another person, another number, the file under the status "unknown".</summary>
    Contradictory,

    /// <summary>In turn: another encoding than declared, an undeclared one, UTF-16, a byte that no encoding has.</summary>
    Encoding,

    /// <summary>The right body as, in turn: HTML, bytes, nothing stated.</summary>
    WrongType,

    /// <summary>200 with the protocol's own form of an error.</summary>
    ErrorInside,
}

/// <summary>Modes as the switch over HTTP names them: <c>wrong-schema</c>.</summary>
internal static class RegimeModes
{
    public static IReadOnlyDictionary<string, RegimeMode> ByWord { get; } =
        Enum.GetValues<RegimeMode>().ToDictionary(Word, StringComparer.OrdinalIgnoreCase);

    public static string Word(this RegimeMode mode) => JsonNamingPolicy.KebabCaseLower.ConvertName(mode.ToString());
}
