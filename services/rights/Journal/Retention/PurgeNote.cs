using System.Globalization;
using System.Security.Cryptography;

namespace Cdr.Rights.Journal.Retention;

/// <summary>What a « purged » record says: the policy, until when, how many records, and the digest of their tombstones.</summary>
internal sealed record PurgeNote(string Policy, DateTimeOffset Until, long Records, string Digest)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"policy={Policy};until={Until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ};records={Records};digest={Digest}");

    /// <summary>Null when it is no such note.</summary>
    public static PurgeNote? Read(string note)
    {
        var parts = note.Split(';').Select(part => part.Split('=', 2)).ToList();
        return parts is [["policy", var policy], ["until", var until], ["records", var records], ["digest", var digest]]
            && DateTimeOffset.TryParseExact(until, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && long.TryParse(records, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new PurgeNote(policy, instant, count, digest)
            : null;
    }
}

/// <summary>The digest over a purge's tombstones, in the order of their chains and numbers.</summary>
internal sealed class PurgeDigest : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(Tombstone tombstone)
    {
        var form = new BinaryForm(stackalloc byte[512]);
        form.Add(tombstone.Journal);
        form.Add(tombstone.Batch);
        form.Add(tombstone.Positions.Length);
        foreach (var position in tombstone.Positions)
            form.Add(position);
        form.Add(tombstone.Leaves);
        form.Add(tombstone.Ids);
        hash.AppendData(form.Written);
    }

    public string End() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}
