namespace Cdr.EdgeAgent.Locks;

/// <summary>Sees the OS session being locked, left for another, or put to sleep: its person is not in front of it any more.</summary>
internal interface ILockWatch
{
    /// <summary>Whether the system tells it.</summary>
    bool Watches { get; }

    /// <summary>Calls each time, until cancelled. A system that tells nothing is waited for.</summary>
    Task RunAsync(Action locked, CancellationToken cancellationToken);
}

internal static class LockWatches
{
    public static ILockWatch OfThisSystem(TimeProvider clock) =>
        OperatingSystem.IsWindows() ? new WindowsLockWatch() : OperatingSystem.IsMacOS() ? new MacLockWatch() : new BusLockWatch(clock);
}
