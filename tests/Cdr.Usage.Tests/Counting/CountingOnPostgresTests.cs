using Cdr.Contracts.Usage;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Features.FreezeCampaigns;
using Cdr.Usage.Features.SweepRollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Tests.Counting;

public sealed class CountingOnPostgresTests(CountingOnPostgresTests.Migrated migrated) : CountingRules, IClassFixture<CountingOnPostgresTests.Migrated>
{
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override async ValueTask<CountingDesk> OpenAsync()
    {
        var desk = new CountingDesk(options => options.UseNpgsql(migrated.Owner));
        await using var db = desk.CreateDbContext();
        await db.EmptyAsync(withCells: true);
        return desk;
    }

    [Theory]
    [InlineData(UpkeepTurn.Sweep)]
    [InlineData(UpkeepTurn.Freeze)]
    public async Task One_replica_at_a_time_sweeps_and_freezes(int work)
    {
        await using var one = Desk.CreateDbContext();
        await using var other = Desk.CreateDbContext();
        await using (var turn = await UpkeepTurn.TryTakeAsync(one, work, Cancel))
        {
            Assert.NotNull(turn);
            await using var second = await UpkeepTurn.TryTakeAsync(other, work, Cancel);
            Assert.Null(second);
        }

        await using var after = await UpkeepTurn.TryTakeAsync(other, work, Cancel);
        Assert.NotNull(after);
    }

    [Fact]
    public async Task Nothing_is_swept_while_another_replica_does()
    {
        await Desk.DeliverAsync(Facts.Batch(Guid.CreateVersion7(Facts.Noon), 1, Facts.One()), Cancel);
        Desk.Clock.Advance(TimeSpan.FromDays(500));
        var sweep = new SweepRollups(Desk, null!, Options.Create(new UsageOptions()), Desk.Clock, NullLogger<SweepRollups>.Instance);
        await using var db = Desk.CreateDbContext();
        await using (await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Sweep, Cancel))
            Assert.Equal(0, await sweep.RunOnceAsync(Cancel));

        Assert.NotEqual(0, await sweep.RunOnceAsync(Cancel));
    }

    [Fact]
    public async Task Nothing_is_frozen_while_another_replica_does()
    {
        await using var db = Desk.CreateDbContext();
        var campaign = new CampaignRow { Id = Guid.CreateVersion7(Facts.Noon), Name = "2026", CreatedAt = Facts.Noon };
        var phase = new PhaseRow { Campaign = campaign.Id, Number = 1, Name = "1", Targets = TargetKind.Establishments, BeganOn = new DateOnly(2026, 9, 1), ImportedOn = new DateOnly(2026, 9, 1) };
        db.AddRange(campaign, phase, new TargetRow { Campaign = campaign.Id, Phase = 1, Finess = "750100018", Name = "GHU", Department = "75" });
        await db.SaveChangesAsync(Cancel);
        var freeze = new FreezeCampaigns(Desk, Desk.Meter, null!, Options.Create(new UsageOptions()), Desk.Clock, NullLogger<FreezeCampaigns>.Instance);
        // Nor while answers wait to be counted, or nobody knows.
        Assert.Equal(0, await freeze.RunOnceAsync(Cancel));
        Desk.Meter.Behind(3);
        Assert.Equal(0, await freeze.RunOnceAsync(Cancel));
        Desk.Meter.Behind(0);
        Desk.Meter.NotCompared();
        Assert.Equal(0, await freeze.RunOnceAsync(Cancel));
        Desk.Meter.Behind(0);
        await using (await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Freeze, Cancel))
            Assert.Equal(0, await freeze.RunOnceAsync(Cancel));

        Assert.NotEqual(0, await freeze.RunOnceAsync(Cancel));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>One database for all of them: its parts take seconds to make.</summary>
    public sealed class Migrated(TestServers servers) : IAsyncLifetime
    {
        private PostgresServer? server;
        private TestDatabase? database;

        internal string Owner => database!.Owner;

        public async ValueTask InitializeAsync()
        {
            server = await servers.PostgresAsync();
            database = await server.CreateDatabaseAsync("usage", TestContext.Current.CancellationToken);
            await using var db = new UsageDb(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(database.Owner).Options);
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            if (database is not null)
                await server!.DropDatabaseAsync(database);
        }
    }
}
