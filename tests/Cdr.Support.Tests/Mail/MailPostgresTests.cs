using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Testing;
using Cdr.Testing.Servers;

namespace Cdr.Support.Tests.Mail;

/// <summary>The same on the store of an installation.</summary>
public sealed class MailPostgresTests(TestServers servers) : MailTests
{
    private readonly TestFolder keys = new("support-mail-keys");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("support", Cancel);
        KeyRing.Create(keys.File("support.json"));
        return [.. await base.MoreAsync(), new("ConnectionStrings:Support", database.Application), new("ConnectionStrings:SupportOwner", database.Owner), new("Keys:Support:File", keys.File("support.json"))];
    }

    private protected override ValueTask PrepareAsync() => new(Host.Services.MigrateStoresAsync(TestContext.Current.CancellationToken));
}
