using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Counting;

public sealed class CountingOnSqliteTests : CountingRules
{
    private readonly SqliteFile file = new();

    public override ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override async ValueTask<CountingDesk> OpenAsync() => await file.OpenAsync();
}
