using System.Diagnostics.Metrics;
using Cdr.Rights.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Journal;

public sealed class DispatchMeterTests
{
    [Fact]
    public void What_is_not_told_grows_older_until_the_broker_confirms()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var clock = new FakeTimeProvider();
        var meter = new DispatchMeter(services.GetRequiredService<IMeterFactory>(), clock);
        Assert.Equal((0, TimeSpan.Zero), (meter.Untold, meter.Age));

        meter.Committed(1);
        clock.Advance(TimeSpan.FromSeconds(2));
        meter.Committed(2);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((2, TimeSpan.FromSeconds(3)), (meter.Untold, meter.Age));

        meter.Told(1);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((1, TimeSpan.FromSeconds(4)), (meter.Untold, meter.Age));

        meter.Told(2);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((0, TimeSpan.Zero), (meter.Untold, meter.Age));
    }
}
