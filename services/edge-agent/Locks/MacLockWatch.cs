using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cdr.EdgeAgent.Locks;

/// <summary>macOS: the login window's distributed notification that the screen is locked, on a thread with a run loop. Not run yet on a Mac.</summary>
internal sealed unsafe partial class MacLockWatch : ILockWatch
{
    private const string Foundation = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation";
    private const uint Utf8 = 0x08000100;

    // CFNotificationSuspensionBehaviorDeliverImmediately
    private const nint AtOnce = 4;

    private static Action? locked;

    public bool Watches { get; private set; }

    public Task RunAsync(Action locked, CancellationToken cancellationToken)
    {
        MacLockWatch.locked = locked;
        return Task.Factory.StartNew(() => Loop(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Loop(CancellationToken cancellationToken)
    {
        var name = CFStringCreateWithCString(0, "com.apple.screenIsLocked", Utf8);
        CFNotificationCenterAddObserver(CFNotificationCenterGetDistributedCenter(), 0, &Receive, name, 0, AtOnce);
        var loop = CFRunLoopGetCurrent();
        using var stop = cancellationToken.Register(() => CFRunLoopStop(loop));
        Watches = true;
        while (!cancellationToken.IsCancellationRequested)
            CFRunLoopRun();
        Watches = false;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(nint center, nint observer, nint name, nint about, nint more) => locked?.Invoke();

    [LibraryImport(Foundation, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint CFStringCreateWithCString(nint allocator, string text, uint encoding);

    [LibraryImport(Foundation)]
    private static partial nint CFNotificationCenterGetDistributedCenter();

    [LibraryImport(Foundation)]
    private static partial void CFNotificationCenterAddObserver(nint center, nint observer, delegate* unmanaged[Cdecl]<nint, nint, nint, nint, nint, void> received, nint name, nint about, nint when);

    [LibraryImport(Foundation)]
    private static partial nint CFRunLoopGetCurrent();

    [LibraryImport(Foundation)]
    private static partial void CFRunLoopRun();

    [LibraryImport(Foundation)]
    private static partial void CFRunLoopStop(nint loop);
}
