using System.Security.Cryptography;
using System.Text;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Whoever holds the journal without its key tries every number.</summary>
public sealed class PseudonymTests
{
    [Fact]
    public async Task Trying_every_number_finds_a_plain_hash_and_no_pseudonym()
    {
        await using var world = await RightsWorld.StartAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        using var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" });
        await answer.BytesAsync();
        await using var db = world.Host.Journal();
        var stored = await db.Records.SingleAsync(r => r.Kind == RecordKind.Answered, TestContext.Current.CancellationToken);
        var text = SubjectText.PersonByNir(nir);

        // The journal's own columns, and the same as they would be without a key.
        var pseudonym = Search(nir, [stored.Pseudonym, stored.Request, stored.PatientPseudonym ?? stored.Pseudonym]);
        var plain = Search(nir, [SHA256.HashData(Encoding.UTF8.GetBytes(text))]);
        var prefixed = Search(nir, [SHA256.HashData(Encoding.UTF8.GetBytes(RecordWriting.Person + "\0" + text))]);
        var noKey = Search(nir, [HMACSHA256.HashData(new byte[32], Encoding.UTF8.GetBytes(RecordWriting.Person + "\0" + text))]);

        Assert.Null(pseudonym);
        Assert.Equal([nir, nir, nir], [plain, prefixed, noKey]);
    }

    /// <summary>Every number of one sex, birth year and département of birth: 12 months, all orders, the communes around the right one.</summary>
    private static string? Search(string near, byte[][] targets)
    {
        var wanted = targets.Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
        var commune = int.Parse(near[7..10], System.Globalization.CultureInfo.InvariantCulture);
        var candidates = from month in Enumerable.Range(1, 12)
                         from place in Enumerable.Range(Math.Max(commune - 2, 1), 5)
                         from order in Enumerable.Range(1, 999)
                         select FormattableString.Invariant($"{near[..3]}{month:00}{near[5..7]}{place:000}{order:000}");
        return candidates.AsParallel().FirstOrDefault(candidate => Guesses(candidate).Any(guess => wanted.Contains(Convert.ToHexString(guess))));
    }

    private static IEnumerable<byte[]> Guesses(string nir)
    {
        byte[][] texts =
        [
            Encoding.UTF8.GetBytes(nir), Encoding.UTF8.GetBytes(SubjectText.PersonByNir(nir)), Encoding.UTF8.GetBytes(RecordWriting.Person + "\0" + SubjectText.PersonByNir(nir)),
        ];
        foreach (var text in texts)
        {
            yield return SHA256.HashData(text);
            yield return HMACSHA256.HashData(new byte[32], text);
            yield return HMACSHA256.HashData(Array.Empty<byte>(), text);
            yield return HMACSHA256.HashData("person"u8, text);
        }
    }
}
