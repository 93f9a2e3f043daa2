using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing.Identity;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cdr.ServiceDefaults.Tests.Messaging;

public sealed class BusTests
{
    [Fact]
    public async Task The_bus_tells_nobody_outside_how_it_is_used()
    {
        await using var tokens = await TestTokens.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var host = new DefaultsHost { Sessions = tokens };
        await host.StartAsync(_ => { });

        Assert.False(host.App.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
    }
}
