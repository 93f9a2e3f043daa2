namespace Cdr.Sessions.Tests.Hosts;

/// <summary>One host for the tests of a class that leave clock and trust as they are.</summary>
public sealed class SharedHost(PrintedCards cards) : IDisposable
{
    public SessionsHost Sessions { get; } = new(cards);

    public void Dispose() => Sessions.Dispose();
}
