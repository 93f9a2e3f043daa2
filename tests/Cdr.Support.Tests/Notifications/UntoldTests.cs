using Cdr.Support.Metrics;
using Cdr.Support.Tests.Features;
using Cdr.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Support.Tests.Notifications;

/// <summary>Without a broker.</summary>
public sealed class UntoldTests : HostTests
{
    [Fact]
    public async Task What_is_not_told_waits_since_it_was_seen()
    {
        await Referent.OpenAsync(Technical(send: true), Cancel);
        var first = await MeasuredAsync();
        Clock.Advance(TimeSpan.FromSeconds(90));
        var later = await MeasuredAsync();

        Assert.Equal((1, 1), (first.Untold, later.Untold));
        Assert.Equal(TimeSpan.FromSeconds(90), later.UntoldFor);
        Assert.Equal(0, later.Aside);
    }

    private protected override ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync() => new([new("ConnectionStrings:RabbitMq", $"amqp://guest:guest@127.0.0.1:{FreePort.Take()}/nobody")]);

    private async Task<TicketMeasure> MeasuredAsync()
    {
        await Host.Services.GetServices<IHostedService>().OfType<MeasureTickets>().Single().RunOnceAsync(Cancel);
        return Host.Services.GetRequiredService<TicketMeter>().Now;
    }
}
