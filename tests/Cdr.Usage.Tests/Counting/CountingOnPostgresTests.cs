using System.Data.Common;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Usage;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Features.FreezeCampaigns;
using Cdr.Usage.Features.RebuildUsage;
using Cdr.Usage.Features.SweepRollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task While_a_rebuild_runs_services_leave_the_journals_to_it_and_a_second_one_forgets_nothing()
    {
        var journal = Guid.CreateVersion7(Facts.Noon);
        Desk.Journals.Write(Facts.Journal(journal, 3));
        await Desk.ReconcileAsync(Cancel);
        Desk.Journals.Write(Facts.Batch(journal, 4, Facts.One()));
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(Desk.Clock).AddKeyedSingleton<IJournalApi>(UsageModule.Name, Desk.Journals)
            .AddSingleton(Desk.Recount).AddSingleton(Desk.Again()).AddSingleton<IDbContextFactory<UsageDb>>(Desk).BuildServiceProvider();
        await using var db = Desk.CreateDbContext();
        await using (await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Recount, Cancel))
        {
            Assert.False(await Desk.CatchUp.RunAsync(journal, 4, Cancel));
            await using var errors = new StringWriter();
            Assert.Equal(3, await RebuildUsage.RunAsync(services, TextWriter.Null, errors, Cancel));
            Assert.Contains("Another rebuild runs", errors.ToString(), StringComparison.Ordinal);
            Assert.Equal(6, await Desk.TotalAsync(Cancel));
        }

        Assert.True(await Desk.CatchUp.RunAsync(journal, 4, Cancel));
        var isHeld = false;
        Desk.Journals.WhileBatchesTravel = async () => isHeld = await Desk.Counter.IsCountedAgainAsync(Cancel);
        Assert.Equal(0, await RebuildUsage.RunAsync(services, TextWriter.Null, TextWriter.Null, Cancel));
        Assert.True(isHeld);
        Assert.Equal(7, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task A_rebuild_that_lost_its_lock_writes_no_more_and_says_so()
    {
        var journal = Guid.CreateVersion7(Facts.Noon);
        Desk.Journals.Write(Facts.Journal(journal, 9));
        await Desk.ReconcileAsync(Cancel);
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(Desk.Clock).AddKeyedSingleton<IJournalApi>(UsageModule.Name, Desk.Journals)
            .AddSingleton(Desk.Recount).AddSingleton(Desk.Again(factsAtOnce: 1)).AddSingleton<IDbContextFactory<UsageDb>>(Desk).BuildServiceProvider();
        var pages = 0;
        Desk.Journals.WhileBatchesTravel = async () =>
        {
            // While the second of three pages is counted.
            if (++pages != 3)
                return;
            await using var db = Desk.CreateDbContext();
            var sql = FormattableString.Invariant(
                $"""SELECT pg_terminate_backend(pid) AS "Value" FROM pg_locks WHERE locktype = 'advisory' AND objid = {UpkeepTurn.Recount} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""");
            Assert.True(await db.Database.SqlQueryRaw<bool>(sql).SingleAsync(Cancel));
            await Deadline.UntilAsync("the lock is gone", TimeSpan.FromSeconds(30), async () => !await Desk.Counter.IsCountedAgainAsync(Cancel), Cancel);
        };
        await using var output = new StringWriter();
        await using var errors = new StringWriter();

        Assert.Equal(3, await RebuildUsage.RunAsync(services, output, errors, Cancel));

        Assert.Contains("The lock of this rebuild is lost", errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Counted again in", output.ToString(), StringComparison.Ordinal);
        Assert.True((await Desk.Counter.PlaceAsync(journal, Cancel)).LastBatch < 9);
        await Desk.ReconcileAsync(Cancel);
        Assert.Equal(45, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task The_lock_of_a_machine_that_vanished_is_given_back_within_a_minute()
    {
        await using var db = Desk.CreateDbContext();
        await using var turn = await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Recount, Cancel);

        var seconds = await db.Database.SqlQueryRaw<int>(
            "SELECT current_setting('tcp_keepalives_idle')::int + current_setting('tcp_keepalives_interval')::int * current_setting('tcp_keepalives_count')::int AS \"Value\"").SingleAsync(Cancel);

        Assert.InRange(seconds, 1, 60);
    }

    // Met in a statement of its own, and in one of Entity Framework, which wraps it.
    [Theory]
    [InlineData("INSERT ON regime_daily")]
    [InlineData("UPDATE ON journals")]
    public async Task A_rebuild_that_deadlocks_with_a_service_more_than_once_goes_on(string statement)
    {
        var journal = Guid.CreateVersion7(Facts.Noon);
        Desk.Journals.Write(Facts.Batches(journal, Facts.Mixed(seed: 51, count: 20, Facts.Noon, hours: 24), each: 20));
        await Desk.ReconcileAsync(Cancel);
        var before = await Desk.RowsAsync(Cancel);
        var (first, heads) = (await Desk.Recount.ForgetAsync(Desk.Journals, Cancel))!.Value;
        await using var db = Desk.CreateDbContext();
        // A sequence counts what is rolled back, too.
        var trigger = $$"""
            CREATE SEQUENCE met;
            CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('met') < 3 THEN RAISE EXCEPTION 'met' USING ERRCODE = '40P01'; END IF; RETURN NULL; END $$;
            CREATE TRIGGER meet BEFORE {{statement}} FOR EACH STATEMENT EXECUTE FUNCTION meet();
            """;
        await db.Database.ExecuteSqlRawAsync(trigger, Cancel);
        try
        {
            Assert.Null(await Desk.Again().RunAsync(first, heads, CountingDesk.Undisturbed, Cancel));

            Assert.Equal(before, await Desk.RowsAsync(Cancel));
            Assert.Equal(3, await db.Database.SqlQueryRaw<long>("SELECT last_value AS \"Value\" FROM met").SingleAsync(Cancel));
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync("DROP FUNCTION meet() CASCADE; DROP SEQUENCE met", CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_month_is_frozen_of_one_moment_though_a_file_comes_between()
    {
        await using var db = Desk.CreateDbContext();
        var campaign = new CampaignRow { Id = Guid.CreateVersion7(Facts.Noon.AddSeconds(5)), Name = "2026", CreatedAt = Facts.Noon };
        db.AddRange(
            campaign, new PhaseRow { Campaign = campaign.Id, Number = 1, Name = "1", Targets = TargetKind.Establishments, BeganOn = new DateOnly(2026, 10, 1), ImportedOn = new DateOnly(2026, 10, 1) },
            Target(campaign.Id, "750100018"), Site(campaign.Id, "750100018"));
        await db.SaveChangesAsync(Cancel);
        await Desk.DeliverAsync(Facts.Batch(Guid.CreateVersion7(Facts.Noon), 1, Facts.One(new DateTimeOffset(2026, 10, 20, 9, 0, 0, TimeSpan.Zero))), Cancel);
        Desk.Meter.Behind(0);
        var between = new Before("FROM campaign_sites", async () =>
        {
            await using var import = Desk.CreateDbContext();
            await using var transaction = await import.Database.BeginTransactionAsync(Cancel);
            await import.Sites.Where(site => site.Campaign == campaign.Id).ExecuteDeleteAsync(Cancel);
            await import.Targets.Where(target => target.Campaign == campaign.Id).ExecuteDeleteAsync(Cancel);
            import.AddRange(Target(campaign.Id, "690000005"), Site(campaign.Id, "690000005"));
            await import.SaveChangesAsync(Cancel);
            await transaction.CommitAsync(Cancel);
        });
        var observed = new CountingDesk(options => options.UseNpgsql(migrated.Owner).AddInterceptors(between));

        await new FreezeCampaigns(observed, Desk.Meter, null!, Options.Create(new UsageOptions()), Desk.Clock, NullLogger<FreezeCampaigns>.Instance).RunOnceAsync(Cancel);

        Assert.True(between.Happened);
        var frozen = Assert.Single(await db.Snapshots.AsNoTracking().Where(snapshot => snapshot.Campaign == campaign.Id).ToListAsync(Cancel));
        Assert.Equal((1, 1), (frozen.Targets, frozen.Equipped));

        static TargetRow Target(Guid campaign, string finess) => new() { Campaign = campaign, Phase = 1, Finess = finess, Name = "", Department = finess[..2] };

        static SiteRow Site(Guid campaign, string finess) => new() { Campaign = campaign, Phase = 1, Finess = finess, Establishment = finess };
    }

    [Fact]
    public async Task Cells_by_the_ten_thousands_are_read_at_once_and_are_the_same_ones()
    {
        // Four of each fact are its own.
        var facts = Enumerable.Range(0, 13_000).Select(n => Facts.One(establishment: $"75{n:0000000}", unit: $"u{n}")).ToArray();
        Desk.Journals.Write(Facts.Batches(Guid.CreateVersion7(Facts.Noon), facts, each: 5_000));
        await Desk.ReconcileAsync(Cancel);
        var before = await Desk.RowsAsync(Cancel);
        Assert.True(before.Count > 50_000);

        Assert.Null(await Desk.RebuildAsync(1_000_000, Cancel));

        Assert.Equal(before, await Desk.RowsAsync(Cancel));
        await using var db = Desk.CreateDbContext();
        Assert.Equal(await db.Cells.CountAsync(Cancel), await db.Cells.MaxAsync(cell => cell.Id, Cancel) - await db.Cells.MinAsync(cell => cell.Id, Cancel) + 1);
    }

    /// <summary>Something that happens once, before a statement that has these words.</summary>
    private sealed class Before(string words, Func<Task> something) : DbCommandInterceptor
    {
        public bool Happened { get; private set; }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (!Happened && command.CommandText.Contains(words, StringComparison.Ordinal))
            {
                Happened = true;
                await something();
            }

            return result;
        }
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
