using Cdr.ServiceDefaults.Identity;

namespace Cdr.Rights.Inquiry;

/// <summary>Whether the caller's session is alive: asked once a question, where possible in the round trip of the cache's read.</summary>
internal sealed class CallerSession(SessionGate gate, Caller caller)
{
    private Task<SessionState>? state;

    /// <summary>A person's session, or that of a human at a hospital's software.</summary>
    public Task<SessionState> State => state ??= gate.CheckAsync(caller.Session, CancellationToken.None);

    /// <summary>The same, asked anew: something was waited for since.</summary>
    public Task<SessionState> NowAsync() => gate.CheckAsync(caller.Session, CancellationToken.None);

    /// <summary>Key of the session's copy, while nobody has asked for it.</summary>
    public string? CopyToRead => state is null ? SessionGate.Key(caller.Session) : null;

    /// <summary>The copy is being read: null in it where there is none, or nobody could say.</summary>
    public void ReadFrom(Task<byte[]?> copy) => state ??= CheckAsync(copy);

    private async Task<SessionState> CheckAsync(Task<byte[]?> copy) => await gate.CheckAsync(caller.Session, await copy, CancellationToken.None);
}
