using Cdr.Contracts.Rights;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Usage.Counting;
using Cdr.Usage.Features.RebuildUsage;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Usage.Tests.Replay;

/// <summary>The verb <c>usage rebuild</c>, on PostgreSQL as the application's role.</summary>
public sealed class RebuildCommandTests(TestServers servers)
{
    private static readonly Guid Journal = Guid.CreateVersion7(Facts.Noon);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_counts_again_what_the_journal_holds_and_the_export_is_the_same_byte_for_byte()
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var rights = await RightsDouble.StartAsync();
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("usage", Cancel);
        var now = TimeProvider.System.GetUtcNow();
        // From now back over two months: no day, hour or minute of the last ones falls out of what is kept while this runs.
        var batches = Facts.Batches(Journal, Facts.Mixed(seed: 21, count: 400, now.AddHours(-1), hours: 24 * 55), each: 30);
        rights.Journals.Write(batches);
        using var folder = new TestFolder("usage-rebuild");
        KeyValuePair<string, string?>[] settings =
        [
            .. sessions.Settings, new("Services:Rights", rights.Address), new("ConnectionStrings:Usage", database.Application), new("ConnectionStrings:UsageOwner", database.Owner), new("Data:Folder", folder.Path),
        ];
        await using var migration = new ServiceProcess(Repository.Program("services/usage", "Cdr.Usage"), folder.File("migrate.log"), settings);
        await migration.RunAsync("migrate", Cancel);
        await using var command = new ServiceProcess(Repository.Program("services/usage", "Cdr.Usage"), folder.File("rebuild.log"), settings);

        await command.RunAsync("usage rebuild", Cancel);
        var first = await ExportAsync(database.Owner);
        Assert.True(first.All(csv => csv.Length > 1000));
        await DamageAsync(database.Owner);
        var damaged = await ExportAsync(database.Owner);
        Assert.NotEqual(first, damaged);
        await command.RunAsync("usage rebuild --dry-run", Cancel);
        Assert.Equal(damaged, await ExportAsync(database.Owner));
        Assert.Contains("Would forget what is from ", await File.ReadAllTextAsync(folder.File("rebuild.log"), Cancel), StringComparison.Ordinal);

        await command.RunAsync("usage rebuild", Cancel);

        Assert.Equal(first, await ExportAsync(database.Owner));
        Assert.Contains("Counted again in", await File.ReadAllTextAsync(folder.File("rebuild.log"), Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_so_when_the_journals_do_not_answer_and_forgets_nothing()
    {
        using var file = new SqliteFile();
        var desk = await file.OpenAsync();
        desk.Journals.Write(Facts.Journal(Journal, 3));
        await desk.ReconcileAsync(Cancel);
        desk.Journals.Silent = true;
        await using var services = Services(desk);
        await using var errors = new StringWriter();

        Assert.Equal(3, await RebuildUsage.RunAsync(services, TextWriter.Null, errors, Cancel));

        Assert.Contains("do not answer", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(6, await desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task It_is_not_well_when_the_journals_do_not_hand_out_what_they_say_they_have()
    {
        using var file = new SqliteFile();
        var desk = await file.OpenAsync();
        desk.Journals.Write(Facts.Journal(Journal, 3));
        desk.Journals.WhileHeadsTravel = () =>
        {
            desk.Journals.Forget(Journal, 3);
            return Task.CompletedTask;
        };
        await using var services = Services(desk);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();

        Assert.Equal(3, await RebuildUsage.RunAsync(services, output, errors, Cancel));

        Assert.Contains("do not hand out", errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Counted again in", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_interrupted_is_ended_before_another_forgets_what_was_purged_since()
    {
        using var file = new SqliteFile();
        var desk = await file.OpenAsync();
        var other = Guid.CreateVersion7(Facts.Noon.AddSeconds(1));
        var december = new DateTimeOffset(2025, 12, 10, 9, 0, 0, TimeSpan.Zero);
        desk.Journals.Write([.. Facts.Batches(Journal, [Facts.One(december), Facts.One(december), Facts.One()], each: 2), .. Facts.Batches(other, [Facts.One(december.AddDays(25)), Facts.One()], each: 1)]);
        await desk.ReconcileAsync(Cancel);
        var months = await desk.CsvAsync(Grain.Month, Cancel);
        // Killed when one journal was counted again; five weeks later its first batch is purged.
        await desk.Recount.ForgetAsync(desk.Journals, Cancel);
        await desk.CatchUp.RunAsync(Journal, 2, Cancel);
        desk.Journals.Forget(Journal, 1);
        desk.Journals.KeptSince = new DateTimeOffset(2025, 12, 15, 9, 0, 0, TimeSpan.Zero);
        await using var services = Services(desk);
        await using var output = new StringWriter();

        Assert.Equal(0, await RebuildUsage.RunAsync(services, output, TextWriter.Null, Cancel));

        Assert.Equal(months, await desk.CsvAsync(Grain.Month, Cancel));
        Assert.Contains("It is ended first", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Months before 2026-01 stay", output.ToString(), StringComparison.Ordinal);
    }

    private static ServiceProvider Services(CountingDesk desk) => new ServiceCollection().AddSingleton<TimeProvider>(desk.Clock)
        .AddKeyedSingleton<IJournalApi>(UsageModule.Name, desk.Journals).AddSingleton(desk.Recount).AddSingleton(desk.Again()).AddSingleton<IDbContextFactory<UsageDb>>(desk).BuildServiceProvider();

    private static async Task<string[]> ExportAsync(string connection)
    {
        await using var db = Open(connection);
        List<string> all = [];
        foreach (var grain in (Grain[])[Grain.Hour, Grain.Day, Grain.Month])
        {
            using var bytes = new MemoryStream();
            await UsageCsv.WriteAsync(bytes, RollupReading.ReadAsync(db, new Selection(grain, 0, int.MaxValue, Dimensions.All, ByPeriod: true, [], WithLatency: true), Cancel), grain, Cancel);
            all.Add(Convert.ToBase64String(bytes.ToArray()));
        }

        return [.. all, string.Join('\n', await new CountingDesk(options => options.UseNpgsql(connection)).RowsAsync(Cancel))];
    }

    private static async Task DamageAsync(string connection)
    {
        await using var db = Open(connection);
        await db.Database.ExecuteSqlRawAsync("DELETE FROM usage_day WHERE period % 3 = 0; UPDATE usage_month SET consultations = consultations + 1; DELETE FROM sums_day; UPDATE sums_month SET consultations = consultations + 1; UPDATE sums_hour SET milliseconds = 0", Cancel);
    }

    private static UsageDb Open(string connection) => new(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(connection).Options);
}
