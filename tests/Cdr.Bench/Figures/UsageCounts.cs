using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;

namespace Cdr.Bench.Figures;

/// <summary>
/// The counts: from the bus, from the journal, how late they are, and what a dashboard's questions take over thirteen months, of some events
/// and of ten times as many. <c>--quick</c> has a third of each.
/// </summary>
internal static class UsageCounts
{
    private const int InABatch = 50;
    private const int ADay = 100_000;
    private const int Writers = 2;

    private static readonly TestCaller Operations = new() { Role = CdrRoles.Operations, Finess = null, Group = null };

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlan plan)
    {
        await using var platform = await UsagePlatform.StartAsync();
        var country = new Country(Regimes());
        List<FigureRow> rows = [];
        (string Name, Func<Task<IReadOnlyList<FigureRow>>> Measure)[] figures =
        [
            ("from the bus", () => BusAsync(platform, country, plan.IsQuick ? 10_000 : 30_000, plan.Rounds)),
            ("lag", () => LagAsync(platform, country, plan.IsQuick ? 5 : 15)),
            ("rebuild", () => RebuildAsync(platform, country, plan.IsQuick ? 2 * ADay : 7 * ADay)),
            ("dashboards", () => QuestionsAsync(platform, country, plan.IsQuick ? 60_000 : 200_000, plan.IsQuick ? 20 : 200)),
        ];
        foreach (var (name, measure) in figures.Where(figure => plan.Measures("usage", figure.Name)))
        {
            var began = Stopwatch.GetTimestamp();
            var found = await measure();
            // Said at once: the next one may take minutes.
            Console.WriteLine($"usage, {name}, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s:");
            Table.Print(found);
            rows.AddRange(found);
        }

        return rows;
    }

    private static string[] Regimes()
    {
        using var registry = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "shared", "regimes.json")));
        return [.. registry.RootElement.GetProperty("regimes").EnumerateArray().Select(regime => regime.GetProperty("id").GetString()!)];
    }

    private static async Task<IReadOnlyList<FigureRow>> BusAsync(UsagePlatform platform, Country country, int facts, int rounds)
    {
        var (speed, fetched) = (new Rounds(), new Rounds());
        for (var round = 0; round <= rounds; round++)
        {
            var now = TimeProvider.System.GetUtcNow();
            var journals = country.Facts(new Random(round), facts, now.AddMinutes(-5), TimeSpan.FromMinutes(5)).Chunk(facts / Writers).Select(half =>
            {
                var journal = Guid.CreateVersion7(now);
                return half.Chunk(InABatch).Select((some, index) => new ConsultationsAnswered(journal, index + 1, some)).ToArray();
            }).ToArray();
            var json = journals.Select(batches => batches.Select(JournalsBeside.Json).ToArray()).ToArray();
            var (before, handedOut) = (await platform.ConsultationsAsync(), platform.Journals.HandedOut);
            var began = Stopwatch.GetTimestamp();
            var telling = Task.WhenAll(journals.Zip(json, (batches, bytes) => TellAsync(platform, batches, bytes)));
            foreach (var batches in journals)
                await Deadline.UntilAsync("all that was told is counted", TimeSpan.FromMinutes(3), async () => telling.IsFaulted || await platform.CountedAsync(batches[0].Journal) >= batches.Length);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await telling;
            await RequireAsync(platform, before + facts);
            // The first compiles.
            if (round == 0)
                continue;
            speed.Add(facts / seconds);
            fetched.Add(100.0 * (platform.Journals.HandedOut - handedOut) / json.Sum(batches => batches.Length));
        }

        return
        [
            new($"Counted from the bus, of {Writers} replicas of Rights, {InABatch} a message", speed.Text("#,0", "/s"), Goal.AtLeast(speed.Median, 5_000, "/s")),
            // What comes ahead of another message is counted after the hole is fetched: were it much, the figure would be the journal's and not the bus's.
            new("    of it fetched from the journal, the round with the most", string.Create(CultureInfo.InvariantCulture, $"{fetched.Values.Max():0.0} %"), Goal.AtMost(fetched.Values.Max(), 10, " %")),
        ];
    }

    private static async Task RequireAsync(UsagePlatform platform, long consultations)
    {
        if (await platform.ConsultationsAsync() is var counted && counted != consultations)
            throw new InvalidOperationException($"Of {consultations} consultations {counted} are counted.");
    }

    /// <summary>Committed, then told, one after the other: as Rights does.</summary>
    private static async Task TellAsync(UsagePlatform platform, ConsultationsAnswered[] batches, byte[][] json)
    {
        foreach (var (batch, bytes) in batches.Zip(json))
        {
            platform.Journals.Add(batch.Journal, bytes);
            await platform.Bus.Publish(batch);
        }
    }

    private static async Task<IReadOnlyList<FigureRow>> LagAsync(UsagePlatform platform, Country country, int seconds)
    {
        const int aSecond = 1000 / InABatch;
        var (journal, random) = (Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), new Random(3));
        var before = await TotalAsync(platform);
        ConcurrentQueue<(double At, long Total)> told = new();
        var lags = new List<double>();
        var watch = Stopwatch.StartNew();
        var telling = Task.Run(async () =>
        {
            for (var n = 0; n < seconds * aSecond; n++)
            {
                var due = TimeSpan.FromSeconds((double)n / aSecond);
                var early = due - watch.Elapsed;
                if (early > TimeSpan.Zero)
                    await Task.Delay(early);
                var facts = country.Facts(random, InABatch, TimeProvider.System.GetUtcNow(), TimeSpan.Zero);
                // From when it is full, not from its confirmation. What its first answers waited for the last is Rights' figure.
                // By when it was due: a generator that falls behind makes no good lags.
                told.Enqueue((due.TotalMilliseconds, before + (n + 1L) * InABatch));
                var batch = new ConsultationsAnswered(journal, n + 1, facts);
                await TellAsync(platform, [batch], [JournalsBeside.Json(batch)]);
            }
        });
        while (lags.Count < seconds * aSecond && watch.Elapsed < TimeSpan.FromSeconds(seconds * 4 + 30))
        {
            var total = await TotalAsync(platform);
            while (told.TryPeek(out var oldest) && oldest.Total <= total && told.TryDequeue(out _))
                lags.Add(watch.Elapsed.TotalMilliseconds - oldest.At);
            await Task.Delay(20);
        }

        await telling;
        if (lags.Count < seconds * aSecond)
            throw new InvalidOperationException($"Of {seconds * aSecond} batches {lags.Count} were seen.");
        double[] all = [.. lags];
        return
        [
            new("From the batch to its count in the API, 1,000/s: p50 – p99", string.Create(CultureInfo.InvariantCulture, $"{OpenLoop.Quantile(all, 0.5):0} – {OpenLoop.Quantile(all, 0.99):0} ms"),
                Goal.AtMost(OpenLoop.Quantile(all, 0.99), 2_000, " ms", "p99 ")),
        ];
    }

    private static async Task<long> TotalAsync(UsagePlatform platform)
    {
        using var summary = JsonDocument.Parse(await platform.AskAsync("summary", Operations));
        return summary.RootElement.GetProperty("count").GetProperty("consultations").GetInt64();
    }

    private static async Task<IReadOnlyList<FigureRow>> RebuildAsync(UsagePlatform platform, Country country, int facts)
    {
        // Whole days of 100,000 in the journal's order, one of seven within the sixty days of which hours are kept: as of a retention of thirteen months.
        var now = TimeProvider.System.GetUtcNow();
        var from = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-100);
        var (journal, days) = (Guid.CreateVersion7(from), facts / ADay);
        var all = Enumerable.Range(0, days).SelectMany(day => country.Facts(new Random(day), ADay, from.AddDays(day == days - 1 ? 80 : day).AddHours(6), TimeSpan.FromHours(12)).OrderBy(fact => fact.At)).ToArray();
        platform.Journals.Clear();
        foreach (var (index, some) in all.Chunk(InABatch).Index())
            platform.Journals.Add(journal, JournalsBeside.Json(new ConsultationsAnswered(journal, index + 1, some)));
        await platform.Service.StopAsync();
        await platform.EmptyAsync();
        var speed = new Rounds();
        for (var round = 0; round < 3; round++)
        {
            await platform.Command.RunAsync("usage rebuild");
            var line = (await File.ReadAllLinesAsync(platform.Command.Log)).Last(text => text.StartsWith("Counted again in ", StringComparison.Ordinal));
            speed.Add(facts / double.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture));
            await RequireAsync(platform, facts);
            if (await platform.CountedAsync(journal) is var last && last != facts / InABatch)
                throw new InvalidOperationException($"The journal is counted up to batch {last}.");
        }

        platform.Journals.Clear();
        await platform.Service.StartAsync();
        return [new($"Rebuilt from the journal, {facts:N0} of {InABatch} a batch", speed.Text("#,0", "/s"), Goal.AtLeast(speed.Median, 100_000, "/s"))];
    }

    private static async Task<IReadOnlyList<FigureRow>> QuestionsAsync(UsagePlatform platform, Country country, int few, int times)
    {
        var now = TimeProvider.System.GetUtcNow();
        // Both sizes beside each other: what the machine does meanwhile happens to both.
        await using var small = await UsagePlatform.StartAsync();
        UsagePlatform[] both = [small, platform];
        var rows = new long[2];
        for (var size = 0; size < 2; size++)
        {
            // Cells of what was counted before would be in the way of these.
            await both[size].EmptyAsync(withCells: true);
            await both[size].FillAsync(Months(country, size == 0 ? few : few * 10, now), now);
            rows[size] = await both[size].RowsAsync("usage_day");
        }

        var p95 = await AskAllAsync(both, country, now, times);
        var worst = p95[1].MaxBy(one => one.Value / p95[0][one.Key]);
        List<FigureRow> found =
        [
            new($"Dashboards, 13 months of {few * 10:N0} consultations ({rows[1]:N0} rows of days): slowest p95", $"{p95[1].Values.Max():0.0} ms", Goal.AtMost(p95[1].Values.Max(), 50, " ms")),
            new($"  over a tenth of the consultations ({rows[0]:N0} rows), asked in turn, the question that grew most: {worst.Key}",
                (worst.Value / p95[0][worst.Key]).ToString("0.00", CultureInfo.InvariantCulture), Goal.AtMost(worst.Value / p95[0][worst.Key], 1.2)),
        ];
        foreach (var (what, milliseconds) in p95[1])
            found.Add(new("    " + what, string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms, × {milliseconds / p95[0][what]:0.00}")));
        return found;
    }

    /// <summary>Thirteen months up to now, month by month: of working days and others alike.</summary>
    private static IEnumerable<ConsultationFact[]> Months(Country country, int events, DateTimeOffset now)
    {
        var first = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        for (var month = -12; month <= 0; month++)
        {
            var (from, to) = (first.AddMonths(month), month == 0 ? now : first.AddMonths(month + 1));
            // Paris is ahead of UTC: the first hours of a month are the last of none before it.
            if (to - from <= TimeSpan.FromHours(4))
                yield break;
            yield return country.Facts(new Random(month + 100), (int)(events * ((to - from) / TimeSpan.FromDays(395))), from, to - from - TimeSpan.FromHours(3));
        }
    }

    private static async Task<Dictionary<string, double>[]> AskAllAsync(UsagePlatform[] platforms, Country country, DateTimeOffset now, int times)
    {
        var from = $"from={now.AddMonths(-12):yyyy-MM}-01";
        var (large, small) = (country.Place(0), country.Place(900));
        var manager = new TestCaller { Role = CdrRoles.GroupManager, Finess = null, Group = large.Group };
        var clerk = new TestCaller { Role = CdrRoles.Clerk, Finess = small.Finess, Group = small.Group, Department = small.Department };
        (string Path, TestCaller Caller)[] questions =
        [
            ("months", Operations), ($"summary?{from}&compare=previous,year", Operations), ($"series?{from}&step=month&by=regime", Operations), ($"series?{from}&step=day", Operations),
            ("series?step=day&by=department&top=20", Operations), ($"breakdown?{from}&by=department&compare=year&latency=true", Operations), ($"breakdown?{from}&by=establishment&top=50", Operations),
            ($"breakdown?{from}&by=regime&department=75", Operations), ($"breakdown?{from}&by=outcome&regime=msa&reason=emergency", Operations), ("objectives", Operations),
            ($"breakdown?{from}&by=unit&establishment={large.Finess}", Operations), ($"series?{from}&step=month&by=function", manager), ($"breakdown?{from}&by=establishment", manager),
            ($"breakdown?{from}&by=regime&scope=country", manager), ("months", clerk), ($"summary?{from}", clerk),
            // Filters as a page sets them, two at once.
            ($"summary?{from}&function=emergencies&compare=previous,year", Operations), ($"series?from={now.AddDays(-90):yyyy-MM-dd}&step=day&function=emergencies&regime=cnam", Operations),
            ($"breakdown?{from}&by=reason&function=invoicing", Operations), ($"summary?{from}&department=59&regime=msa", Operations), ($"breakdown?{from}&by=source&department=13&function=reception", Operations),
            ($"series?from={now.AddDays(-13):yyyy-MM-dd}&step=day&by=outcome", Operations),
        ];
        Dictionary<string, double>[] p95 = [.. platforms.Select(_ => new Dictionary<string, double>(StringComparer.Ordinal))];
        foreach (var (path, caller) in questions)
        {
            var milliseconds = platforms.Select(_ => new double[times]).ToArray();
            for (var n = -3; n < times; n++)
            {
                for (var size = 0; size < platforms.Length; size++)
                {
                    var began = Stopwatch.GetTimestamp();
                    await platforms[size].AskAsync(path, caller);
                    // The first ones warm up.
                    if (n >= 0)
                        milliseconds[size][n] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                }
            }

            for (var size = 0; size < platforms.Length; size++)
                p95[size][$"{caller.Role}: {path.Replace(from, "13 months", StringComparison.Ordinal)}"] = OpenLoop.Quantile(milliseconds[size], 0.95);
        }

        return p95;
    }
}
