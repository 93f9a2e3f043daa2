using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Journal.Verification;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Bench.Figures;

/// <summary>
/// The journal as evidence, on a PostgreSQL of its own: a proof at two million records, the verification of all of them, and what a write
/// and a look-up cost at one million rows and at ten, in turns: between the two a machine has other minutes. <c>--quick</c> has a tenth of each.
/// </summary>
internal static class JournalEvidence
{
    private const int InABatch = 200;
    private const int Looks = 400;
    private const int CostRounds = 9;

    private static readonly (string What, Func<JournalBench, Task<double>> P95)[] Costs =
    [
        ("Write of 4 records", bench => bench.WritesAsync(200, 4)),
        ("Write of 50 records", bench => bench.WritesAsync(100, 50)),
        ("Look-up by id", bench => bench.LookUpsByIdAsync()),
        ("Look-up by person", bench => bench.LookUpsByPersonAsync()),
    ];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlan plan)
    {
        var million = plan.IsQuick ? 100_000 : 1_000_000;
        await using var postgres = new PostgresServer();
        await postgres.StartAsync();
        await using var few = await JournalBench.StartAsync(postgres);
        await using var many = await JournalBench.StartAsync(postgres);
        List<FigureRow> rows = [];

        await many.FillAsync(2 * million);
        rows.AddRange(await many.ProofAsync(Looks));
        rows.AddRange(await many.VerifyAsync(2 * million));
        // Ten times the rows take minutes to make: what is measured so far is said.
        Table.Print(rows);
        await many.PadAsync(10 * million);
        await few.FillAsync(million);
        await many.SettleAsync();
        await few.SettleAsync();
        foreach (var (what, of) in Costs)
        {
            var (before, after) = (new Rounds(), new Rounds());
            // What is read and compiled first counts for nobody.
            await of(few);
            await of(many);
            for (var round = 0; round < CostRounds; round++)
            {
                before.Add(await of(few));
                after.Add(await of(many));
            }

            rows.Add(new FigureRow($"{what}, p95 at {million:N0} rows", before.Text("0.00", " ms")));
            rows.Add(new FigureRow($"  at {10 * million:N0}", after.Text("0.00", " ms")));
            rows.Add(new FigureRow("  over", after.Over(before).Text("0.00"), Goal.AtMost(after.Over(before).Median, 1.2)));
        }

        return rows;
    }

    private sealed class JournalBench : IAsyncDisposable
    {
        private static readonly DateTimeOffset Start = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
        private readonly TestFolder folder = new("bench-journal");
        private readonly Guid[] chains = [Guid.CreateVersion7(Start), Guid.CreateVersion7(Start)];
        private readonly byte[][] heads = [new byte[32], new byte[32]];
        private readonly List<Guid> some = [];
        private TestDatabase database = null!;
        private NpgsqlDataSource source = null!;
        private PostgresJournalStore store = null!;
        private PostgresJournalStore filling = null!;
        private NpgsqlDataSource fillingSource = null!;
        private KeyRing keys = null!;
        private BatchSigner signer = null!;
        private long written;
        private int batches;

        public static async Task<JournalBench> StartAsync(PostgresServer postgres)
        {
            var bench = new JournalBench { database = await postgres.CreateDatabaseAsync("journal") };
            await using (var db = Open(bench.database.Owner))
            {
                await db.Database.MigrateAsync();
                foreach (var chain in bench.chains)
                    db.Writers.Add(new JournalWriterRow { Journal = chain, Started = Start, Host = "bench" });
                await db.SaveChangesAsync();
            }

            bench.source = PostgresJournalStore.Database(bench.database.Owner);
            bench.store = new PostgresJournalStore(bench.source);
            bench.fillingSource = PostgresJournalStore.Database(bench.database.Owner + ";Options=-c synchronous_commit=off");
            bench.filling = new PostgresJournalStore(bench.fillingSource);
            bench.keys = KeyRing.Load(bench.folder.File("keys.json"), createMissing: true);
            bench.signer = new BatchSigner(bench.keys);
            return bench;
        }

        /// <summary>As the service writes, without waiting for the disk, its look-up indexes made afterwards.</summary>
        public async Task FillAsync(long until)
        {
            var indexes = await DropIndexesAsync();
            while (written < until)
                await CommitAsync(filling, InABatch);
            await MakeIndexesAsync(indexes);
        }

        /// <summary>Rows that are only there: nobody signed them.</summary>
        public async Task PadAsync(long until)
        {
            var indexes = await DropIndexesAsync();
            await ExecuteAsync($"""
                INSERT INTO records SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint % 100000 + {Start.AddDays(20).ToUnixTimeMilliseconds()} + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || 'a' || substr(md5(n::text), 4, 15))::uuid,
                    "Consultation", "Kind", "Journal", "Batch" + 100000000, "Position", "At", 'person-' || n % 5000, "Session", "Role", "Establishment", "Group", "Department", "Unit", "Function", "Reason", "CareDate",
                    "Outcome", "Regime", "Source", "Milliseconds", "Regimes", "PseudonymKey", sha256(n::text::bytea), NULL, "Request", "RulesVersion", "TraceId", "Payload", "Hash", "PayloadHash"
                FROM generate_series(1, {until - written}) n, (SELECT * FROM records LIMIT 1) one
                """);
            written = until;
            await MakeIndexesAsync(indexes);
        }

        /// <summary>Rows were just written, and the store still writes them out: that is the filling, and none of what is measured.</summary>
        public async Task SettleAsync()
        {
            await ExecuteAsync("VACUUM (ANALYZE) records");
            await ExecuteAsync("CHECKPOINT");
        }

        public Task<double> WritesAsync(int times, int records) => P95Async(times, _ => CommitAsync(store, records));

        public async Task<double> LookUpsByIdAsync()
        {
            await using var db = Open(database.Owner);
            return await P95Async(Looks, _ =>
            {
                // A call inside the question is compiled each time, which took most of it.
                var id = Any();
                return db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id);
            });
        }

        public async Task<double> LookUpsByPersonAsync()
        {
            await using var db = Open(database.Owner);
            return await P95Async(Looks, _ => PersonAsync(db));
        }

        public async Task<IReadOnlyList<FigureRow>> ProofAsync(int proofs)
        {
            await using var db = Open(database.Owner);
            await Checkpoint.MakeAsync(db, signer, Start.AddDays(19), all: true, _ => { }, default);
            await SettleAsync();
            var (size, times) = (0, new double[proofs]);
            for (var n = -20; n < proofs; n++)
            {
                var began = Stopwatch.GetTimestamp();
                await using var own = Open(database.Owner);
                var json = JsonSerializer.SerializeToUtf8Bytes(await ProofMaking.MakeAsync(own, Any(), default), EvidenceFiles.Default.InclusionProof);
                if (n >= 0)
                    times[n] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                size = Math.Max(size, json.Length);
            }

            return
            [
                new($"Inclusion proof at {written:N0} records, largest of {proofs}", string.Create(CultureInfo.InvariantCulture, $"{size} bytes"), Goal.AtMost(size, 4096, " bytes")),
                new("  made in: p50 – p99", string.Create(CultureInfo.InvariantCulture, $"{OpenLoop.Quantile(times, 0.5):0.0} – {OpenLoop.Quantile(times, 0.99):0.0} ms"), Goal.AtMost(OpenLoop.Quantile(times, 0.99), 20, " ms", "p99 ")),
            ];
        }

        public async Task<IReadOnlyList<FigureRow>> VerifyAsync(long expected)
        {
            var speed = new Rounds();
            await using var reading = PostgresSource.Database(database.Owner);
            for (var round = 0; round < 3; round++)
            {
                var began = Stopwatch.GetTimestamp();
                await using var stored = await PostgresSource.OpenAsync(Open(database.Owner), reading, default);
                var report = await new JournalVerifier(stored, VerificationKeys.Of(keys)).VerifyAsync([], default);
                if (!report.IsWhole || report.Records < expected)
                    throw new InvalidOperationException($"The bench's own journal does not verify: {report.Records} records, {string.Join(", ", report.Findings.Take(1))}");
                speed.Add(report.Records / Stopwatch.GetElapsedTime(began).TotalSeconds);
            }

            return [new($"Verification of {expected:N0} records", speed.Text("#,0", "/s"), Goal.AtLeast(speed.Median, 300_000, "/s"))];
        }

        public async ValueTask DisposeAsync()
        {
            signer?.Dispose();
            if (source is not null)
                await source.DisposeAsync();
            if (fillingSource is not null)
                await fillingSource.DisposeAsync();
            folder.Dispose();
        }

        private Guid Any() => some[RandomNumberGenerator.GetInt32(some.Count)];

        private static async Task PersonAsync(RightsDb db)
        {
            var pseudonym = SHA256.HashData(BitConverter.GetBytes(RandomNumberGenerator.GetInt32(100_000)));
            await db.Records.AsNoTracking().Where(r => r.Pseudonym == pseudonym).Select(r => r.Id).ToListAsync();
        }

        private async Task CommitAsync(PostgresJournalStore into, int count)
        {
            var chain = batches % chains.Length;
            var records = new JournalRecord[count];
            for (var position = 0; position < count; position++)
            {
                records[position] = Record(Start.AddMilliseconds(written++ / 2));
                (records[position].Journal, records[position].Batch, records[position].Position) = (chains[chain], batches / chains.Length + 1, position);
            }

            if (some.Count < 100_000)
                some.Add(records[count / 2].Id);
            var batch = signer.Sign(chains[chain], batches / chains.Length + 1, [.. records.Select(r => r.Id)], Start.AddMilliseconds(written), heads[chain], RecordHash.Root([.. records.Select(r => r.Hash)]));
            await into.CommitAsync(batch, records, default);
            heads[chain] = batch.Hash;
            batches++;
        }

        /// <summary>Half of them answers, with as many bytes as a prepared one has.</summary>
        private static JournalRecord Record(DateTimeOffset at)
        {
            var (id, isAnswer) = (Guid.CreateVersion7(at), RandomNumberGenerator.GetInt32(2) == 0);
            var payload = isAnswer ? RandomNumberGenerator.GetBytes(700) : null;
            var record = new JournalRecord
            {
                Id = id, Consultation = id, Kind = isAnswer ? RecordKind.Answered : RecordKind.Asked, At = at, Subject = "person-" + RandomNumberGenerator.GetInt32(5000), Session = id.ToString(), Role = "clerk",
                Establishment = "750712184", Group = "ght-75-1", Department = "75", Unit = "ADM", Function = "reception", Reason = "emergency", CareDate = new DateOnly(2026, 12, 1), Outcome = isAnswer ? (short)0 : null,
                Regime = "cnam", Source = isAnswer ? (short)1 : null, Milliseconds = 34, Regimes = "cnam:0:34", PseudonymKey = 1, Pseudonym = SHA256.HashData(BitConverter.GetBytes(RandomNumberGenerator.GetInt32(100_000))),
                Request = RandomNumberGenerator.GetBytes(32), RulesVersion = "2026-1", TraceId = "0af7651916cd43dd8448eb211c80319c", Payload = payload, PayloadHash = payload is null ? null : SHA256.HashData(payload),
            };
            record.Hash = RecordHash.Of(record);
            return record;
        }

        private static async Task<double> P95Async(int times, Func<int, Task> work)
        {
            var milliseconds = new double[times];
            for (var n = 0; n < times; n++)
            {
                var began = Stopwatch.GetTimestamp();
                await work(n);
                milliseconds[n] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }

            return OpenLoop.Quantile(milliseconds, 0.95);
        }

        private async Task<List<string>> DropIndexesAsync()
        {
            await using var db = Open(database.Owner);
            var made = await db.Database.SqlQueryRaw<string>("SELECT indexdef AS \"Value\" FROM pg_indexes WHERE tablename = 'records' AND indexname LIKE 'IX%'").ToListAsync();
            foreach (var name in await db.Database.SqlQueryRaw<string>("SELECT indexname::text AS \"Value\" FROM pg_indexes WHERE tablename = 'records' AND indexname LIKE 'IX%'").ToListAsync())
                await ExecuteAsync($"DROP INDEX \"{name}\"");
            return made;
        }

        private async Task MakeIndexesAsync(List<string> indexes)
        {
            foreach (var index in indexes)
                await ExecuteAsync("SET maintenance_work_mem = '1GB'; " + index.Replace(" ON ONLY ", " ON ", StringComparison.Ordinal));
        }

        private async Task ExecuteAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(database.Administrator);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }

        private static RightsDb Open(string connection) => new(new DbContextOptionsBuilder<RightsDb>().UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("migrations", "public").CommandTimeout(600)).Options);
    }
}
