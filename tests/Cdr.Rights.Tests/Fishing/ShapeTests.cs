using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Fishing;

/// <summary>Both shapes: who goes through numbers or names is stopped within the configured number; people at work never are.</summary>
public sealed class ShapeTests
{
    private const string Stopped = "consultations-stopped";
    private const string FilesStopped = "batches-stopped";
    private static readonly FishingOptions Defaults = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    [Theory]
    [InlineData("forwards")]
    [InlineData("backwards")]
    [InlineData("by steps of seven")]
    [InlineData("in no order")]
    [InlineData("among honest questions")]
    [InlineData("one an hour")]
    public async Task A_card_that_goes_through_numbers_is_stopped_within_the_configured_number(string how)
    {
        await using var world = await WorldAsync();
        var (desk, town) = (new Desk(world.Host, "scanner"), new Town(1));
        int[] orders = how switch
        {
            "backwards" => [.. Enumerable.Range(1, 90).Reverse()],
            "by steps of seven" => [.. Enumerable.Range(1, 90).Select(one => one * 7)],
            "in no order" => [.. Enumerable.Range(1, 90).Select(one => one * 37 % 97)],
            _ => [.. Enumerable.Range(1, 90)],
        };
        var asked = 0;
        foreach (var order in orders)
        {
            for (var honest = how == "among honest questions" ? 9 : 0; honest > 0; honest--)
            {
                clock.Advance(TimeSpan.FromSeconds(20));
                desk.AskNir(town.Nir(Today));
            }

            clock.Advance(how == "one an hour" ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(7));
            // Found or not does not matter: the persons exist.
            if (desk.AskNir(Town.Of(1, 1980, 5, "69123", order), order % 2 == 0 ? ConsultationOutcome.Found : ConsultationOutcome.NotFound) == Stopped)
                break;
            asked++;
        }

        Assert.InRange(asked, Defaults.SequenceToSlow, Defaults.SequenceToStop - 1);
    }

