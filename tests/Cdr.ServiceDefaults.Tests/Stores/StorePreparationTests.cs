using Cdr.ServiceDefaults.Stores;
using Cdr.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.ServiceDefaults.Tests.Stores;

public sealed class StorePreparationTests : IDisposable
{
    private readonly TestFolder folder = new("stores");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 18, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Fact]
    public async Task A_file_of_the_same_model_is_kept()
    {
        await WriteAsync<Yesterday>();

        await using var db = await OpenAsync<Yesterday>();

        Assert.Equal(1, await db.Set<Note>().CountAsync(Cancel));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.aside"));
    }

    [Fact]
    public async Task A_file_of_another_model_is_set_aside_whole_and_a_new_one_begins()
    {
        await WriteAsync<Yesterday>();

        await using var db = await OpenAsync<Today>();

        Assert.Equal(0, await db.Set<Note>().CountAsync(Cancel));
        Assert.Equal(0, await db.Set<Sketch>().CountAsync(Cancel));
        var aside = Assert.Single(Directory.GetFiles(folder.Path, "*.aside"));
        Assert.Equal(folder.File("notes.db.20261123180000.aside"), aside);
        await using var old = new SqliteConnection($"Data Source={aside}");
        await old.OpenAsync(Cancel);
        await using var count = old.CreateCommand();
        count.CommandText = "SELECT count(*) FROM Note";
        Assert.Equal(1L, await count.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task Two_files_set_aside_in_one_second_are_both_kept()
    {
        await WriteAsync<Yesterday>();
        await WriteAsync<Today>();

        await WriteAsync<Yesterday>();

        Assert.Equal(2, Directory.GetFiles(folder.Path, "*.aside").Length);
    }

    [Fact]
    public async Task A_file_that_is_no_database_of_ours_is_set_aside_too()
    {
        await using (var stranger = new SqliteConnection($"Data Source={folder.File("notes.db")};Pooling=False"))
        {
            await stranger.OpenAsync(Cancel);
            await using var make = stranger.CreateCommand();
            make.CommandText = "CREATE TABLE stranger (x)";
            await make.ExecuteNonQueryAsync(Cancel);
        }

        await using var db = await OpenAsync<Today>();

        Assert.Equal(0, await db.Set<Sketch>().CountAsync(Cancel));
        Assert.Single(Directory.GetFiles(folder.Path, "*.aside"));
    }

    [Fact]
    public async Task Instants_of_any_offset_read_back_equal_in_utc_and_in_order()
    {
        await using var db = await OpenAsync<Today>();
        var early = new DateTimeOffset(2026, 11, 23, 19, 0, 0, 123, 456, TimeSpan.FromHours(2));
        db.AddRange(new Note { At = early.AddMinutes(1) }, new Note { At = early });
        await db.SaveChangesAsync(Cancel);
        db.ChangeTracker.Clear();

        var read = await db.Set<Note>().Where(note => note.At >= early).OrderBy(note => note.At).Select(note => note.At).ToListAsync(Cancel);

        Assert.Equal([early, early.AddMinutes(1)], read);
        Assert.All(read, at => Assert.Equal(TimeSpan.Zero, at.Offset));
    }

    private async Task WriteAsync<TContext>()
        where TContext : StoreContext
    {
        await using var db = await OpenAsync<TContext>();
        db.Add(new Note { At = clock.GetUtcNow() });
        await db.SaveChangesAsync(Cancel);
    }

    private async Task<TContext> OpenAsync<TContext>()
        where TContext : StoreContext
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Data:Folder"] = folder.Path;
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddStore<TContext>("Notes");
        var services = builder.Services.BuildServiceProvider();
        await services.PrepareEmbeddedStoresAsync();
        return await services.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContextAsync(Cancel);
    }

    private sealed class Note
    {
        public int Id { get; init; }

        public required DateTimeOffset At { get; init; }
    }

    private sealed class Sketch
    {
        public int Id { get; init; }
    }

    private sealed class Yesterday(DbContextOptions<Yesterday> options) : StoreContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Note>();
    }

    private sealed class Today(DbContextOptions<Today> options) : StoreContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<Note>();
            modelBuilder.Entity<Sketch>();
        }
    }
}
