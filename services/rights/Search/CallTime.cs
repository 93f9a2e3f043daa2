namespace Cdr.Rights.Search;

/// <summary>When a question's own call to a regime left, if it did: what is kept, or heard through another question, is no call of it.</summary>
internal sealed class CallTime(TimeProvider clock)
{
    private long left;

    /// <summary>It leaves.</summary>
    public void Leave() => Volatile.Write(ref left, clock.GetTimestamp());

    /// <summary>Whether it left.</summary>
    public bool HasLeft => Volatile.Read(ref left) != 0;

    /// <summary>How long ago it left, at least 1; 0 where it did not.</summary>
    public int Milliseconds => Volatile.Read(ref left) is var at and not 0 ? Math.Max(1, (int)clock.GetElapsedTime(at).TotalMilliseconds) : 0;
}
