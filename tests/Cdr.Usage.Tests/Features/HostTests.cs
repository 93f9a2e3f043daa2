using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Testing.Identity;
using Cdr.Usage.Counting;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Refit;

namespace Cdr.Usage.Tests.Features;

/// <summary>Tests against the real program; its clock stands at 2026-11-20, 09:00 in Paris.</summary>
/// <param name="shared">Where a class needs no host of its own a test: a fixture of the class, whose counts are emptied before each.</param>
/// <param name="own">Of this test alone, where it is no embedded one.</param>
public abstract class HostTests(SharedHost? shared = null, SharedHost? own = null) : IAsyncLifetime
{
    private readonly SharedHost desk = shared ?? own ?? new SharedHost();

    protected FakeTimeProvider Clock => desk.Clock;

    private protected TestTokens Sessions => desk.Sessions;

    private protected RightsDouble Rights => desk.Rights;

    private protected UsageHost Host => desk.Host;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (shared is null)
        {
            await desk.InitializeAsync();
            return;
        }

        await using var scope = Host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<UsageDb>().EmptyAsync(withCells: false);
    }

    public async ValueTask DisposeAsync()
    {
        if (shared is null)
            await desk.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task CountAsync(params ConsultationFact[] facts)
    {
        var journal = Guid.CreateVersion7(Clock.GetUtcNow());
        using var scope = Host.Services.CreateScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<JournalCounter>().TryCountAsync(journal, new JournalPlace(0, 0, 0), [Facts.Batch(journal, 1, facts)], Cancel));
    }

    private protected string Token(string role, string? finess = null, string? group = null, string kind = SubjectKinds.Person) =>
        Sessions.Mint(new TestCaller { Role = role, Finess = finess, Group = group, Kind = kind });

    private protected IUsageApi Api(string token) => RestService.ForGenerated<IUsageApi>(Host.ClientOf(token), new RefitSettings());
}
