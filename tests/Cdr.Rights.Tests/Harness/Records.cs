using System.Security.Cryptography;
using Cdr.Rights.Journal;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Harness;

/// <summary>What is in the journal.</summary>
internal static class Records
{
    public static RightsDb Journal(this RightsHost host) => host.Services.GetRequiredService<IDbContextFactory<RightsDb>>().CreateDbContext();

    public static async Task<List<JournalRecord>> RecordsAsync(this RightsHost host, Guid consultation)
    {
        await using var db = host.Journal();
        return await db.Records.AsNoTracking().Where(r => r.Consultation == consultation).ToListAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<int> CountAsync(this RightsHost host, Guid consultation, RecordKind kind) =>
        (await host.RecordsAsync(consultation)).Count(r => r.Kind == kind);

    /// <summary>Ids of those that learnt of the person: named by an « asked » record, or called as the answer's says.</summary>
    public static async Task<IReadOnlyList<string>> LearntAsync(this RightsHost host, Guid consultation) =>
    [
        .. (await host.RecordsAsync(consultation)).SelectMany(record => record.Kind switch
        {
            RecordKind.Asked => record.Regimes.Split(';'),
            RecordKind.Answered => JournalFacts.Read(record.Regimes).Where(regime => regime.Milliseconds > 0).Select(regime => regime.Regime),
            _ => [],
        }).Distinct().Order(),
    ];

    /// <summary>An answer as it were had it been sealed under a key that is not here: it does not open, and its record is whole.</summary>
    public static async Task SealElsewhereAsync(this RightsDb db, Guid consultation)
    {
        var payload = (await db.Records.AsNoTracking().SingleAsync(r => r.Id == consultation, TestContext.Current.CancellationToken)).Payload!;
        await db.SealAgainAsync(consultation, [payload[0], 0xFF, 0xFE, .. payload[3..]]);
    }

    /// <summary>A record with this payload and the hashes that go with it.</summary>
    public static async Task SealAgainAsync(this RightsDb db, Guid consultation, byte[] payload)
    {
        var record = await db.Records.AsNoTracking().SingleAsync(r => r.Id == consultation, TestContext.Current.CancellationToken);
        record.PayloadHash = SHA256.HashData(payload);
        var (signed, hash) = (record.PayloadHash, RecordHash.Of(record));
        await db.Records.Where(r => r.Id == consultation).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Payload, payload).SetProperty(r => r.PayloadHash, signed).SetProperty(r => r.Hash, hash), TestContext.Current.CancellationToken);
    }

    public static Task UntilAsync(string what, Func<Task<bool>> condition) =>
        Deadline.UntilAsync(what, TimeSpan.FromSeconds(120), condition, TestContext.Current.CancellationToken);

    public static Task UntilAsync(string what, Func<bool> condition) => UntilAsync(what, () => Task.FromResult(condition()));

    public static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
