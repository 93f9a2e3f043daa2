using Cdr.Contracts.Rights;
using Cdr.Usage.Counting;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Counting;

public sealed class JournalReadingTests
{
    private static readonly Guid Journal = Guid.CreateVersion7(Facts.Noon);

    [Fact]
    public async Task A_batch_that_is_handed_out_twice_is_read_once()
    {
        var journals = new JournalsDouble { Repeats = true };
        journals.Write(Facts.Journal(Journal, 3));
        var reading = new JournalReading(journals, new JournalHead(Journal, 3, Facts.Noon), new JournalPlace(0, 0, 0), page: 10);

        var batches = await reading.NextAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1L, 2, 3], batches.Select(batch => batch.Batch));
        Assert.Equal((3, true), (reading.Batches, reading.IsAtEnd));
    }
}
