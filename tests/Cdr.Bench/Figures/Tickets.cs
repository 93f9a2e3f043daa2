using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Testing.Identity;

namespace Cdr.Bench.Figures;

/// <summary>
/// A hotline's day over a million tickets: the list with whatever filter, a ticket opened with its evidence, and 200 agents who work at once on
/// one replica. <c>--quick</c> has a tenth of the tickets.
/// </summary>
internal static class Tickets
{
    private const int Evidence = 3_000;

    // As the portal's pages ask: a ticket that is open every 5 s, the bell every 30 s; and as people work: a list twice a minute, another ticket each minute.
    private const double ASecond = TicketCountry.Agents * (1 / 5.0 + 1 / 30.0 + 1 / 30.0 + 1 / 60.0);

    private static readonly TestCaller[] Hotline =
        [.. Enumerable.Range(0, TicketCountry.Agents).Select(n => new TestCaller { Role = CdrRoles.Hotline, Subject = TicketCountry.Agent(n), Finess = null, Group = null })];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlan plan)
    {
        var country = new TicketCountry(new Country(["cnam", "msa"]));
        await using var platform = await SupportPlatform.StartAsync();
        var tickets = plan.IsQuick ? 100_000 : 1_000_000;
        var began = Stopwatch.GetTimestamp();
        await platform.FillAsync(tickets, Evidence, country);
        Console.WriteLine($"support: {tickets:N0} tickets, written in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");
        List<FigureRow> rows = [];
        foreach (var measure in new[] { () => ListsAsync(platform, country, tickets, plan.IsQuick ? 20 : 60), () => OpeningAsync(platform, plan.IsQuick ? 300 : 1_000), () => ContestingAsync(platform, country, plan.IsQuick ? 300 : 1_000), () => AgentsAsync(platform, plan.IsQuick ? 10 : 40) })
        {
            var found = await measure();
            Table.Print(found);
            rows.AddRange(found);
        }

        return rows;
    }

    private static async Task<IReadOnlyList<FigureRow>> ListsAsync(SupportPlatform platform, TicketCountry country, int tickets, int times)
    {
        var (hotline, clerk, large) = (Agent(0), Clerk(country), country.Large);
        var manager = new TestCaller { Role = CdrRoles.GroupManager, Subject = "manager-1", Finess = null, Group = large.Group };
        var agent = new TestCaller { Role = CdrRoles.RegimeAgent, Subject = "agent-1", Finess = null, Group = null, Regime = "cnam" };
        string[] states = ["new", "inProgress", "waitingForRequester", "transferred", "solved", "closed", "merged", "abandoned", "draft"];
        string[] kinds = ["technical", "usageHelp", "dataInconsistency"];
        var middle = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddMonths(-18));
        List<string> filters = ["", "assignee=me", $"organism={TicketCountry.LargeOrganism}", "organism=01199", "organism=99999", "assignee=nobody", $"after={middle}", "take=200"];
        filters.AddRange(states.Select(state => "state=" + state));
        filters.AddRange(kinds.Select(kind => "kind=" + kind));
        filters.AddRange(from state in states from kind in kinds select $"state={state}&kind={kind}");
        filters.AddRange(from state in states from more in new[] { "assignee=me", $"organism={TicketCountry.LargeOrganism}", $"after={middle}" } select $"state={state}&{more}");
        filters.AddRange(from kind in kinds from more in new[] { "assignee=me", $"organism={TicketCountry.LargeOrganism}", $"organism={TicketCountry.LargeOrganism}&assignee=me" } select $"kind={kind}&{more}");
        // Rare, frequent and beside another one; a queue by what is due first.
        string[] others = ["priority=critical", $"department={large.Department}", "department=976", "overdue=true", "author=me", "order=due"];
        filters.AddRange(others);
        filters.AddRange(from state in states from other in others select $"state={state}&{other}");
        filters.AddRange(from kind in kinds from other in others select $"kind={kind}&{other}");
        string[] hotlines = ["team=nobody", $"team={TicketCountry.Team(0)}", "team=nobody&state=closed", $"team={TicketCountry.Team(1)}&state=inProgress&order=due"];
        // Who has a ticket at the hotline, person or team, is asked by the hotline alone.
        var asked = (from caller in new[] { hotline, clerk, manager, agent } from filter in filters.Concat(hotlines)
            where caller == hotline || !(filter.Contains("assignee=", StringComparison.Ordinal) || filter.Contains("team=", StringComparison.Ordinal)) select (Caller: caller, Filter: filter)).ToArray();
        var p95 = new Dictionary<string, double>(StringComparer.Ordinal);
        var all = new List<double>();
        foreach (var (caller, filter) in asked)
        {
            await platform.AskAsync(HttpMethod.Get, "tickets?" + filter, caller);
            // What is far beyond the figure is told soon, and not sixty times.
            var milliseconds = new List<double>();
            while (milliseconds.Count < times && (milliseconds.Count < 20 || milliseconds.Sum() < 10_000))
            {
                var start = Stopwatch.GetTimestamp();
                await platform.AskAsync(HttpMethod.Get, "tickets?" + filter, caller);
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            all.AddRange(milliseconds);
            p95[$"{caller.Role}: {filter}"] = OpenLoop.Quantile([.. milliseconds], 0.95);
        }

        var slowest = p95.OrderByDescending(one => one.Value).Where((one, place) => place < 5 || (place < 30 && one.Value > 100)).ToList();
        return
        [
            new($"List of {tickets:N0} tickets, {asked.Length} filters of four roles: p95 of the slowest", Milliseconds(slowest[0].Value), Goal.AtMost(slowest[0].Value, 100, " ms")),
            .. slowest.Select(one => new FigureRow("    " + one.Key, Milliseconds(one.Value))),
            new("    all of them: p50 – p95", Text([.. all], 0.5, 0.95)),
        ];
    }

    private static async Task<IReadOnlyList<FigureRow>> OpeningAsync(SupportPlatform platform, int times)
    {
        var milliseconds = new double[times];
        for (var n = -20; n < times; n++)
        {
            var start = Stopwatch.GetTimestamp();
            await OpenAsync(platform, n + 20, Agent(n + 20));
            if (n >= 0)
                milliseconds[n] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return [new("A ticket opened with its evidence, one after the other: p50 – p99", Text(milliseconds, 0.5, 0.99), Goal.AtMost(OpenLoop.Quantile(milliseconds, 0.99), 150, " ms", "p99 "))];
    }

    // Asked of Rights by three calls, which answers at once here.
    private static async Task<IReadOnlyList<FigureRow>> ContestingAsync(SupportPlatform platform, TicketCountry country, int times)
    {
        var (clerk, milliseconds) = (Clerk(country), new double[times]);
        for (var n = -20; n < times; n++)
        {
            using var body = JsonContent.Create(new TicketRequest
            {
                Kind = TicketKind.DataInconsistency, Title = "Droits fermés dans la réponse, ouverts sur la carte Vitale", Text = "La carte dit autrement que la réponse : la période de base est ouverte.",
                Consultation = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
            }, options: JsonSerializerOptions.Web);
            var start = Stopwatch.GetTimestamp();
            await platform.AskAsync(HttpMethod.Post, "tickets", clerk, body);
            if (n >= 0)
                milliseconds[n] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return [new("A ticket begun on an answer, which is frozen with it: p50 – p99", Text(milliseconds, 0.5, 0.99), Goal.AtMost(OpenLoop.Quantile(milliseconds, 0.99), 150, " ms", "p99 "))];
    }

    private static async Task<IReadOnlyList<FigureRow>> AgentsAsync(SupportPlatform platform, int seconds)
    {
        ConcurrentDictionary<string, ConcurrentBag<double>> taken = new(StringComparer.Ordinal);
        async Task WorkAsync(int n)
        {
            // Of seventeen: twelve looks, two bells, two lists, one opening.
            var agent = Agent(n * 7919);
            var start = Stopwatch.GetTimestamp();
            var what = (n % 17) switch { < 12 => "a look", < 14 => "a bell", < 16 => "a list", _ => "an opening" };
            await (what switch
            {
                "a look" => platform.AskAsync(HttpMethod.Post, $"tickets/{platform.Contested[n % platform.Contested.Count]}/looking", agent),
                "a bell" => platform.AskAsync(HttpMethod.Get, "notices/count", agent),
                "a list" => platform.AskAsync(HttpMethod.Get, n % 2 == 0 ? "tickets?state=new" : "tickets?assignee=me&state=inProgress", agent),
                _ => OpenAsync(platform, n, agent),
            });
            taken.GetOrAdd(what, _ => []).Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        await OpenLoop.RunAsync(ASecond, (int)(ASecond * 5), WorkAsync);
        taken.Clear();
        var (spent, watch) = (platform.Process.CpuSeconds(), Stopwatch.StartNew());
        var all = await OpenLoop.RunAsync(ASecond, (int)(ASecond * seconds), WorkAsync);
        var cores = (platform.Process.CpuSeconds() - spent) / watch.Elapsed.TotalSeconds * 100;
        double P95(string what) => OpenLoop.Quantile([.. taken[what]], 0.95);
        return
        [
            new($"{TicketCountry.Agents} agents live on one replica, {ASecond:0.0} calls a second: p50 – p95 of all", Text(all, 0.5, 0.95), Goal.AtMost(OpenLoop.Quantile(all, 0.95), 100, " ms", "p95 ")),
            .. taken.Keys.Order(StringComparer.Ordinal).Select(what => new FigureRow($"    {what}: p50 – p95", Text([.. taken[what]], 0.5, 0.95), what == "a list" ? Goal.AtMost(P95(what), 100, " ms", "p95 ") : null)),
            new("    of one core, Support", string.Create(CultureInfo.InvariantCulture, $"{cores:0.0} %"), Goal.AtMost(cores, 100, " %")),
            new("    highest memory", string.Create(CultureInfo.InvariantCulture, $"{platform.Process.HighestMemory() / 1048576.0:0} MB")),
        ];
    }

    private static async Task OpenAsync(SupportPlatform platform, int n, TestCaller agent)
    {
        var ticket = platform.Contested[n % platform.Contested.Count];
        await platform.AskAsync(HttpMethod.Get, $"tickets/{ticket}", agent);
        await platform.AskAsync(HttpMethod.Get, $"tickets/{ticket}/evidence", agent);
    }

    private static TestCaller Clerk(TicketCountry country) => new() { Subject = "clerk-1", Finess = country.Large.Finess, Group = country.Large.Group, Department = country.Large.Department };

    private static TestCaller Agent(int n) => Hotline[n % TicketCountry.Agents];

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms");

    private static string Text(double[] milliseconds, double low, double high) => string.Create(
        CultureInfo.InvariantCulture, $"{OpenLoop.Quantile(milliseconds, low):0.0} – {OpenLoop.Quantile(milliseconds, high):0.0} ms ({milliseconds.Length} measured)");
}
