using System.Security.Cryptography;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Verifies a journal as an auditor would: from what is stored, with the public key.</summary>
internal static class Chain
{
    /// <summary>Every chain recomputed; the number of records in all of them.</summary>
    public static async Task<int> VerifyAsync(RightsHost host)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(host.Services.GetRequiredKeyedService<KeyRing>("Rights").Signing[^1].Key, out _);
        await using var db = host.Journal();
        var batches = await db.Batches.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);
        var records = (await db.Records.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken)).ToLookup(r => (r.Journal, r.Batch));
        foreach (var chain in batches.GroupBy(b => b.Journal))
        {
            var previous = new byte[32];
            var number = 0L;
            foreach (var batch in chain.OrderBy(b => b.Batch))
            {
                Assert.Equal(++number, batch.Batch);
                Assert.Equal(previous, batch.Previous);
                var mine = records[(batch.Journal, batch.Batch)].OrderBy(r => r.Position).ToList();
                Assert.Equal(Enumerable.Range(0, batch.Records), mine.Select(r => r.Position));
                foreach (var record in mine)
                {
                    Assert.Equal(RecordHash.Of(record), record.Hash);
                    Assert.Equal(record.Payload is null ? null : SHA256.HashData(record.Payload), record.PayloadHash);
                }

                Assert.Equal(RecordHash.Root([.. mine.Select(r => r.Hash)]), batch.Root);
                Assert.Equal(RecordHash.OfBatch(batch.Journal, batch.Batch, batch.Records, batch.At, batch.Previous, batch.Root), batch.Hash);
                Assert.True(key.VerifyHash(batch.Hash, batch.Signature), $"signature of batch {batch.Batch}");
                previous = batch.Hash;
            }
        }

        Assert.Equal(records.Sum(batch => batch.Count()), batches.Sum(b => b.Records));
        return batches.Sum(b => b.Records);
    }
}