    [Fact]
    public async Task An_emergency_that_meets_one_stem_is_slowed_and_stopped_much_later()
    {
        await using var world = await WorldAsync();
        var desk = new Desk(world.Host, "night");
        List<string> said = [];
        for (var order = 1; order <= 80; order++)
        {
            clock.Advance(TimeSpan.FromSeconds(1.9));
            said.Add(desk.AskNir(Town.Of(1, 1980, 5, "69123", order), reason: "emergency"));
        }

        Assert.Equal(Defaults.EmergencySequenceToStop - 1, said.IndexOf(Stopped));
        Assert.Contains("slowed", said);
        // Who was stopped at twelve is stopped for other reasons alone.
        var clerk = new Desk(world.Host, "clerk");
        Assert.Contains(Stopped, Enumerable.Range(1, 12).Select(order =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return clerk.AskNir(Town.Of(2, 1980, 5, "69123", order));
        }).ToList());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(Stopped, clerk.AskNir(Town.Of(1, 1950, 5, "69123", 1), reason: "emergency"));
    }

    [Theory]
    [InlineData(2025, "69123")]
    [InlineData(1985, "99352")]
    public async Task Small_children_and_who_was_born_abroad_come_by_stem(int year, string place)
    {
        await using var world = await WorldAsync();
        var desk = new Desk(world.Host, "paediatrics");
        foreach (var order in Enumerable.Range(1, 30))
        {
            clock.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal("passed", desk.AskNir(Town.Of(1, year, 6, place, order * 3)));
        }
    }

    [Theory]
    [InlineData(500, 0)]
    [InlineData(80, 0.6)]
    public async Task Who_sent_a_file_for_invoicing_asks_at_the_desk_as_before(int lines, double missed)
    {
        await using var world = await WorldAsync();
        var (clerk, town) = (new Desk(world.Host, "invoicing"), new Town(10));
        for (var file = 0; file < 2; file++)
        {
            foreach (var line in Enumerable.Range(0, lines))
                Assert.Equal("passed", clerk.Ask(new ConsultationRequest { Nir = town.Nir(Today) }, line < lines * missed ? ConsultationOutcome.NotFound : ConsultationOutcome.Found, "invoice-rejected", Lane.Batch));
        }

        // Asked before this process began, or before operations lifted a stop.
        for (var late = 0; late < 300; late++)
            clerk.Tell(town.Nir(Today), ConsultationOutcome.NotFound);

        for (var question = 0; question < 20; question++)
            Assert.Equal("passed", clerk.AskNir(town.Nir(Today), ConsultationOutcome.NotFound, "invoice-rejected"));
    }

    [Fact]
    public async Task A_file_that_goes_through_numbers_is_stopped_and_a_maternitys_is_not()
    {
        await using var world = await WorldAsync();
        var (maternity, scanner, town) = (new Desk(world.Host, "maternity"), new Desk(world.Host, "scanner"), new Town(11));
        var babies = Enumerable.Range(1, 60).Select(order => Town.Newborn(Today, 1, order));
        foreach (var (line, nir) in babies.Concat(Enumerable.Range(0, 440).Select(_ => town.Nir(Today))).Index())
            Assert.Equal("passed", maternity.Ask(new ConsultationRequest { Nir = nir }, line < 300 ? ConsultationOutcome.NotFound : ConsultationOutcome.Found, "invoice-rejected", Lane.Batch));

        var said = Enumerable.Range(1, 500).Select(Line).ToList();

        Assert.Equal(Defaults.FileSequenceToStop - 1, said.IndexOf(FilesStopped));
        Assert.Equal(FilesStopped, said[^1]);
        // The desk is judged by what it asks itself.
        Assert.Equal("passed", scanner.AskNir(town.Nir(Today)));
        // Once it is over, what was counted stops nobody again; one more number does.
        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.All(Enumerable.Range(1, Defaults.FileSequenceToStop), order => Assert.Equal("passed", Line(order)));
        Assert.Equal(FilesStopped, Line(500));

        string Line(int order) => scanner.Ask(new ConsultationRequest { Nir = Town.Of(2, 1977, 8, "33063", order) }, ConsultationOutcome.Found, "invoice-rejected", Lane.Batch);
    }

    [Fact]
    public async Task Files_of_people_born_abroad_have_as_many_of_a_country_as_crowds_have_at_a_desk()
    {
        await using var world = await WorldAsync();
        var invoicing = new Desk(world.Host, "invoicing");

        var said = Enumerable.Range(1, 800).Select(order => invoicing.Ask(new ConsultationRequest { Nir = Town.Of(1, 1977, 8, "99352", order) }, ConsultationOutcome.Found, "invoice-rejected", Lane.Batch)).ToList();

        Assert.Equal((Defaults.FileSequenceToStop * Defaults.CrowdFactor) - 1, said.IndexOf(FilesStopped));
    }

    [Theory]
    [InlineData(true, "card-forgotten-lost-stolen")]
    [InlineData(true, "emergency")]
    [InlineData(false, "card-forgotten-lost-stolen")]
    public async Task A_card_that_goes_through_names_is_stopped_within_the_configured_number(bool isSorted, string reason)
    {
        await using var world = await WorldAsync();
        var (desk, town) = (new Desk(world.Host, "scanner"), new Town(2));
        var names = Enumerable.Range(0, 200).Select(_ => town.ByName(Today)).ToList();
        if (isSorted)
            names = [.. names.OrderBy(one => one.Names!.FamilyName, StringComparer.Ordinal)];

        var asked = 0;
        foreach (var name in names)
        {
            clock.Advance(TimeSpan.FromSeconds(7));
            if (desk.Ask(name, asked % 10 == 0 ? ConsultationOutcome.Found : ConsultationOutcome.NotFound, reason) == Stopped)
                break;
            asked++;
        }

        Assert.InRange(asked, 20, isSorted ? Defaults.NamesToStop / 2 : Defaults.NamesToStop);
    }

    [Fact]
    public async Task Most_persons_not_found_stops_a_card_and_slows_an_emergency()
    {
        await using var world = await WorldAsync();
        var (desk, emergency, town) = (new Desk(world.Host, "guesser"), new Desk(world.Host, "night"), new Town(3));
        List<string> said = [], atNight = [];
        for (var asked = 0; asked < 200; asked++)
        {
            clock.Advance(TimeSpan.FromSeconds(7));
            var nir = town.Nir(Today);
            said.Add(desk.AskNir(nir, ConsultationOutcome.NotFound));
            atNight.Add(emergency.AskNir(nir, ConsultationOutcome.NotFound, "emergency"));
        }

        Assert.Equal(Defaults.MissedToStop, said.IndexOf(Stopped));
        Assert.DoesNotContain(Stopped, atNight);
    }

    [Fact]
    public async Task Too_many_persons_slow_then_stop_a_card_and_a_quota_alone_never_stops_an_emergency()
    {
        await using var world = await WorldAsync();
        var (desk, emergency, town) = (new Desk(world.Host, "harvester"), new Desk(world.Host, "mass-casualties"), new Town(4));
        List<string> said = [], atNight = [];
        for (var asked = 0; asked < 900; asked++)
        {
            // Faster than the pace of who is slowed.
            clock.Advance(TimeSpan.FromSeconds(2.5));
            var nir = town.Nir(Today);
            said.Add(desk.AskNir(nir));
            atNight.Add(emergency.AskNir(nir, reason: "emergency"));
        }

        Assert.InRange(said.IndexOf(Stopped), Defaults.PersonsToSlow, Defaults.PersonsToStop);
        Assert.DoesNotContain(Stopped, atNight);
    }

    [Fact]
    public async Task Who_is_slowed_waits_its_turn_and_is_told_when_the_queue_is_long()
    {
        await using var world = await WorldAsync();
        var (desk, town) = (new Desk(world.Host, "harvester"), new Town(5));
        for (var asked = 0; asked < Defaults.PersonsToSlow - 1; asked++)
            Assert.Equal("passed", desk.AskNir(town.Nir(Today)));

        // What is refused is no evidence: however many, they do not stop it.
        var burst = Enumerable.Range(0, 500).Select(_ => desk.AskNir(town.Nir(Today))).ToList();

        Assert.Equal(["passed", "slowed", "slowed", "slowed", "consultations-too-fast"], burst.Take(5));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("passed", desk.AskNir(town.Nir(Today)));
    }

    [Fact]
    public async Task Five_hundred_honest_clerks_at_peak_are_never_slowed()
    {
        await using var world = await WorldAsync();
        var clerks = Enumerable.Range(0, 500).Select(n => new Desk(world.Host, "clerk-" + n, n % 2 == 0 ? "690781810" : "750712184")).ToList();
        var town = new Town(6);
        Dictionary<string, int> said = [];
        var waiting = clerks.ConvertAll(_ => new Queue<string>());
        // Two hours of peak: each clerk a person a minute, nearly; one in eight with the family; one in ten by names.
        for (var minute = 0; minute < 120; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            foreach (var (index, desk) in clerks.Index())
            {
                if (town.Chance(0.1))
                    continue;
                if (waiting[index].Count == 0 && town.Chance(0.125))
                    waiting[index] = new Queue<string>(town.Family(Today));
                // Typed wrong one time in seven, or of a regime that was not the right one.
                var outcome = town.Chance(0.15) ? ConsultationOutcome.NotFound : town.Chance(0.05) ? ConsultationOutcome.Incomplete : ConsultationOutcome.Found;
                var request = town.Chance(0.1)
                    ? town.ByName(Today)
                    : new ConsultationRequest { Nir = waiting[index].TryDequeue(out var relative) ? relative : town.Nir(Today) };
                var reason = town.Chance(0.6) ? "emergency" : "card-forgotten-lost-stolen";
                Count(desk.Ask(request, outcome, reason));
                // Once more, and refreshed.
                for (var again = town.Between(0, 2); again > 0; again--)
                    Count(desk.Ask(request with { Refresh = true }, outcome, reason));
            }
        }

        Assert.True(said is { Count: 1 } && said["passed"] > 80_000, string.Join(", ", said));

        void Count(string one) => said[one] = said.GetValueOrDefault(one) + 1;
    }

    [Fact]
    public async Task A_maternity_asks_about_its_newborns_one_after_the_other()
    {
        await using var world = await WorldAsync();
        var desk = new Desk(world.Host, "maternity");
        // A long weekend in a house with 3,000 births a year: some 35, and their numbers follow one another.
        for (var order = 1; order <= 18; order++)
        {
            for (var sex = 1; sex <= 2; sex++)
            {
                clock.Advance(TimeSpan.FromMinutes(2));
                // A few are not registered yet.
                Assert.Equal("passed", desk.AskNir(Town.Newborn(Today, sex, order), order % 6 == 0 ? ConsultationOutcome.NotFound : ConsultationOutcome.Found));
            }
        }
    }

    [Fact]
    public async Task Invoicing_goes_through_its_own_list_in_the_order_of_the_alphabet_and_is_not_stopped()
    {
        await using var world = await WorldAsync();
        var (desk, town) = (new Desk(world.Host, "invoicing"), new Town(7));
        var list = Enumerable.Range(0, 90).Select(_ => town.ByName(Today)).OrderBy(one => one.Names!.FamilyName, StringComparer.Ordinal);

        foreach (var one in list)
        {
            clock.Advance(TimeSpan.FromSeconds(40));
            Assert.Equal("passed", desk.Ask(one, town.Chance(0.2) ? ConsultationOutcome.NotFound : ConsultationOutcome.Found, "invoice-rejected"));
        }
    }

    [Fact]
    public async Task A_file_for_invoicing_may_be_long_and_sorted()
    {
        await using var world = await WorldAsync();
        var (desk, town) = (new Desk(world.Host, "batch"), new Town(8));
        for (var line = 0; line < 1000; line++)
            Assert.Equal("passed", desk.Ask(new ConsultationRequest { Nir = town.Nir(Today) }, ConsultationOutcome.Found, "invoice-rejected", Lane.Batch));
    }

    [Fact]
    public async Task Many_cards_of_one_house_that_share_a_scan_are_stopped_there_and_nowhere_else()
    {
        await using var world = await WorldAsync();
        var cards = Enumerable.Range(0, 20).Select(n => new Desk(world.Host, "accomplice-" + n)).ToList();
        var said = Enumerable.Range(1, 140).Select(order => cards[order % cards.Count].AskNir(Town.Of(1, 1991, 2, "13055", order), reason: "emergency")).ToList();

        Assert.Equal((Defaults.SequenceToStop * Defaults.EstablishmentFactor) - 1, said.IndexOf(Stopped));
        // Slower, and not stopped: care goes on.
        Assert.Equal("slowed", cards[3].AskNir(new Town(9).Nir(Today), reason: "emergency"));
        Assert.Equal("passed", new Desk(world.Host, "elsewhere", "750712184").AskNir(new Town(9).Nir(Today)));
    }

    private Task<RightsWorld> WorldAsync() => RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Guarded.Settings });
}
