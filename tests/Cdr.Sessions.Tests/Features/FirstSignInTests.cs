using Cdr.Sessions.Data;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

public sealed class FirstSignInTests(PrintedCards cards)
{
    // Its employer, written on it, is enough to act for.
    private const string Card = "cpe-admissions-nord";

    [Fact]
    public async Task Somebody_never_met_before_signs_in_twice_at_the_same_moment()
    {
        using var meeting = new Meeting();
        using var host = new SessionsHost(cards, null, services =>
            services.ConfigureDbContext<SessionsDb>(options => options.AddInterceptors(meeting)));
        await host.InStoreAsync(db => db.Habilitations.ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        await host.InStoreAsync(db => db.People.ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        meeting.Expected = true;

        var both = await Task.WhenAll(new TestAgent(host).OpenAsync(Card), new TestAgent(host) { OsSession = "os-session-2" }.OpenAsync(Card));

        Assert.Equal(2, meeting.Met);
        Assert.All(both, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, await host.InStoreAsync(db => db.People.CountAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Holds the first who adds a person until a second does.</summary>
    private sealed class Meeting : SaveChangesInterceptor, IDisposable
    {
        private readonly TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int met;

        /// <summary>False while the directory is imported.</summary>
        public bool Expected { get; set; }

        public int Met => Volatile.Read(ref met);

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (Expected && eventData.Context!.ChangeTracker.Entries<Person>().Any(entry => entry.State == EntityState.Added))
            {
                if (Interlocked.Increment(ref met) == 2)
                    second.SetResult();
                await second.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
            }

            return result;
        }

        public void Dispose() => second.TrySetCanceled();
    }
}
