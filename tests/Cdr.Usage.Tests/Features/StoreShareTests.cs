using Cdr.Usage.Counting;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Usage.Tests.Features;

public sealed class EmbeddedShareTests : HostTests
{
    [Fact]
    public async Task An_embedded_rebuild_takes_no_more_at_once_than_a_catch_up()
    {
        await using var scope = Host.Services.CreateAsyncScope();

        Assert.Equal(JournalCatchUp.FactsAtOnce, scope.ServiceProvider.GetRequiredService<CountingAgain>().FactsAtOnce);
    }
}
