namespace Cdr.Rights.Regimes;

/// <summary>What a regime said, and when.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Milliseconds">Time the call took; 0 when the regime was not asked.</param>
/// <param name="At">UTC instant at which the answer was there.</param>
internal sealed record RegimeReply(RegimeAnswer Answer, int Milliseconds, DateTimeOffset At);
