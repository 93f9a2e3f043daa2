using Cdr.Contracts.Rights;
using Cdr.Usage.Tests.Doubles;
using FsCheck;
using FsCheck.Xunit;

namespace Cdr.Usage.Tests.Counting;

public sealed class InterleavingProperties : IDisposable
{
    private static readonly string[] Establishments = ["750100018", "690000005", "2A0000014"];
    private static readonly Guid[] Journals = [.. Enumerable.Range(0, 3).Select(n => Guid.CreateVersion7(Facts.Noon.AddSeconds(n)))];

    private readonly SqliteFile file = new();

    public void Dispose() => file.Dispose();

    /// <param name="sizes">A batch each, of three journals in turn, and its number of facts.</param>
    /// <param name="deliveries">A message each: which batch, and whether Rights is silent meanwhile. Batches named nowhere are lost.</param>
    [Property(MaxTest = 60)]
    public async Task Whatever_is_lost_late_or_told_twice_the_totals_are_exact(NonEmptyArray<byte> sizes, byte[] deliveries)
    {
        var desk = await file.OpenAsync();
        await using (var db = desk.CreateDbContext())
            await db.EmptyAsync(withCells: true);
        var written = sizes.Get.Take(24).Select((size, index) => Facts.Batch(
            Journals[index % 3], index / 3 + 1,
            [.. Enumerable.Range(0, size % 5).Select(n => Facts.One(at: Facts.Noon.AddHours(size), establishment: Establishments[n % 3]))])).ToArray();
        desk.Journals.Write(written);

        foreach (var together in deliveries.Take(40).Chunk(3))
        {
            desk.Journals.Silent = together[0] >= 192;
            await Task.WhenAll(together.Select(delivery => Task.Run(() => desk.DeliverAsync(written[delivery % 64 % written.Length], CancellationToken.None))));
            Assert.True(await desk.TotalAsync(CancellationToken.None) <= written.Sum(batch => batch.Facts.Length));
        }

        desk.Journals.Silent = false;
        await desk.ReconcileAsync(CancellationToken.None);

        var expected = written.SelectMany(batch => batch.Facts)
            .GroupBy(fact => (Day: DateOnly.FromDateTime(fact.At.UtcDateTime.AddHours(1)), fact.Establishment))
            .Select(alike => (alike.Key.Day, alike.Key.Establishment, alike.LongCount())).Order();
        Assert.Equal(expected, (await desk.DailyAsync(CancellationToken.None)).Select(count => (count.Day, count.Establishment, count.Consultations)).Order());
    }
}
