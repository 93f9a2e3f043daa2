using Cdr.Usage.Counting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Cdr.Usage.Tests.Features;

[Collection<OnPostgres>]
public sealed class StoreShareTests(PostgresHost shared) : HostTests(shared)
{
    [Fact]
    public void All_that_is_read_at_once_leaves_counting_connections()
    {
        var pool = new NpgsqlConnectionStringBuilder(Host.Services.GetRequiredKeyedService<ServiceDefaults.Stores.Store>(UsageModule.StoreName).ConnectionString).MaxPoolSize;

        Assert.InRange(Host.Services.GetRequiredService<IOptions<UsageOptions>>().Value.ReadsAtOnce, 1, pool - 5);
    }
}

public sealed class EmbeddedShareTests : HostTests
{
    [Fact]
    public async Task An_embedded_rebuild_takes_no_more_at_once_than_a_catch_up()
    {
        await using var scope = Host.Services.CreateAsyncScope();

        Assert.Equal(JournalCatchUp.FactsAtOnce, scope.ServiceProvider.GetRequiredService<CountingAgain>().FactsAtOnce);
    }
}
