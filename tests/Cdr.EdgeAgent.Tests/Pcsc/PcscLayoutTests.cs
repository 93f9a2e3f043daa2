using Cdr.EdgeAgent.Pcsc;

namespace Cdr.EdgeAgent.Tests.Pcsc;

/// <summary>winscard.h of each system: what cannot run here is at least laid out as its header says.</summary>
public sealed class PcscLayoutTests
{
    // pcsc-lite 1.9: unsigned long of 8 bytes, MAX_ATR_SIZE 33, natural alignment (compiled: 80).
    [Fact]
    public void Linux_of_64_bits() => Check(PcscLayout.PcscLite(8), current: 16, changed: 24, length: 32, atr: 40, size: 80, request: 16);

    [Fact]
    public void Linux_of_32_bits() => Check(PcscLayout.PcscLite(4), current: 8, changed: 12, length: 16, atr: 20, size: 56, request: 8);

    // Windows SDK: DWORD of 4 bytes, 36 bytes of answer to reset.
    [Fact]
    public void Windows_of_64_bits() => Check(PcscLayout.Windows(8), current: 16, changed: 20, length: 24, atr: 28, size: 64, request: 8);

    [Fact]
    public void Windows_of_32_bits() => Check(PcscLayout.Windows(4), current: 8, changed: 12, length: 16, atr: 20, size: 56, request: 8);

    // PCSC.framework: uint32_t, 33 bytes, #pragma pack(1).
    [Fact]
    public void Macos_packed() => Check(PcscLayout.MacOs, current: 16, changed: 20, length: 24, atr: 28, size: 61, request: 8);

    [Theory]
    [InlineData("linux")]
    [InlineData("windows")]
    [InlineData("macos")]
    public void An_entry_is_read_as_the_system_writes_it(string system)
    {
        var layout = system switch { "linux" => PcscLayout.PcscLite(8), "windows" => PcscLayout.Windows(8), _ => PcscLayout.MacOs };
        var entry = new byte[layout.ReaderStateSize];
        layout.Write(entry, unchecked((nint)0x1122334455667788), 0x00020022);
        Assert.Equal(0x1122334455667788, BitConverter.ToInt64(entry));
        Assert.Equal(0x00020022u, PcscLayout.ReadNumber(entry.AsSpan(layout.CurrentStateAt)));
        // What the service fills in.
        layout.WriteNumber(entry.AsSpan(layout.EventStateAt), 0x00030020);
        layout.WriteNumber(entry.AsSpan(layout.AtrLengthAt), 3);
        new byte[] { 0x3B, 0xAC, 0x00 }.CopyTo(entry, layout.AtrAt);
        var (state, atr) = layout.Read(entry);
        Assert.Equal((0x00030020u, "3BAC00"), (state, Convert.ToHexString(atr)));
    }

    [Fact]
    public void Names_are_as_wide_as_the_system_has_them()
    {
        Assert.Equal([0x41, 0xC3, 0xA9, 0], PcscLayout.PcscLite(8).NameOf("Aé"));
        Assert.Equal([0x41, 0, 0xE9, 0, 0, 0], PcscLayout.Windows(8).NameOf("Aé"));
        Assert.Equal(["A", "B"], PcscLayout.MacOs.ListOf("A\0B\0\0"u8));
        Assert.Equal(["A", "B"], PcscLayout.Windows(8).ListOf("A\0\0\0B\0\0\0\0\0"u8));
    }

    private static void Check(PcscLayout layout, int current, int changed, int length, int atr, int size, int request)
    {
        Assert.Equal((current, changed, length), (layout.CurrentStateAt, layout.EventStateAt, layout.AtrLengthAt));
        Assert.Equal((atr, size, request), (layout.AtrAt, layout.ReaderStateSize, layout.RequestSize));
    }
}
