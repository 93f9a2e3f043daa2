using System.Security.Cryptography;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.ServiceDefaults.Tests.Secrets;

public sealed class KeyRingTests : IDisposable
{
    private readonly KeyFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void A_missing_file_is_made_only_where_that_is_allowed()
    {
        var path = files.NewPath();

        Assert.Contains(path, Assert.Throws<InvalidOperationException>(() => KeyRing.Load(path, createMissing: false)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        var made = KeyRing.Load(path, createMissing: true);
        var again = KeyRing.Load(path, createMissing: true);

        Assert.Equal(made.Data(made.ActiveData), again.Data(again.ActiveData));
        Assert.NotEqual(made.Data(made.ActiveData), made.Pseudonym[^1].Key);
        using var signing = ECDsa.Create();
        signing.ImportPkcs8PrivateKey(made.Signing[^1].Key, out _);
        Assert.Equal(256, signing.KeySize);
    }

    [Fact]
    public async Task Processes_that_begin_at_once_have_one_ring()
    {
        for (var round = 0; round < 60; round++)
        {
            var path = files.NewPath();
            using var together = new Barrier(8);
            var rings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(TestContext.Current.CancellationToken);
                    return KeyRing.Load(path, createMissing: true);
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(rings.Select(ring => Convert.ToHexString(ring.Data(ring.ActiveData)!)).Distinct());
        }
    }

    [Fact]
    public void A_made_file_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No Unix mode.");
        var path = files.NewPath();
        KeyRing.Create(path);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Throws<IOException>(() => KeyRing.Create(path));
    }

    [Theory]
    [InlineData("""{"data":[],"pseudonym":[],"signing":[]}""")]
    [InlineData("""{"data":[{"id":1,"key":"c2hvcnQ="}],"pseudonym":[{"id":1,"key":"c2hvcnQ="}],"signing":[{"id":1,"key":"c2hvcnQ="}]}""")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_ring_that_lacks_a_key_or_has_a_short_one_is_refused_in_words(string content)
    {
        var path = files.NewPath();
        File.WriteAllText(path, content);

        Assert.Throws<InvalidOperationException>(() => KeyRing.Load(path, createMissing: false));
    }

    [Fact]
    public void A_key_is_never_shown() => Assert.Equal("key 7", new IdentifiedKey(7, [1, 2, 3]).ToString());
}
