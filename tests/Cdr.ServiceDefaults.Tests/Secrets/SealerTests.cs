using Cdr.ServiceDefaults.Secrets;
using FsCheck.Xunit;

namespace Cdr.ServiceDefaults.Tests.Secrets;

public sealed class SealerTests : IDisposable
{
    private readonly KeyFiles files = new();

    public void Dispose() => files.Dispose();

    [Property]
    public void What_was_sealed_opens_for_its_purpose_and_record(byte[] plain, Guid record)
    {
        var sealer = new Sealer(files.Ring([1], [1]));

        var box = sealer.Seal("journal", record.ToByteArray(), plain);

        Assert.Equal(plain.Length + Sealer.Overhead, box.Length);
        Assert.True(sealer.TryOpen("journal", record.ToByteArray(), box, out var opened));
        Assert.Equal(plain, opened);
    }

    [Fact]
    public void Any_changed_byte_any_bit_and_any_cut_is_refused()
    {
        var sealer = new Sealer(files.Ring([1, 2, 3], [1]));
        var box = sealer.Seal("journal", "r"u8, "the exact answer"u8);

        for (var place = 0; place < box.Length; place++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = box.ToArray();
                changed[place] ^= (byte)(1 << bit);
                Assert.False(sealer.TryOpen("journal", "r"u8, changed, out var nothing), $"byte {place} bit {bit}");
                Assert.Empty(nothing);
            }

            Assert.False(sealer.TryOpen("journal", "r"u8, box.AsSpan(0, place), out _), $"cut at {place}");
        }
    }

    [Fact]
    public void Another_purpose_or_record_is_refused_wherever_their_border_lies()
    {
        var sealer = new Sealer(files.Ring([1], [1]));
        var box = sealer.Seal("ab", "cd"u8, "x"u8);

        Assert.False(sealer.TryOpen("ab", "ce"u8, box, out _));
        Assert.False(sealer.TryOpen("ax", "cd"u8, box, out _));
        Assert.False(sealer.TryOpen("abc", "d"u8, box, out _));
        Assert.False(sealer.TryOpen("a", "bcd"u8, box, out _));
        Assert.True(sealer.TryOpen("ab", "cd"u8, box, out _));
    }

    [Fact]
    public void After_a_rotation_the_old_key_still_opens_and_the_new_one_seals()
    {
        var before = new Sealer(files.Ring([1], [1]));
        var rotated = new Sealer(files.Ring([1, 2], [1]));
        var retired = new Sealer(files.Ring([2], [1]));
        var old = before.Seal("p", "r"u8, "x"u8);
        var young = rotated.Seal("p", "r"u8, "x"u8);

        Assert.True(rotated.TryOpen("p", "r"u8, old, out _));
        Assert.False(before.TryOpen("p", "r"u8, young, out _));
        Assert.False(retired.TryOpen("p", "r"u8, old, out _));
        Assert.True(retired.TryOpen("p", "r"u8, young, out _));
    }

    [Fact]
    public void Sealing_twice_never_gives_the_same_box()
    {
        var sealer = new Sealer(files.Ring([1], [1]));

        Assert.NotEqual(sealer.Seal("p", "r"u8, "x"u8), sealer.Seal("p", "r"u8, "x"u8));
    }

    [Fact]
    public void A_record_too_long_to_bind_is_an_error_and_never_cut() =>
        Assert.Throws<ArgumentException>(() => new Sealer(files.Ring([1], [1])).Seal("p", new byte[255], "x"u8));
}
