using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Fishing;

/// <summary>Files are no quiet way to fish: a day has its number of persons, and who goes through many stems a little each is stopped.</summary>
public sealed class FileShapeTests
{
    private const string Stopped = "batches-stopped";
    private const string DayFull = "batches-day-full";
    private static readonly FishingOptions Defaults = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Some_numbers_of_each_of_many_stems_stop_a_cards_files()
    {
        await using var world = await WorldAsync();
        var scanner = new Desk(world.Host, "scanner");

        // Fewer of each than would stop it.
        var said = Enumerable.Range(0, 10).SelectMany(stem => Enumerable.Range(1, 60).Select(order => Line(scanner, Town.Of(1, 1970 + stem, 3, "33063", order)))).ToList();

        Assert.Equal(((Defaults.FileRunsToStop - 1) * 60) + Defaults.FileRun - 1, said.IndexOf(Stopped));
        // The establishment's are told of too.
        Assert.Equal([("told", "sequence", "files"), ("stopped", "sequence", "files")], (await CasesAsync(world, 3)).Where(one => one.Scope == "files"));
        // The desk is judged by what it asks itself.
        Assert.Equal("passed", scanner.AskNir(new Town(20).Nir(Today)));
    }

    [Fact]
    public async Task Operations_hear_of_a_long_run_of_numbers_before_it_is_stopped_and_once()
    {
        await using var world = await WorldAsync();
        var desk = new Desk(world.Host, "invoicing");

        foreach (var order in Enumerable.Range(1, Defaults.FileSequenceToStop - 1))
            Assert.Equal("passed", Line(desk, Town.Of(1, 1977, 8, "33063", order)));

        Assert.Equal([("told", "sequence", "files")], await CasesAsync(world, 1));
    }

    [Fact]
    public async Task A_day_of_files_has_its_number_of_persons_and_those_who_come_after_wait()
    {
        await using var world = await WorldAsync(("Fishing:FilePersonsToTell", "60"), ("Fishing:FilePersonsADay", "100"));
        var (desk, town) = (new Desk(world.Host, "invoicing"), new Town(21));
        var people = Enumerable.Range(0, 130).Select(_ => town.Nir(Today)).Distinct().ToList();

        var said = people.ConvertAll(nir => Line(desk, nir));

        Assert.Equal(100, said.IndexOf(DayFull));
        Assert.All(said.Skip(100), one => Assert.Equal(DayFull, one));
        Assert.Equal([("told", "too-many", "files"), ("stopped", "too-many", "files")], await CasesAsync(world, 2));
        // Who was asked about is asked again; a new file is not taken; the desk asks on.
        Assert.Equal("passed", Line(desk, people[3]));
        var guard = world.Host.Services.GetRequiredService<FishingGuard>();
        Assert.Equal(DayFull, guard.OfFile(Desk.CallerOf("invoicing", "690781810"))!.Problem.ProblemDetails.Extensions["code"]);
        Assert.Equal("passed", desk.AskNir(people[120]));
        // Not each hour again.
        clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(DayFull, Line(desk, people[121]));
        clock.Advance(TimeSpan.FromHours(21));
        Assert.Equal("passed", Line(desk, people[121]));
        Assert.Equal(2, (await CasesAsync(world, 2)).Count);
    }

    [Fact]
    public async Task All_files_of_an_establishment_have_three_times_as_much()
    {
        await using var world = await WorldAsync(("Fishing:FilePersonsToTell", "90"), ("Fishing:FilePersonsADay", "100"));
        var (clerks, town) = (Enumerable.Range(0, 10).Select(n => new Desk(world.Host, "clerk-" + n)).ToList(), new Town(22));
        var people = Enumerable.Range(0, 400).Select(_ => town.Nir(Today)).Distinct().ToList();

        var said = people.Select((nir, place) => Line(clerks[place % 10], nir)).ToList();

        Assert.Equal(300, said.IndexOf(DayFull));
        Assert.Equal([("told", "too-many", "establishment-files"), ("stopped", "too-many", "establishment-files")], await CasesAsync(world, 2));
        Assert.Equal("passed", Line(new Desk(world.Host, "elsewhere", "750712184"), people[^1]));
        // Operations lift it, and it is the establishment's.
        Assert.Equal("", FishingCases.SubjectOf("establishment-files", FishingCases.Record(Desk.CallerOf("clerk-1", "690781810"), Sign.TooMany, Level.Stopped, clock.GetUtcNow(), clock.GetUtcNow(), ofCard: false)));
        world.Host.Services.GetRequiredService<FishingGuard>().Lift("", "690781810", clock.GetUtcNow());
        Assert.Equal("passed", Line(clerks[1], people[^1]));
    }

