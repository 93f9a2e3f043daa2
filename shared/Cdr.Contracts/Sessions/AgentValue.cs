using System.Buffers.Binary;
using System.Text;

namespace Cdr.Contracts.Sessions;

/// <summary>What an agent signs with its own key (ES256: P-256, SHA-256, r and s as 64 bytes): that its card is still there, or that it is not.</summary>
public static class AgentValue
{
    /// <summary>First field: a signature made for anything else says nothing of a card.</summary>
    public const string Header = "CDR-AGENT-1";

    /// <summary>Largest sequence and insertion number: what every JSON reader keeps exactly.</summary>
    public const long Largest = (1L << 53) - 1;

    /// <summary>Header, origin, id (16 bytes, big-endian), kind, insertion (u64), sequence (u64) and, with a report, its hash (<see cref="PostValue"/>), each with its length before it (u16, big-endian).</summary>
    /// <param name="origin">The platform's, of the challenge.</param>
    /// <param name="id">The session's, as the opening told it; within the opening itself, the challenge's.</param>
    /// <param name="kind">One of <see cref="AgentStatements"/>.</param>
    /// <param name="insertion">Which insertion of a card this is for the agent.</param>
    /// <param name="sequence">Higher in each statement of a session.</param>
    /// <param name="report">Of the post: within the opening that carries it.</param>
    public static byte[] Of(string origin, Guid id, string kind, long insertion, long sequence, PostReport? report = null)
    {
        using var bytes = new MemoryStream(256);
        Span<byte> number = stackalloc byte[8];
        SignedValue.Write(bytes, Encoding.UTF8.GetBytes(Header));
        SignedValue.Write(bytes, Encoding.UTF8.GetBytes(origin));
        SignedValue.Write(bytes, id.ToByteArray(bigEndian: true));
        SignedValue.Write(bytes, Encoding.UTF8.GetBytes(kind));
        BinaryPrimitives.WriteInt64BigEndian(number, insertion);
        SignedValue.Write(bytes, number);
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        SignedValue.Write(bytes, number);
        if (report is not null)
            SignedValue.Write(bytes, PostValue.HashOf(report));
        return bytes.ToArray();
    }
}

/// <summary>Kinds of an agent's statements.</summary>
public static class AgentStatements
{
    /// <summary>The card is in the reader: the heartbeat, and part of the opening.</summary>
    public const string Present = "present";

    /// <summary>The reader or its service has just stopped answering: nothing is shown or answered until the next heartbeat, or the end.</summary>
    public const string Doubtful = "doubtful";

    /// <summary>The card left the reader.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The reader or its service has not answered for 15 s: nobody can say that the card is there.</summary>
    public const string ReaderLost = "reader-lost";

    /// <summary>The operating system's session was locked.</summary>
    public const string Locked = "locked";

    /// <summary>The operating system's session ended, or the agent stops.</summary>
    public const string LoggedOff = "logged-off";

    /// <summary>The holder asked the agent to sign out.</summary>
    public const string SignedOut = "signed-out";

    /// <summary>Whether it says that the session goes on.</summary>
    public static bool GoesOn(string kind) => kind is Present or Doubtful;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Present, Doubtful, Withdrawn, ReaderLost, Locked, LoggedOff, SignedOut];
}

/// <summary>A signed statement of an agent about the card of a session.</summary>
/// <param name="Session">Id that the opening told (in the opening itself: of the challenge).</param>
/// <param name="Kind">One of <see cref="AgentStatements"/>.</param>
/// <param name="Insertion">Goes up by one each time the agent sees a card come: another number than at the opening means that the card was out, and ends the session.</param>
/// <param name="Sequence">Higher each time within a session, from 1; the machine's milliseconds will do. At most 2^53 − 1.</param>
/// <param name="Signature">Over <see cref="AgentValue"/>, by the key of the challenge, base64url.</param>
public sealed record AgentStatement(Guid Session, string Kind, long Insertion, long Sequence, string Signature);

/// <summary>What became of the session.</summary>
/// <param name="State"><c>alive</c>; <c>waiting</c>: the ticket is not redeemed yet; <c>ended</c>: say no more of it, the card signs in anew with its PIN.</param>
/// <param name="EndedBecause">As in <see cref="SessionLiveness"/>; null unless ended.</param>
public sealed record PresenceAnswer(string State, string? EndedBecause);
