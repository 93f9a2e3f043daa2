namespace Cdr.Contracts.Rights;

/// <summary>Names of the events of <c>POST /api/consultations</c> with <c>Accept: text/event-stream</c>.</summary>
public static class ConsultationEvents
{
    /// <summary>First: <see cref="ConsultationStarted"/>.</summary>
    public const string Started = "started";

    /// <summary>One a regime: <see cref="RegimeState"/>.</summary>
    public const string Regime = "regime";

    /// <summary>Last: the answer, the same bytes as in JSON.</summary>
    public const string Answer = "answer";

    /// <summary>Last instead of the answer: problem details.</summary>
    public const string Problem = "problem";

    /// <summary>Where regimes are followed, while none changes: nothing, so that a silence means a lost connection.</summary>
    public const string Alive = "alive";
}

/// <summary>The question is accepted; <paramref name="Regimes"/> are those of which a state will follow.</summary>
public sealed record ConsultationStarted(Guid Id, IReadOnlyList<string> Regimes);
