using Cdr.Rights.Cache;

namespace Cdr.Rights.Tests.Cache;

/// <summary>What a regime said is stored a moment after it was told, unless somebody waits for that.</summary>
public sealed class FlightTests
{
    [Fact]
    public void Who_joined_before_waits_for_nothing_more()
    {
        var flight = new Flight();
        flight.Join();

        Assert.True(flight.MayStoreAsync().IsCompleted);
    }

    [Fact]
    public async Task Alone_it_leaves_its_answer_some_time_and_not_longer()
    {
        Assert.False(new Flight(TimeSpan.FromHours(1)).MayStoreAsync().IsCompleted);
        await new Flight().MayStoreAsync();
    }

    [Fact]
    public async Task Who_joins_meanwhile_ends_the_wait()
    {
        var flight = new Flight(TimeSpan.FromHours(1));
        var storing = flight.MayStoreAsync();
        flight.Join();

        await storing;
    }
}
