using System.Reflection;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Presence;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Tests.Features;

public sealed class HeartbeatTests
{
    /// <summary>They wait together: one that is never answered is an agent that waits for ever.</summary>
    [Fact]
    public async Task Whatever_goes_wrong_each_heartbeat_of_the_moment_is_answered()
    {
        var heartbeats = new Heartbeats(DispatchProxy.Create<ISharedState, Broken>(), Options.Create(new PresenceOptions()));
        var said = Enumerable.Range(1, 3).Select(number => heartbeats.SayAsync(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), number, TestContext.Current.CancellationToken)).ToList();
        foreach (var one in said)
            await Assert.ThrowsAsync<InvalidOperationException>(() => one.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    public class Broken : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new InvalidOperationException("Not of the kind that is expected.");
    }
}
