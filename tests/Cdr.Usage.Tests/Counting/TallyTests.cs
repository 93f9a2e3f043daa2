using Cdr.Contracts.Rights;
using Cdr.Usage.Counting;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Counting;

public sealed class TallyTests
{
    [Fact]
    public void Rows_are_in_one_order_whatever_the_order_of_the_facts_so_that_no_two_transactions_wait_for_each_other()
    {
        var facts = Enumerable.Range(0, 60).Select(n => Facts.One(
            at: Facts.Noon.AddDays(n % 3), establishment: $"75{n % 20:0000000}", unit: $"u{n % 7}",
            regimes: [new RegimeFact($"r{n % 5}", RegimeOutcome.Found, n), new RegimeFact($"r{n % 4}", RegimeOutcome.Unknown, 0)])).ToArray();
        var journal = Guid.CreateVersion7(Facts.Noon);

        var one = Tally.Of([Facts.Batch(journal, 1, facts)]);
        var other = Tally.Of([Facts.Batch(journal, 1, facts[30..]), Facts.Batch(journal, 2, [.. facts[..30].Reverse()])]);

        Assert.Equal(one.Daily, other.Daily);
        Assert.Equal(one.Regimes, other.Regimes);
        Assert.Equal(60, one.Daily.Sum(row => (long)row[^1]));
    }
}
