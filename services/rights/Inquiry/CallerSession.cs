using System.Diagnostics;
using Cdr.ServiceDefaults.Identity;

namespace Cdr.Rights.Inquiry;

/// <summary>Whether the caller's session is alive: asked once a question, where possible in the round trip of the cache's read, and again of a long one.</summary>
internal sealed class CallerSession(SessionGate? gate, Caller caller)
{
    /// <summary>Of a line of a batch: the session was alive when the file was accepted, and the work outlives it.</summary>
    public static CallerSession ProvenBefore(Caller caller) => new(null, caller);

    // A withdrawal ends a session everywhere within a second; most regimes answer sooner than this.
    private static readonly TimeSpan Holds = TimeSpan.FromMilliseconds(250);

    // In one: those who ask at once read a word and its own instant.
    private Word? last;

    /// <summary>A person's session, or that of a human at a hospital's software.</summary>
    public Task<SessionState> State => last?.State ?? Asked(AskAsync());

    /// <summary>The same, asked anew where the last word is a quarter of a second old: something was waited for since.</summary>
    public Task<SessionState> NowAsync() =>
        last is { } word && Stopwatch.GetElapsedTime(word.Asked) <= Holds ? word.State : Asked(AskAsync());

    /// <summary>Key of the session's copy, while nobody has asked for it.</summary>
    public string? CopyToRead => last is null && gate is not null ? SessionGate.Key(caller.Session) : null;

    /// <summary>The copy is being read: null in it where there is none, or nobody could say.</summary>
    public void ReadFrom(Task<byte[]?> copy)
    {
        if (last is null)
            Asked(CheckAsync(copy));
    }

    private Task<SessionState> AskAsync() => gate?.CheckAsync(caller.Session, CancellationToken.None) ?? Task.FromResult(SessionState.Alive);

    private Task<SessionState> Asked(Task<SessionState> word)
    {
        last = new Word(word, Stopwatch.GetTimestamp());
        return word;
    }

    private sealed record Word(Task<SessionState> State, long Asked);

    private async Task<SessionState> CheckAsync(Task<byte[]?> copy) => await gate!.CheckAsync(caller.Session, await copy, CancellationToken.None);
}
