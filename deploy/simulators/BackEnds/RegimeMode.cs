namespace Cdr.RegimeSimulator;

/// <summary>How a simulated regime behaves.</summary>
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
}
