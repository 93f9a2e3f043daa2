namespace Cdr.Rights.Regimes.Protocols;

/// <summary>
/// Leaves the reading of an answer at the first thing that is not understood. Never leaves a connector.
/// </summary>
/// <remarks>
/// The whole answer is given up, not the part: a right that is dropped in silence is a wrong answer that looks like a good one.
/// </remarks>
/// <param name="member">Canonical name of what is wrong, from our own code: never a name or value that was received.</param>
internal sealed class UnreadableAnswerException(string member) : Exception($"Unreadable: {member}.")
{
    public string Member { get; } = member;
}
