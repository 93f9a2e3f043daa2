using System.Text;
using System.Text.Json.Nodes;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Microsoft.Extensions.Configuration;

namespace Cdr.ServiceDefaults.Tests.Secrets;

/// <summary>Two steps, and nothing is ever lost by them.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private readonly TestFolder folder = new("rotation");
    private readonly string file;

    public KeyRotationTests()
    {
        file = folder.File("rights.json");
        KeyRing.Create(file);
    }

    [Theory]
    [InlineData(KeyKind.Data)]
    [InlineData(KeyKind.Pseudonym)]
    [InlineData(KeyKind.Signing)]
    public void A_key_is_known_to_all_before_any_uses_it_and_the_old_one_stays(KeyKind kind)
    {
        var before = KeyRing.Load(file, createMissing: false);

        Assert.Equal(2, KeyRotation.Add(file, kind));

        var added = KeyRing.Load(file, createMissing: false);
        Assert.Equal(1, Active(added, kind));
        Assert.Equal([2, 1], KeyRotation.Ids(file)[kind]);

        Assert.Equal((ushort)2, KeyRotation.Use(file, kind));

        var used = KeyRing.Load(file, createMissing: false);
        Assert.Equal(2, Active(used, kind));
        Assert.Equal([1, 2], KeyRotation.Ids(file)[kind]);
        // The same bytes under the same ids: whatever was made with them opens.
        Assert.Equal(Key(before, kind, 1), Key(used, kind, 1));
        Assert.Equal(Key(added, kind, 2), Key(used, kind, 2));
        foreach (var other in Enum.GetValues<KeyKind>().Where(one => one != kind))
            Assert.Equal([1], KeyRotation.Ids(file)[other]);
    }

    [Fact]
    public void A_second_key_is_not_added_before_the_first_is_used()
    {
        KeyRotation.Add(file, KeyKind.Data);
        var content = File.ReadAllBytes(file);

        Assert.Contains("data key 2", Assert.Throws<InvalidDataException>(() => KeyRotation.Add(file, KeyKind.Data)).Message, StringComparison.Ordinal);

        Assert.Equal(content, File.ReadAllBytes(file));
        // Of another kind it is another matter.
        Assert.Equal(2, KeyRotation.Add(file, KeyKind.Signing));
    }

    [Fact]
    public void What_is_asked_twice_is_done_once()
    {
        Assert.Null(KeyRotation.Use(file, KeyKind.Data));
        KeyRotation.Add(file, KeyKind.Data);
        Assert.Equal((ushort)2, KeyRotation.Use(file, KeyKind.Data));
        Assert.Null(KeyRotation.Use(file, KeyKind.Data));
    }

    [Fact]
    public void A_dry_run_says_the_same_and_writes_nothing()
    {
        var content = File.ReadAllBytes(file);
        Assert.Equal(2, KeyRotation.Add(file, KeyKind.Data, isDry: true));
        Assert.Equal(content, File.ReadAllBytes(file));
        KeyRotation.Add(file, KeyKind.Data);
        content = File.ReadAllBytes(file);
        Assert.Equal((ushort)2, KeyRotation.Use(file, KeyKind.Data, isDry: true));
        Assert.Equal(content, File.ReadAllBytes(file));
    }

    [Fact]
    public void Who_read_the_file_still_does_and_nothing_else_is_left_in_its_folder()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are Unix's.");
            return;
        }

        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        // The program's own user reads what an operator owns; every file of the folder is a setting.
        File.SetUnixFileMode(file, Everybody);
        var before = Settings();

        KeyRotation.Add(file, KeyKind.Data);

        Assert.Equal(Everybody, File.GetUnixFileMode(file));
        Assert.Equal(before, Settings());
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), one => one.EndsWith(".part", StringComparison.Ordinal));

        IEnumerable<string> Settings() => new ConfigurationBuilder().AddKeyPerFile(folder.Path).Build().AsEnumerable().Select(one => one.Key).Order(StringComparer.Ordinal).ToList();
    }

    [Fact]
    public async Task Hands_that_work_at_once_lose_no_key()
    {
        using var together = new Barrier(3);
        var added = await Task.WhenAll(Enum.GetValues<KeyKind>().Select(kind => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return KeyRotation.Add(file, kind);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal([2, 2, 2], added);
        Assert.All(KeyRotation.Ids(file), one => Assert.Equal([2, 1], one.Value));
    }

    [Fact]
    public void A_ring_that_was_ordered_by_another_hand_is_left_to_it()
    {
        KeyRotation.Add(file, KeyKind.Data);
        KeyRotation.Use(file, KeyKind.Data);
        KeyRotation.Add(file, KeyKind.Data);
        // 3 1 2 by the first step; the other hand made 1 3 2 of it.
        var ring = JsonNode.Parse(File.ReadAllText(file))!;
        var keys = ring["data"]!.AsArray().Select(one => one!.DeepClone()).ToArray();
        ring["data"] = new JsonArray(keys[1], keys[0], keys[2]);
        File.WriteAllText(file, ring.ToJsonString());

        Assert.Throws<InvalidDataException>(() => KeyRotation.Use(file, KeyKind.Data));
        Assert.Equal([1, 3, 2], KeyRotation.Ids(file)[KeyKind.Data]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"data":[null],"pseudonym":[null],"signing":[null]}""")]
    [InlineData("""{"data":[{"id":1,"key":"QUJD!QUJD"}],"pseudonym":[{"id":1,"key":"QUJD!"}],"signing":[{"id":1,"key":"QUJD!"}]}""")]
    [InlineData("""{"data":[{"id":1,"key":"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="}],"pseudonym":[],"signing":[]}""")]
    [InlineData("""{"data":[{"id":1,"key":"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="}],"pseudonym":[{"id":1,"key":"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="}],"signing":[{"id":1,"key":"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="}]}""")]
    public void What_is_no_ring_is_refused_without_a_word_of_it_and_left_as_it_is(string content)
    {
        File.WriteAllText(file, content);

        var refused = Assert.Throws<InvalidDataException>(() => KeyRotation.Add(file, KeyKind.Data));

        Assert.DoesNotContain("QUJD", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(file, Encoding.UTF8));
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_made()
    {
        Assert.Throws<InvalidDataException>(() => KeyRotation.Add(folder.File("none.json"), KeyKind.Data));
        Assert.False(File.Exists(folder.File("none.json")));
    }

    public void Dispose() => folder.Dispose();

    private static int Active(KeyRing ring, KeyKind kind) => kind switch { KeyKind.Data => ring.ActiveData, KeyKind.Pseudonym => ring.Pseudonym[^1].Id, _ => ring.Signing[^1].Id };

    private static byte[] Key(KeyRing ring, KeyKind kind, ushort id) => kind == KeyKind.Data ? ring.Data(id)! : (kind == KeyKind.Pseudonym ? ring.Pseudonym : ring.Signing).Single(key => key.Id == id).Key;
}
