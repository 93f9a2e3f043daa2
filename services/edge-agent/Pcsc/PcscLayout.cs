using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Cdr.EdgeAgent.Pcsc;

/// <summary>
/// Where things lie in PC/SC's two structures. Its numbers are as wide as a pointer in pcsc-lite (winscard.h: <c>unsigned long</c>) and 32
/// bits on Windows and macOS; the answer to reset has 36 bytes on Windows and 33 elsewhere; macOS packs without padding.
/// </summary>
/// <param name="Number">Bytes of a DWORD.</param>
/// <param name="Pointer">Bytes of a pointer.</param>
/// <param name="AtrRoom">Bytes of <c>rgbAtr</c>.</param>
/// <param name="Packed">No padding.</param>
/// <param name="Wide">Names are UTF-16.</param>
internal sealed record PcscLayout(int Number, int Pointer, int AtrRoom, bool Packed, bool Wide)
{
    public static PcscLayout MacOs { get; } = new(4, 8, 33, true, false);

    public static PcscLayout Here { get; } = OperatingSystem.IsWindows() ? Windows(IntPtr.Size) : OperatingSystem.IsMacOS() ? MacOs : PcscLite(IntPtr.Size);

    // SCARD_READERSTATE: name, user data, current state, event state, length of the answer to reset, answer to reset.
    public int CurrentStateAt => 2 * Pointer;

    public int EventStateAt => CurrentStateAt + Number;

    public int AtrLengthAt => EventStateAt + Number;

    public int AtrAt => AtrLengthAt + Number;

    public int ReaderStateSize => Packed ? AtrAt + AtrRoom : Up(AtrAt + AtrRoom, Math.Max(Pointer, Number));

    /// <summary>SCARD_IO_REQUEST: protocol, length of itself.</summary>
    public int RequestSize => 2 * Number;

    private Encoding Names => Wide ? Encoding.Unicode : Encoding.UTF8;

    public static PcscLayout Windows(int pointer) => new(4, pointer, 36, false, true);

    public static PcscLayout PcscLite(int pointer) => new(pointer, pointer, 33, false, false);

    public byte[] NameOf(string reader) => Names.GetBytes(reader + '\0');

    /// <summary>Names with a zero after each, and one more at the end.</summary>
    public IReadOnlyList<string> ListOf(ReadOnlySpan<byte> list) => Names.GetString(list).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    public void WriteNumber(Span<byte> at, uint value)
    {
        if (Number == 8)
            BinaryPrimitives.WriteUInt64LittleEndian(at, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(at, value);
    }

    /// <summary>The lower 32 bits: no number of PC/SC has more.</summary>
    public static uint ReadNumber(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt32LittleEndian(at);

    /// <summary>One reader's entry, its name lying at an address that does not move.</summary>
    public void Write(Span<byte> entry, nint name, uint state)
    {
        entry.Clear();
        MemoryMarshal.AsBytes(new ReadOnlySpan<nint>(in name))[..Pointer].CopyTo(entry);
        WriteNumber(entry[CurrentStateAt..], state);
    }

    public (uint State, byte[] Atr) Read(ReadOnlySpan<byte> entry)
    {
        var length = Math.Min(ReadNumber(entry[AtrLengthAt..]), (uint)AtrRoom);
        return (ReadNumber(entry[EventStateAt..]), entry.Slice(AtrAt, (int)length).ToArray());
    }

    private static int Up(int size, int to) => (size + to - 1) / to * to;
}
