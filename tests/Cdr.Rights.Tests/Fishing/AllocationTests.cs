using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Fishing;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Fishing;

/// <summary>The guard is in the way of each question, of those above all that are answered from what is kept: they come by the thousand, and it makes nothing for them.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 20;
    private const int Times = 100;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 8, 20, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_question_about_somebody_asked_about_before_costs_the_guard_no_byte()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Guarded.Settings });
        var desk = new Desk(world.Host, "clerk");
        var question = desk.Read(new ConsultationRequest { Nir = Town.Of(1, 1980, 5, "69123", 1), Reason = "patient-absent" });

        Assert.Equal(0, LeastBytes(() => desk.Ask(question, ConsultationOutcome.Found)));
    }

    [Fact]
    public async Task The_mark_of_a_number_costs_no_byte()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Guarded.Settings });
        var pseudonyms = world.Host.Services.GetRequiredKeyedService<Pseudonyms>(RightsModule.Name);
        var subject = new RegimeSubject.ByNir(Nir.Parse(Town.Of(1, 1980, 5, "69123", 1)).Value);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

        Assert.Equal(0, LeastBytes(() => Mark.Of(pseudonyms, subject, today)));
    }

    [Fact]
    public void What_other_processes_saw_is_read_without_a_string_of_each_mark()
    {
        var watch = new Watch("card", default);
        var text = string.Join(',', Enumerable.Range(1, 500).Select(one => FormattableString.Invariant($"{((ulong)one << 12) | 0x800:x}:2:0")));
        var hour = Window.HourOf(clock.GetUtcNow());

        Assert.Equal(0, LeastBytes(() => watch.Merge(hour, text)));
        Assert.Equal(500, watch.Window.Last(clock.GetUtcNow()).Persons);
    }

    /// <summary>Of this thread, each time: of several rounds the least, since whatever is made once, and when is the runtime's affair, is not what is meant.</summary>
    private static long LeastBytes(Action once)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var time = 0; time < Times; time++)
                once();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