    [Fact]
    public async Task Whom_the_establishment_holds_is_no_person_of_the_cards_day()
    {
        await using var world = await WorldAsync(("Fishing:FilePersonsToTell", "90"), ("Fishing:FilePersonsADay", "100"));
        var (clerks, late, town) = (Enumerable.Range(0, 10).Select(n => new Desk(world.Host, "clerk-" + n)).ToList(), new Desk(world.Host, "late"), new Town(25));
        var people = Enumerable.Range(0, 600).Select(_ => town.Nir(Today)).Distinct().ToList();
        Assert.All(people.Take(300).Select((nir, place) => Line(clerks[place % 10], nir)), one => Assert.Equal("passed", one));

        Assert.All(people.Skip(300).Take(100), nir => Assert.Equal(DayFull, Line(late, nir)));

        world.Host.Services.GetRequiredService<FishingGuard>().Lift("", "690781810", clock.GetUtcNow());
        Assert.All(people.TakeLast(100), nir => Assert.Equal("passed", Line(late, nir)));
    }

    [Fact]
    public async Task Ten_clerks_who_share_a_stem_in_their_files_are_stopped_together()
    {
        await using var world = await WorldAsync();
        var clerks = Enumerable.Range(0, 10).Select(n => new Desk(world.Host, "clerk-" + n)).ToList();

        var said = Enumerable.Range(1, 900).Select(order => Line(clerks[order % 10], Town.Of(2, 1966, 4, "13055", order))).ToList();

        Assert.Equal((Defaults.FileSequenceToStop * Defaults.FileEstablishmentFactor) - 1, said.IndexOf(Stopped));
        Assert.Contains(("stopped", "sequence", "establishment-files"), await CasesAsync(world, 2));
        Assert.Equal("passed", clerks[2].AskNir(new Town(23).Nir(Today)));
    }

    [Fact]
    public async Task A_day_of_invoicing_in_a_town_where_all_were_born_is_told_of_by_nothing()
    {
        await using var world = await WorldAsync();
        var (desk, random) = (new Desk(world.Host, "invoicing"), new Random(24));
        // Of one commune with 3,000 births a year, older people more than young ones.
        var people = Enumerable.Range(0, Defaults.FilePersonsToTell - 1).Select(_ => Town.Of(random.Next(1, 3), 1930 + (int)(65 * Math.Sqrt(random.NextDouble() * random.NextDouble())), random.Next(1, 13), "69123", random.Next(1, 126)));

        Assert.All(people, nir => Assert.Equal("passed", Line(desk, nir)));

        await Task.WhenAll(world.Host.Services.GetRequiredService<FishingCases>().WriteAgainAsync());
        Assert.Empty(await CasesAsync(world, 0));
    }

    [Fact]
    public void An_hour_that_holds_no_more_is_a_sign()
    {
        var (window, now) = (new Window(), clock.GetUtcNow());
        var most = new FishingOptions { FilePersonsToTell = int.MaxValue, FilePersonsADay = Slot.Most, EstablishmentPersons = Slot.Most };
        window.Add(Window.HourOf(now), new Mark(0x400), Fate.Asked);
        for (ulong one = 1; one < Slot.Most - 1; one++)
            window.Add(Window.HourOf(now), Number(one), Fate.Asked);
        Assert.Equal((Level.None, Level.None), (FishingRules.OfFiles(window, Number(5), 1, now, most).Level, FishingRules.OfEstablishment(window, Number(5), now, most).Level));

        window.Add(Window.HourOf(now), Number(Slot.Most - 1), Fate.Asked);

        Assert.Equal(Slot.Most - 1, window.Persons);
        Assert.Equal((Level.Stopped, Sign.TooMany), FishingRules.OfFiles(window, Number(5), 1, now, most));
        Assert.Equal((Level.Slowed, Sign.TooMany), FishingRules.OfEstablishment(window, Number(5), now, most));
        Assert.Equal(Level.None, FishingRules.OfFiles(window, Number(5), 1, now.AddHours(1), most).Level);
        // Who allows more than can be counted has said that it is none.
        Assert.Equal(Level.None, FishingRules.OfFiles(window, Number(5), 1, now, new FishingOptions { FilePersonsToTell = int.MaxValue, FilePersonsADay = int.MaxValue }).Level);

        // Each of a stem of its own.
        static Mark Number(ulong one) => new((one << 12) | 0x800);
    }

    private static string Line(Desk desk, string nir) => desk.Ask(new ConsultationRequest { Nir = nir }, ConsultationOutcome.Found, "invoice-rejected", Lane.Batch);

    private static async Task<IReadOnlyList<(string Level, string Sign, string Scope)>> CasesAsync(RightsWorld world, int atLeast)
    {
        List<(string, string, string)> cases = [];
        await Records.UntilAsync("the cases are written", async () =>
        {
            await using var db = world.Host.Journal();
            var records = await db.Records.AsNoTracking().Where(r => r.Consultation == FishingCases.All).OrderBy(r => r.Id).ToListAsync(TestContext.Current.CancellationToken);
            cases = records.ConvertAll(r => FishingCases.Read(r) is var (level, _, scope) ? (level, r.Reason, scope) : ("", "", ""));
            return cases.Count >= atLeast;
        });
        return [.. cases.OrderBy(one => one.Item1 == "stopped")];
    }

    private Task<RightsWorld> WorldAsync(params (string Name, string Value)[] more) => RightsWorld.StartAsync(new WorldSetup
    {
        Clock = clock, Settings = Guarded.Settings.Concat(more.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).ToDictionary(),
    });
}
