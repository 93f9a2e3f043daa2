using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Testing.Identity;
using Cdr.Usage.Counting;
using Cdr.Usage.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Refit;

namespace Cdr.Usage.Tests.Features;

/// <summary>Tests against the real program; its clock stands at 2026-11-20, 09:00 in Paris.</summary>
public abstract class HostTests : IAsyncLifetime
{
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));

    private protected TestTokens Sessions { get; private set; } = null!;

    private protected RightsDouble Rights { get; private set; } = null!;

    private protected UsageHost Host { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Sessions = await TestTokens.StartAsync(Clock, Cancel);
        Rights = await RightsDouble.StartAsync();
        Host = new UsageHost(Clock, [.. Sessions.Settings, new("Services:Rights", Rights.Address)]);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Rights.DisposeAsync();
        await Sessions.DisposeAsync();
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
