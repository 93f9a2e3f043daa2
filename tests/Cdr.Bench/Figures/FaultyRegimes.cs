using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>
/// Every able regime asked, three of seventeen hung and one failing, against all healthy. Asked because of a rejected invoice: an open
/// right is an answer to any other reason, whoever else is silent.
/// </summary>
internal static class FaultyRegimes
{
    private const int AtOnce = 16;

    // The circuits' sampling: a healthy time before is forgotten after it.
    private const int OnsetSeconds = 30;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private static readonly (string Regime, string Mode)[] Faults = [("msa", "hanging"), ("cnmss", "hanging"), ("enim", "hanging"), ("cavimac", "failing")];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var rights = await platform.RightsWithAsync("faulty", new KeyValuePair<string, string?>("Regimes:Deadline", Deadline.ToString()));
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        var (healthy, faulty, onset, opened, first, slowest, named) = (new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds());
        await RoundAsync(platform, rights, plan.Seconds);
        for (var round = 0; round < Math.Min(plan.Rounds, 3); round++)
        {
            healthy.Add(Rate(await RoundAsync(platform, rights, plan.Seconds)));
            foreach (var (regime, mode) in Faults)
                await regimes.SetAsync(regime, mode);
            // Until their circuits open every question waits for its deadline, and no longer.
            var begun = await RoundAsync(platform, rights, OnsetSeconds);
            var sick = await RoundAsync(platform, rights, plan.Seconds);
            var until = begun.Where(answer => answer.IsLeftAlone).Select(answer => answer.At).DefaultIfEmpty(OnsetSeconds).Min();
            opened.Add(until);
            onset.Add(begun.Count(answer => answer.At <= until) / until);
            first.Add(P99(begun));
            faulty.Add(Rate(sick));
            slowest.Add(P99(sick));
            named.Add(begun.Concat(sick).Count(answer => answer.NamesTheFour) / (double)(begun.Count + sick.Count));
            foreach (var (regime, _) in Faults)
                await regimes.SetAsync(regime, "up");
            // Until the circuits have closed again: a healthy round is healthy.
            await RoundAsync(platform, rights, 12);
        }

        var most = Deadline.TotalMilliseconds + 20;
        return
        [
            new("Faulty regimes: deadline of a question here", string.Create(CultureInfo.InvariantCulture, $"{Deadline.TotalMilliseconds:0} ms (an instance's default: {new Rights.Regimes.RegimeOptions().Deadline.TotalMilliseconds:0} ms)")),
            new($"All asked, all healthy, {AtOnce} at once", healthy.Text("0", "/s")),
            new($"All asked, three hung and one failing, {AtOnce} at once, until the circuits open", onset.Text("0", "/s")),
            new("  over healthy, until the circuits open", onset.Over(healthy).Text("0.00")),
            new("  the circuits of the three hung are open after", opened.Text("0.0", " s")),
            new("  p99 while they open", first.Text("0", " ms"), Goal.AtMost(first.Median, most, " ms")),
            new($"All asked, three hung and one failing, {AtOnce} at once, once the circuits are open", faulty.Text("0", "/s")),
            new("  over healthy, once the circuits are open", faulty.Over(healthy).Text("0.00"), Goal.AtLeast(faulty.Over(healthy).Median, 0.9)),
            new("  p99 then", slowest.Text("0", " ms"), Goal.AtMost(slowest.Median, most, " ms")),
            new("  answers that are incomplete and name exactly the four", named.Text("0.0000"), Goal.Always(1, named.Values)),
        ];
    }

    private static double Rate(IReadOnlyCollection<Answered> answers) => answers.Count / answers.Max(answer => answer.At);

    private static double P99(IEnumerable<Answered> answers) => OpenLoop.Quantile([.. answers.Select(answer => answer.Milliseconds)], 0.99);

    private static async Task<IReadOnlyCollection<Answered>> RoundAsync(BenchPlatform platform, MeasuredProcess rights, int seconds)
    {
        ConcurrentBag<Answered> answers = [];
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                var nir = platform.TakeSingle().Nir;
                var began = Stopwatch.GetTimestamp();
                var answer = await platform.AskAsync(rights, BenchPlatform.Question(nir, null, reason: "invoice-rejected"));
                var (took, at) = (Stopwatch.GetElapsedTime(began).TotalMilliseconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
                using var document = JsonDocument.Parse(answer);
                answers.Add(Read(document.RootElement, took, at));
            }
        }));
        return answers;
    }

    private static Answered Read(JsonElement answer, double milliseconds, double at)
    {
        var states = answer.GetProperty("regimes").EnumerateArray().ToDictionary(
            state => state.GetProperty("regime").GetString()!, state => (Name: state.GetProperty("name").GetString()!, Reason: state.TryGetProperty("reason", out var reason) ? reason.GetString() : null));
        // Some are closed at night, by the registry and not by a fault.
        var missing = answer.GetProperty("missing").EnumerateArray().Select(name => name.GetString()!)
            .Except(states.Values.Where(state => state.Reason is "closedNow" or "plannedDowntime").Select(state => state.Name));
        return new Answered(
            milliseconds, at,
            IsLeftAlone: Faults.Where(fault => fault.Mode == "hanging").All(fault => states[fault.Regime].Reason == "circuitOpen"),
            NamesTheFour: answer.GetProperty("outcome").GetString() == "incomplete" && missing.Order(StringComparer.Ordinal).SequenceEqual(Faults.Select(fault => states[fault.Regime].Name).Order(StringComparer.Ordinal)));
    }

    /// <param name="Milliseconds">Taken.</param>
    /// <param name="At">Seconds since the round began.</param>
    /// <param name="IsLeftAlone">The three that hang were not asked: their circuits are open.</param>
    /// <param name="NamesTheFour">It is incomplete, and who is missing are the four, and nobody else.</param>
    private sealed record Answered(double Milliseconds, double At, bool IsLeftAlone, bool NamesTheFour);
}
