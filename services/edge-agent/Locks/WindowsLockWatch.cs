using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cdr.EdgeAgent.Locks;

/// <summary>
/// Windows: an unseen window of a thread of its own, to which the system posts what becomes of its session (locked, disconnected from the
/// console or from a remote desktop, logged off) and of the machine (sleep). Not run yet on Windows.
/// </summary>
internal sealed unsafe partial class WindowsLockWatch : ILockWatch
{
    internal const uint SessionChange = 0x02B1;
    internal const uint PowerBroadcast = 0x0218;
    internal const int Suspend = 4;
    private const uint Close = 0x0010;
    private const uint Destroy = 0x0002;

    // WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, WTS_SESSION_LOCK.
    private static readonly int[] Leaves = [2, 4, 6, 7];

    private static Action? locked;

    public bool Watches { get; private set; }

    /// <summary>Whether a message says that the person is not in front of it any more.</summary>
    internal static bool SaysLocked(uint message, nint what) => message == SessionChange && Leaves.Contains((int)what) || message == PowerBroadcast && what == Suspend;

    public Task RunAsync(Action locked, CancellationToken cancellationToken)
    {
        WindowsLockWatch.locked = locked;
        return Task.Factory.StartNew(() => Pump(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Pump(CancellationToken cancellationToken)
    {
        fixed (char* name = "cdr-agent-locks")
        {
            var module = GetModuleHandle(0);
            var kind = new WindowClass { Size = (uint)sizeof(WindowClass), Procedure = &Receive, Module = module, Name = name };
            // A window nobody sees, and not a message-only one: those are told nothing of the power.
            if (RegisterClassEx(&kind) == 0 || CreateWindowEx(0, name, name, 0, 0, 0, 0, 0, 0, 0, module, 0) is not (not 0 and var window))
                return;
            Watches = WTSRegisterSessionNotification(window, 0);
            using var stop = cancellationToken.Register(() => PostMessage(window, Close, 0, 0));
            WindowMessage message;
            while (GetMessage(&message, 0, 0, 0) > 0)
                DispatchMessage(&message);
            Watches = false;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvStdcall)])]
    private static nint Receive(nint window, uint message, nint what, nint more)
    {
        if (SaysLocked(message, what))
            locked?.Invoke();
        if (message == Destroy)
            PostQuitMessage(0);
        return DefWindowProc(window, message, what, more);
    }

    /// <summary>WNDCLASSEXW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowClass
    {
        public uint Size;
        public uint Style;
        public delegate* unmanaged[Stdcall]<nint, uint, nint, nint, nint> Procedure;
        public int ClassExtra;
        public int WindowExtra;
        public nint Module;
        public nint Icon;
        public nint Cursor;
        public nint Background;
        public char* Menu;
        public char* Name;
        public nint SmallIcon;
    }

    /// <summary>MSG.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowMessage
    {
        public nint Window;
        public uint Message;
        public nint What;
        public nint More;
        public uint Time;
        public int X;
        public int Y;
    }

    [LibraryImport("kernel32.dll", EntryPoint = "GetModuleHandleW")]
    private static partial nint GetModuleHandle(nint name);

    [LibraryImport("user32.dll", EntryPoint = "RegisterClassExW")]
    private static partial ushort RegisterClassEx(WindowClass* kind);

    [LibraryImport("user32.dll", EntryPoint = "CreateWindowExW")]
    private static partial nint CreateWindowEx(uint extended, char* kind, char* name, uint style, int x, int y, int width, int height, nint parent, nint menu, nint module, nint more);

    [LibraryImport("user32.dll", EntryPoint = "GetMessageW")]
    private static partial int GetMessage(WindowMessage* message, nint window, uint first, uint last);

    [LibraryImport("user32.dll", EntryPoint = "DispatchMessageW")]
    private static partial nint DispatchMessage(WindowMessage* message);

    [LibraryImport("user32.dll", EntryPoint = "DefWindowProcW")]
    private static partial nint DefWindowProc(nint window, uint message, nint what, nint more);

    [LibraryImport("user32.dll", EntryPoint = "PostMessageW")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool PostMessage(nint window, uint message, nint what, nint more);

    [LibraryImport("user32.dll")]
    private static partial void PostQuitMessage(int code);

    [LibraryImport("wtsapi32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool WTSRegisterSessionNotification(nint window, uint which);
}
