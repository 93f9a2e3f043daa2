using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Where an answer and its « asked » record would leave in one commit, the answer's says who learnt.</summary>
public sealed class CarriedTests : IAsyncLifetime
{
    private readonly HeldStore store = new();
    private RightsWorld world = null!;

    private JournalWriter Writer => world.Host.Services.GetRequiredService<JournalWriter>();

    public async ValueTask InitializeAsync() =>
        world = await RightsWorld.StartAsync(new WorldSetup { Services = services => services.Replace(ServiceDescriptor.Singleton<IJournalStore>(store)) });

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData("cnam", "cnam:0:34", false)]
    [InlineData("cnam;msa", "msa:1:12;cnam:0:34", false)]
    [InlineData("cnam", "cnam:0:0", true)]
    [InlineData("cnam;directory", "cnam:0:34", true)]
    [InlineData("cnam", "", true)]
    public async Task An_asked_record_is_written_unless_its_answer_says_that_all_of_it_were_called(string asked, string answered, bool isWritten)
    {
        var id = Records.NewId();
        await store.HoldAsync(Writer);

        var told = Writer.AppendAsync(() => Record(RecordKind.Asked, id, asked));
        var answer = Writer.AppendAsync(Record(RecordKind.Answered, id, answered));
        store.Release();
        await Task.WhenAll(told, answer);

        Assert.Equal(isWritten ? [RecordKind.Asked, RecordKind.Answered] : [RecordKind.Answered], store.Kinds(id));
    }

    [Fact]
    public async Task That_of_another_question_is_written()
    {
        var (id, other) = (Records.NewId(), Records.NewId());
        await store.HoldAsync(Writer);

        var told = Writer.AppendAsync(() => Record(RecordKind.Asked, id, "cnam"));
        var answer = Writer.AppendAsync(Record(RecordKind.Answered, other, "cnam:0:34"));
        store.Release();
        await Task.WhenAll(told, answer);

        Assert.Equal([RecordKind.Asked], store.Kinds(id));
    }

    [Theory]
    [InlineData("session-2", 2)]
    [InlineData("session-1", 3)]
    public async Task That_of_an_earlier_question_under_the_same_id_is_written(string session, byte request)
    {
        var id = Records.NewId();
        await store.HoldAsync(Writer);

        var told = Writer.AppendAsync(() => Record(RecordKind.Asked, id, "cnam", session, request));
        var answer = Writer.AppendAsync(Record(RecordKind.Answered, id, "cnam:0:34"));
        store.Release();
        await Task.WhenAll(told, answer);

        Assert.Equal([RecordKind.Asked, RecordKind.Answered], store.Kinds(id));
    }

    [Fact]
    public async Task What_is_refused_with_its_answer_can_be_written_later()
    {
        var id = Records.NewId();
        await store.HoldAsync(Writer);
        var told = Writer.AppendAsync(() => Record(RecordKind.Asked, id, "cnam"));
        var answer = Writer.AppendAsync(Record(RecordKind.Answered, id, "cnam:0:34"));
        store.Refuse = new TimeoutException();

        store.Release();

        await Assert.ThrowsAsync<JournalUnavailableException>(() => answer);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => told);
    }

    [Fact]
    public async Task An_answer_that_another_process_wrote_carries_nothing()
    {
        var id = Records.NewId();
        await using (var db = world.Host.Journal())
        {
            var there = Record(RecordKind.Answered, id, "msa:0:12");
            (there.Journal, there.Hash) = (Writer.Journal, new byte[32]);
            db.Records.Add(there);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await store.HoldAsync(Writer);
        var told = Writer.AppendAsync(() => Record(RecordKind.Asked, id, "cnam"));
        var answer = Writer.AppendAsync(Record(RecordKind.Answered, id, "cnam:0:34"));
        store.Refuse = new RecordExistsException();

        store.Release();

        await Assert.ThrowsAsync<RecordExistsException>(() => answer);
        await told;
        Assert.Equal([RecordKind.Asked], store.Kinds(id));
    }

    private static JournalRecord Record(RecordKind kind, Guid consultation, string regimes, string session = "session-1", byte request = 2) => new()
    {
        Id = kind == RecordKind.Answered ? consultation : Records.NewId(),
        Consultation = consultation,
        Kind = kind,
        At = TimeProvider.System.GetUtcNow(),
        Subject = "person-1",
        Session = session,
        Role = "clerk",
        Establishment = "750712184",
        Group = "",
        Department = "75",
        Unit = "ADM",
        Function = "reception",
        Reason = "emergency",
        CareDate = new DateOnly(2026, 3, 2),
        Regime = "cnam",
        Regimes = regimes,
        Pseudonym = [1],
        Request = [request],
        RulesVersion = "test",
        TraceId = "",
    };

    /// <summary>Remembers what it is given; holds a commit until it is released, and refuses the next one where told to.</summary>
    private sealed class HeldStore : IJournalStore
    {
        private readonly List<JournalRecord> written = [];
        private TaskCompletionSource held = new();
        private TaskCompletionSource holds = new();
        private volatile bool isHolding;

        public Exception? Refuse { get; set; }

        public IEnumerable<RecordKind> Kinds(Guid consultation)
        {
            lock (written)
                return [.. written.Where(record => record.Consultation == consultation).Select(record => record.Kind)];
        }

        /// <summary>From here on what is appended waits for <see cref="Release"/>.</summary>
        public async Task HoldAsync(JournalWriter writer)
        {
            (held, holds, isHolding) = (new(), new(), true);
            _ = writer.AppendAsync(Record(RecordKind.Answered, Records.NewId(), ""));
            await holds.Task;
        }

        public void Release()
        {
            isHolding = false;
            held.SetResult();
        }

        public async Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken)
        {
            if (isHolding)
            {
                holds.TrySetResult();
                await held.Task;
            }
            else if (Refuse is { } refusal)
            {
                Refuse = null;
                throw refusal;
            }

            lock (written)
                written.AddRange(records);
        }
    }
}
