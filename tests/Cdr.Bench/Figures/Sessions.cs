using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>
/// Openings at 50 a second, the heartbeats of 5,000 live sessions, and withdrawals while they beat: until Rights refuses the session, and until
/// the page in front of the person is hidden.
/// </summary>
internal static class Sessions
{
    private const int Live = 5_000;
    private const double OpeningsPerSecond = 50;
    private const double WithdrawalsPerSecond = 20;

    // The browser is on the same cores, and each of its pages loads another one when it has ended.
    private const double PagesPerSecond = 2;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(HttpClient http, BenchPlan plan)
    {
        await using var sessions = await SessionsPlatform.StartAsync(http);
        List<FigureRow> rows = [];

        Console.WriteLine($"Sessions: {Live:N0} sign in…");
        // Compiled along the way; and these are the sessions that beat.
        var live = await OpenAsync(sessions, Live, null);
        var openings = (int)(OpeningsPerSecond * plan.Rounds * plan.Seconds);
        var (opening, whole) = (new double[openings], new double[openings]);
        await OpenLoop.RunAsync(OpeningsPerSecond, openings, async n =>
        {
            var opened = await sessions.OpenAsync(n);
            (opening[n], whole[n]) = (opened.Opening, opened.Whole);
        });
        rows.Add(new FigureRow($"Session opening at 50/s, list of {SessionsPlatform.Entries:N0}: p50 – p99", Text(opening), Goal.AtMost(OpenLoop.Quantile(opening, 0.99), 50, " ms", "p99 ")));
        rows.Add(new FigureRow("  with challenge and redemption", Text(whole)));

        Console.WriteLine("Sessions: heartbeats…");
        await HeartbeatsAsync(sessions, plan, live, rows);
        Console.WriteLine("Sessions: Rights and the portal start…");
        await sessions.StartReadersAsync();
        await ForwardedAsync(sessions, plan, live, rows);
        await WithdrawalsAsync(sessions, plan, live, rows);
        return rows;
    }

    private static async Task HeartbeatsAsync(SessionsPlatform sessions, BenchPlan plan, CardAgent[] live, List<FigureRow> rows)
    {
        // What the processes do for sessions that nobody speaks of: the rest is the heartbeats' own.
        var rest = await SpentAsync(sessions, () => Task.Delay(TimeSpan.FromSeconds(plan.Seconds * 2)));

        // A session's first heartbeat reads whose key it is from the database; the others, one each 25 s for hours, do not.
        await Parallel.ForEachAsync(live, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (agent, _) => await sessions.BeatAsync(agent));
        var beats = live.Length / (double)sessions.Heartbeat;
        var (all, own, redis) = (new Rounds(), new Rounds(), new Rounds());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var first = round * beats * plan.Seconds;
            var spent = await SpentAsync(sessions, () => OpenLoop.RunAsync(beats, (int)(beats * plan.Seconds), n => sessions.BeatAsync(live[(int)(first + n) % live.Length])));
            if (round == 0)
                continue;
            all.Add(spent.Own + spent.Redis);
            own.Add(spent.Own);
            redis.Add(spent.Redis);
        }

