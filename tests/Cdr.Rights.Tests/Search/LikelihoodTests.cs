using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.Rights.Tests.Regimes;

namespace Cdr.Rights.Tests.Search;

/// <summary>Each thing that makes a regime likelier to know a person, alone.</summary>
public sealed class LikelihoodTests
{
    // Born in 1984, 42 in the year of care.
    private const string Adult = "1840575123456";
    private static readonly Question Question = Asked.About(Adult) with { CareDate = new DateOnly(2026, 11, 23) };

    [Fact]
    public void Who_insures_a_larger_part_of_the_population_is_likelier() =>
        Assert.Equal(["cnam", "msa", "senat"], Order(Question, Of("senat", 0.0001), Of("msa", 0.07), Of("cnam", 0.8)));

    [Fact]
    public void Where_nothing_tells_them_apart_the_registrys_order_stands() =>
        Assert.Equal(["senat", "cnam", "msa"], Order(Question, Of("senat", 0.1), Of("cnam", 0.1), Of("msa", 0.1)));

    [Fact]
    public void The_department_of_care_counts_and_no_other()
    {
        var miners = Of("canssm", 0.1, new RegimeLikelihoods(Departments: new Dictionary<string, double> { ["62"] = 6, ["75"] = 0.5 }));
        Assert.Equal(0.6, At(miners, "62"), 12);
        Assert.Equal(0.05, At(miners, "75"), 12);
        Assert.Equal(0.1, At(miners, "13"), 12);
        Assert.Equal(["canssm", "cnam"], Order(Question with { Caller = Asked.From("62") }, Of("cnam", 0.5), miners));
        Assert.Equal(["cnam", "canssm"], Order(Question, Of("cnam", 0.5), miners));

        static double At(RegimeRow regime, string department) => RegimeLikelihood.Of(regime, Question with { Caller = Asked.From(department) });
    }

    [Theory]
    // The year of care less that of the number: 42, then 20, 60, 61 and 59.
    [InlineData("1840575123456", 0.1)]
    [InlineData("1060575123456", 0.05)]
    [InlineData("1660575123456", 0.3)]
    [InlineData("1650575123456", 0.3)]
    [InlineData("1670575123456", 0.1)]
    // 101 passes for a child of one.
    [InlineData("1250575123456", 0.05)]
    public void The_age_that_the_number_tells_counts(string nir, double expected)
    {
        var old = Of("canssm", 0.1, new RegimeLikelihoods(Ages: [new AgeFactor(0, 20, 0.5), new AgeFactor(60, 120, 3)]));
        Assert.Equal(expected, RegimeLikelihood.Of(old, Question with { Subject = new RegimeSubject.ByNir(Nir.Parse(nir).Value) }), 12);
    }

    [Fact]
    public void Age_is_that_of_the_year_of_care()
    {
        var old = Of("canssm", 0.1, new RegimeLikelihoods(Ages: [new AgeFactor(40, 120, 3)]));
        Assert.Equal(0.3, RegimeLikelihood.Of(old, Question with { CareDate = new DateOnly(2024, 1, 1) }), 12);
        Assert.Equal(0.1, RegimeLikelihood.Of(old, Question with { CareDate = new DateOnly(2023, 12, 31) }), 12);
    }

    [Fact]
    public void The_first_digits_of_the_number_count()
    {
        var provisional = Of("msa", 0.07, new RegimeLikelihoods(NirStarts: new Dictionary<string, double> { ["555555"] = 1000 }));
        Assert.Equal(["msa", "cnam"], Order(Asked.About("5555550123456"), Of("cnam", 0.8), provisional));
        Assert.Equal(["cnam", "msa"], Order(Question, Of("cnam", 0.8), provisional));
    }

    [Fact]
    public void All_factors_that_hold_are_multiplied()
    {
        var all = Of("msa", 0.1, new RegimeLikelihoods(new Dictionary<string, double> { ["75"] = 2 }, [new AgeFactor(40, 45, 3)], new Dictionary<string, double> { ["184"] = 5 }));
        Assert.Equal(3, RegimeLikelihood.Of(all, Question), 12);
        // Names tell neither age nor number.
        Assert.Equal(0.2, RegimeLikelihood.Of(all, Question with { Subject = new RegimeSubject.ByName("A", "B", BirthDate.Parse("1984-05-12").Value) }), 12);
    }

    [Theory]
    [InlineData("2026-11-23", "cnam")]
    // It answers for today and later only: however likely, it is not asked, and holds no place in the wave.
    [InlineData("2024-06-01", "msa")]
    public async Task Who_cannot_answer_the_question_is_not_waited_for(string careDate, string first)
    {
        using var regimes = new RegimeHarness(row => row.Id.Value == "cnam" ? row with { Capabilities = row.Capabilities with { PastDates = false } } : row);
        List<string> waves = [];

        var findings = await RunAsync(regimes, Question with { CareDate = DateOnly.ParseExact(careDate, "yyyy-MM-dd", null) }, waves);

        Assert.Equal(first, waves[0]);
        if (first == "msa")
            Assert.Equal(NotAskedReason.NoPastDates, Assert.IsType<RegimeAnswer.NotAsked>(findings.Single(one => one.Regime.Id.Value == "cnam").Answer).Reason);
    }

    [Fact]
    public async Task Who_is_closed_at_this_hour_holds_no_place_in_a_wave()
    {
        // The clock of the harness: eleven in Paris.
        using var regimes = new RegimeHarness(row => row.Id.Value == "cnam" ? row with { ClosedDaily = [new DailyClosure(new TimeOnly(10, 0), new TimeOnly(12, 0))] } : row);
        List<string> waves = [];

        await RunAsync(regimes, Question, waves);

        Assert.Equal("cnam msa", waves[0]);
        // Two in the next one.
        Assert.Equal(2, waves[1].Split(' ').Length);
    }

    /// <summary>Nobody knows the person: every wave is asked. In this département nothing but its share tells for a regime.</summary>
    private static Task<RegimeFinding[]> RunAsync(RegimeHarness regimes, Question question, List<string> waves) =>
        new SearchUnderWay(RuleSet.Current, regimes.Registry, regimes.Caller, new SearchOptions(), regimes.Clock, question with { Caller = Asked.From("13") }, (regime, wave, _) =>
        {
            if (regime == wave[0])
                waves.Add(string.Join(' ', wave.Select(one => one.Id.Value)));
            return Task.FromResult(new RegimeFinding(regime, new RegimeAnswer.Unknown(), Contracts.Rights.Freshness.Live, DateTimeOffset.UnixEpoch, 1, null));
        }, _ => { }).ToTheEndAsync([]);

    private static RegimeRow Of(string id, double share, RegimeLikelihoods? likelihood = null) => Recorded.Row(id) with { PopulationShare = share, Likelihood = likelihood };

    private static IEnumerable<string> Order(Question question, params IEnumerable<RegimeRow> regimes) => RegimeLikelihood.Order(regimes, question).Select(row => row.Id.Value);
}
