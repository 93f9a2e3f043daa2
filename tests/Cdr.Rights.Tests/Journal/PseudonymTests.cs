using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Whoever holds the journal and the files of questions without their key tries numbers.</summary>
public sealed class PseudonymTests
{
    private const string Plain = "plain: ";

    /// <summary>
    /// A million numbers: all communes and orders of one sex, month and département; whoever tries them all does the same two hundred thousand
    /// times. Each of them in every text that is hashed of it; against every hash that is stored, beside the same hashes without a key.
    /// </summary>
    [Fact]
    public async Task Trying_every_number_of_a_month_and_a_département_finds_plain_hashes_and_nothing_that_is_stored()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "500", ["Batches:PumpPeriod"] = "00:00:00.100" } });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", workflowId = "VENUE-1" }).AnswerAsync();
        // Who sends a number as the key of a file, and a file that is a number and no more.
        await world.Host.EndedAsync(await world.Host.UploadAsync(FileOf(nir), key: nir, reason: "emergency").ProgressAsync());
        await using var db = world.Host.Journal();
        Dictionary<string, string> targets = new(StringComparer.Ordinal);
        foreach (var record in await db.Records.ToListAsync(TestContext.Current.CancellationToken))
        {
            foreach (var (column, bytes) in new[] { ("Pseudonym", record.Pseudonym), ("PatientPseudonym", record.PatientPseudonym), ("Request", record.Request) })
                Add(targets, $"records.{column} of {record.Kind}", bytes);
        }

        foreach (var file in await db.BatchFiles.ToListAsync(TestContext.Current.CancellationToken))
        {
            Add(targets, "batch_files.Key", file.Key);
            Add(targets, "batch_files.Fingerprint", file.Fingerprint);
        }

        Assert.All(["records.Pseudonym of Answered", "records.Pseudonym of Filed", "records.Request of Answered", "batch_files.Key", "batch_files.Fingerprint"], column => Assert.Contains(column, targets.Values));
        // What is tried of a number is what was hashed of it: with the key it is what is stored.
        var pseudonyms = world.Host.Services.GetRequiredKeyedService<Pseudonyms>("Rights");
        var (asked, sent) = (await db.Records.SingleAsync(r => r.Id == answer.Id, TestContext.Current.CancellationToken), await db.BatchFiles.SingleAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            [asked.Pseudonym, sent.Key!, asked.Request, sent.Fingerprint],
            Keyed(nir).Select(text => pseudonyms.Of(text.Purpose, text.Text)));
        var plain = Texts(nir).SelectMany(text => Hashes(text.Text).Select((hash, way) => (Name: $"{Plain}{text.Name} {way}", hash))).ToList();
        // What is stored as a plain hash is not taken for ours.
        foreach (var (name, hash) in plain)
            targets.TryAdd(Convert.ToHexString(hash), name);

        // A thread of its own: on the pool it was all of the process's threads for nine seconds, and the services of other tests answered nobody.
        var found = await Task.Factory.StartNew(() => Search(nir, targets), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.DoesNotContain(found, name => !name.StartsWith(Plain, StringComparison.Ordinal));
        Assert.Equal(plain.Select(one => one.Name).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static void Add(Dictionary<string, string> targets, string name, byte[]? hash)
    {
        if (hash is { Length: > 0 })
            targets[Convert.ToHexString(hash)] = name;
    }

    private static List<string> Search(string near, Dictionary<string, string> targets)
    {
        List<string> found = [];
        // Eight bytes tell whether it is worth a closer look.
        var starts = targets.Keys.Select(hex => Convert.ToUInt64(hex[..16], 16)).ToHashSet();
        for (var commune = 1; commune < 991; commune++)
        {
            for (var order = 1; order < 1000; order++)
            {
                foreach (var (_, text) in Texts(string.Create(CultureInfo.InvariantCulture, $"{near[..7]}{commune:000}{order:000}")))
                {
                    foreach (var hash in Hashes(text))
                    {
                        if (starts.Contains(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash)) && targets.TryGetValue(Convert.ToHexString(hash), out var name))
                            found.Add(name);
                    }
                }
            }
        }

        return found;
    }

    /// <summary>What is hashed of a number, before the key comes to it.</summary>
    private static IEnumerable<(string Name, byte[] Text)> Texts(string nir) =>
        Keyed(nir).Select(text => (text.Name, Encoding.UTF8.GetBytes(text.Purpose + "\0" + text.Text))).Prepend(("number", Encoding.UTF8.GetBytes(nir)));

    private static IEnumerable<(string Name, string Purpose, string Text)> Keyed(string nir)
    {
        var caller = new TestCaller();
        yield return ("person", RecordWriting.Person, SubjectText.PersonByNir(nir));
        yield return ("key of a file", "batch-key", SubjectText.Parts(caller.Finess, caller.Subject, nir));
        // All else of a question stands in plain columns beside its hash.
        yield return ("question", Question.Purpose, SubjectText.Parts(caller.Finess, caller.Subject, SubjectText.Parts("nir", nir, null, null), null, "emergency", "cnam", "0", "workflow", "VENUE-1"));
        yield return ("file", "batch-file", SubjectText.Parts("json", "emergency", Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(FileOf(nir))))));
    }

    private static string FileOf(string nir) => $$"""[{"nir":"{{nir}}","regime":"cnam"}]""";

    private static IEnumerable<byte[]> Hashes(byte[] text)
    {
        yield return SHA256.HashData(text);
        yield return HMACSHA256.HashData(new byte[32], text);
    }
}
