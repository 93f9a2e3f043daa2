using System.Runtime.InteropServices;
using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent.Pcsc;

/// <summary>
/// The machine's own PC/SC library: pcsc-lite, winscard, or macOS's framework. Numbers are handed over a register wide, which every calling
/// convention of these systems accepts where 32 bits are read; what is pointed to is laid out by <see cref="PcscLayout"/>.
/// </summary>
internal sealed unsafe class PcscLibrary : IPcsc
{
    private static readonly Lazy<nint> Library = new(() => NativeLibrary.TryLoad(FileName, out var handle) ? handle : 0);

    public static string FileName =>
        OperatingSystem.IsWindows() ? "winscard.dll" : OperatingSystem.IsMacOS() ? "/System/Library/Frameworks/PCSC.framework/PCSC" : "libpcsclite.so.1";

    /// <summary>macOS does not know the name that stands for any reader.</summary>
    public bool TellsReaders => !OperatingSystem.IsMacOS();

    public IPcscContext Establish()
    {
        var call = (delegate* unmanaged<nuint, void*, void*, void*, nint>)Function("SCardEstablishContext");
        long context = 0;
        // The user's own scope on Windows: their session's readers, a remote desktop's among them.
        Check(call(OperatingSystem.IsWindows() ? 0u : 2u, null, null, &context), "SCardEstablishContext");
        return new Context(HandleOf(context));
    }

    internal static nint Function(string name)
    {
        if (Library.Value == 0 || !NativeLibrary.TryGetExport(Library.Value, name, out var address))
            throw new PcscException(PcscCodes.NoLibrary, name);
        return address;
    }

    internal static string Named(string function) => PcscLayout.Here.Wide ? function + "W" : function;

    /// <summary>A handle is a pointer wide, or 32 bits on macOS; the rest of its place was zero.</summary>
    internal static nint HandleOf(long value) => OperatingSystem.IsMacOS() ? (int)value : (nint)value;

    // The upper half of a 32-bit result is undefined.
    internal static uint CodeOf(nint result) => (uint)(ulong)result;

    internal static void Check(nint result, string call)
    {
        if (CodeOf(result) is not 0 and var code)
            throw new PcscException(code, call);
    }

    private sealed class Context(nint handle) : IPcscContext
    {
        private static readonly PcscLayout Layout = PcscLayout.Here;
        private int disposed;

        public IReadOnlyList<string> Readers()
        {
            var call = (delegate* unmanaged<nint, void*, void*, void*, nint>)Function(Named("SCardListReaders"));
            // A reader that comes between the two calls makes the room too small: ask again.
            for (var tries = 0; ; tries++)
            {
                ulong room = 0;
                var code = CodeOf(call(handle, null, null, &room));
                if (code == PcscCodes.NoReaders)
                    return [];
                Check((nint)code, "SCardListReaders");
                var names = new byte[(int)(uint)room * (Layout.Wide ? 2 : 1)];
                fixed (byte* at = names)
                    code = CodeOf(call(handle, null, at, &room));
                if (code == PcscCodes.NoReaders)
                    return [];
                if (code == 0)
                    return Layout.ListOf(names);
                if (code != 0x80100008 || tries == 5)
                    throw new PcscException(code, "SCardListReaders");
            }
        }

        public bool Wait(IReadOnlyList<SlotState> slots, TimeSpan timeout)
        {
            var call = (delegate* unmanaged<nint, nuint, void*, nuint, nint>)Function(Named("SCardGetStatusChange"));
            var names = slots.Select(slot => GCHandle.Alloc(Layout.NameOf(slot.Reader), GCHandleType.Pinned)).ToArray();
            try
            {
                var entries = new byte[slots.Count * Layout.ReaderStateSize];
                for (var at = 0; at < slots.Count; at++)
                    Layout.Write(Entry(entries, at), names[at].AddrOfPinnedObject(), slots[at].State);
                uint code;
                fixed (byte* first = entries)
                    code = CodeOf(call(handle, timeout == Timeout.InfiniteTimeSpan ? uint.MaxValue : (uint)timeout.TotalMilliseconds, first, (nuint)slots.Count));
                if (code is PcscCodes.Timeout or PcscCodes.Cancelled)
                    return false;
                Check((nint)code, "SCardGetStatusChange");
                for (var at = 0; at < slots.Count; at++)
                {
                    var (state, atr) = Layout.Read(Entry(entries, at));
                    // Bit 1 says that something changed: given back, it would say so for ever.
                    slots[at].State = state & ~2u;
                    slots[at].Atr = atr;
                }

                return true;
            }
            finally
            {
                foreach (var name in names)
                    name.Free();
            }
        }

        public void Cancel() => _ = ((delegate* unmanaged<nint, nint>)Function("SCardCancel"))(handle);

        public ICardChannel Connect(string reader)
        {
            try
            {
                return PcscChannel.Open(this, handle, reader);
            }
            catch (PcscException e)
            {
                throw new CardLostException(PcscCodes.LossOf(e.Code), e.Code);
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
                _ = ((delegate* unmanaged<nint, nint>)Function("SCardReleaseContext"))(handle);
        }

        private static Span<byte> Entry(byte[] entries, int at) => entries.AsSpan(at * Layout.ReaderStateSize, Layout.ReaderStateSize);
    }
}
