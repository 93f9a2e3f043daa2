using Cdr.Testing.Identity;
using Cdr.Usage.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Usage.Tests.Features;

/// <summary>The real program with its neighbours, for one test or for those of a class; its clock stands at 2026-11-20, 09:00 in Paris.</summary>
public class SharedHost : IAsyncLifetime
{
    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));

    internal TestTokens Sessions { get; private set; } = null!;

    internal RightsDouble Rights { get; private set; } = null!;

    internal UsageHost Host { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Sessions = await TestTokens.StartAsync(Clock, TestContext.Current.CancellationToken);
        Rights = await RightsDouble.StartAsync();
        Host = new UsageHost(Clock, [.. Sessions.Settings, new("Services:Rights", Rights.Address), .. Store]);
    }

    /// <summary>The embedded one.</summary>
    private protected virtual KeyValuePair<string, string?>[] Store => [];

    public virtual async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Rights.DisposeAsync();
        await Sessions.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