        rows.Add(new FigureRow($"Heartbeats of {Live:N0} live sessions, each {sessions.Heartbeat} s: of one core, Sessions and Redis", all.Text("0.0", " %"), Goal.AtMost(all.Median, 10, " %")));
        rows.Add(new FigureRow("  Sessions", own.Text("0.0", " %")));
        rows.Add(new FigureRow("  Redis", redis.Text("0.0", " %")));
        rows.Add(new FigureRow("  both, without a heartbeat", string.Create(CultureInfo.InvariantCulture, $"{rest.Own + rest.Redis:0.0} %")));
    }

    /// <summary>They come through the portal, which has other work too: what its forwarding adds.</summary>
    private static async Task ForwardedAsync(SessionsPlatform sessions, BenchPlan plan, CardAgent[] live, List<FigureRow> rows)
    {
        var beats = live.Length / (double)sessions.Heartbeat;
        var portal = new Rounds();
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var first = round * beats * plan.Seconds;
            var (spent, watch) = (sessions.Portal.CpuSeconds(), Stopwatch.StartNew());
            await OpenLoop.RunAsync(beats, (int)(beats * plan.Seconds), n => sessions.BeatAsync(live[(int)(first + n) % live.Length], byTheDoor: true));
            if (round > 0)
                portal.Add((sessions.Portal.CpuSeconds() - spent) / watch.Elapsed.TotalSeconds * 100);
        }

        rows.Add(new FigureRow("  the portal's forwarding, beside", portal.Text("0.0", " %")));
    }

    private static async Task WithdrawalsAsync(SessionsPlatform sessions, BenchPlan plan, CardAgent[] live, List<FigureRow> rows)
    {
        Console.WriteLine("Sessions: cards leave…");
        var leaving = await OpenAsync(sessions, (int)(WithdrawalsPerSecond * plan.Rounds * plan.Seconds), SessionsPlatform.Clerk);
        // Rights' code is compiled by others than those who count.
        foreach (var agent in await OpenAsync(sessions, 200, SessionsPlatform.Clerk))
            await sessions.WithdrawAsync(agent);

        using var beating = new CancellationTokenSource();
        var beside = BeatAsync(sessions, live, live.Length / (double)sessions.Heartbeat, beating.Token);
        var refused = new double[leaving.Length];
        await OpenLoop.RunAsync(WithdrawalsPerSecond, leaving.Length, async n => refused[n] = await sessions.WithdrawAsync(leaving[n]));
        rows.Add(new FigureRow("Withdrawal seen to the next question refused by Rights: p50 – p99", Text(refused), Goal.AtMost(OpenLoop.Quantile(refused, 0.99), 1000, " ms", "p99 ")));

        Console.WriteLine("Sessions: cards leave in front of open pages…");
        List<double> hidden = [];
        await using (var pages = await OpenPages.StartAsync(sessions, plan.IsQuick ? 8 : 16))
        {
            // The first round warms the portal and the browser.
            for (var round = 0; round <= plan.Rounds; round++)
            {
                var seen = await pages.WithdrawAsync(PagesPerSecond);
                if (round > 0)
                    hidden.AddRange(seen);
            }
        }

        await beating.CancelAsync();
        await beside;
        rows.Add(new FigureRow("Withdrawal seen to the open page hidden, in Chromium: p50 – p99", Text([.. hidden]), Goal.AtMost(OpenLoop.Quantile([.. hidden], 0.99), 1000, " ms", "p99 ")));
    }

    private static async Task<CardAgent[]> OpenAsync(SessionsPlatform sessions, int count, string? card)
    {
        var agents = new ConcurrentBag<CardAgent>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) => agents.Add((await sessions.OpenAsync(n, card)).Agent));
        return [.. agents];
    }

    private static async Task BeatAsync(SessionsPlatform sessions, CardAgent[] agents, double perSecond, CancellationToken stop)
    {
        // Each in turn: two of one agent at once could arrive in the wrong order.
        var next = 0;
        while (!stop.IsCancellationRequested)
            await OpenLoop.RunAsync(perSecond, (int)perSecond, _ => sessions.BeatAsync(agents[next++ % agents.Length]));
    }

    /// <summary>Parts of one core, in hundredths.</summary>
    private static async Task<(double Own, double Redis)> SpentAsync(SessionsPlatform sessions, Func<Task> meanwhile)
    {
        const string Redis = "redis-server";
        var (own, programs, watch) = (sessions.Process.CpuSeconds(), ProcessTree.CpuSeconds(), Stopwatch.StartNew());
        await meanwhile();
        var seconds = watch.Elapsed.TotalSeconds;
        return ((sessions.Process.CpuSeconds() - own) / seconds * 100, (ProcessTree.CpuSeconds().GetValueOrDefault(Redis) - programs.GetValueOrDefault(Redis)) / seconds * 100);
    }

    private static string Text(double[] milliseconds) => string.Create(
        CultureInfo.InvariantCulture, $"{OpenLoop.Quantile(milliseconds, 0.5):0.0} – {OpenLoop.Quantile(milliseconds, 0.99):0.0} ms ({milliseconds.Length} measured)");
}
