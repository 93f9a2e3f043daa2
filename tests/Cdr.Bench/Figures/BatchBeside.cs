using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;
using Cdr.Testing.Identity;

namespace Cdr.Bench.Figures;

/// <summary>Fresh questions of clerks at a steady rate, with the lane of files full and without.</summary>
internal static class BatchBeside
{
    private const double PerSecond = 40;
    private const int FileLines = 500;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var biller = await platform.SignInAsync(new TestCaller { Subject = "person-invoicing", Function = "invoicing" });
        var count = (int)(PerSecond * plan.Seconds * 2);
        var (alone50, alone95, beside50, beside95, lines) = (new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds());
        // What is compiled first counts for nobody.
        await AskAsync();
        for (var round = 0; round < plan.Rounds; round++)
        {
            var alone = await AskAsync();
            var file = await UploadAsync();
            var before = await AnsweredAsync(file.Id);
            var beside = await AskAsync();
            lines.Add((await AnsweredAsync(file.Id) - before) * PerSecond / count);
            await SendAsync(HttpMethod.Post, file.Cancel, null);
            alone50.Add(OpenLoop.Quantile(alone, 0.5));
            alone95.Add(OpenLoop.Quantile(alone, 0.95));
            beside50.Add(OpenLoop.Quantile(beside, 0.5));
            beside95.Add(OpenLoop.Quantile(beside, 0.95));
            // A file that was over before the clerks were proves nothing.
            if (await AnsweredAsync(file.Id) == FileLines)
                throw new InvalidOperationException("The file ended before the measurement did.");
        }

        return
        [
            new("Fresh question of a clerk, no file: p50", alone50.Text("0.0", " ms")),
            new("  p95", alone95.Text("0.0", " ms")),
            new("Fresh question of a clerk, lane of files full: p50", beside50.Text("0.0", " ms")),
            new("  p95", beside95.Text("0.0", " ms")),
            new("  p50 over no file", beside50.Over(alone50).Text("0.00")),
            new("  p95 over no file", beside95.Over(alone95).Text("0.00"), Goal.AtMost(beside95.Over(alone95).Median, 1.2)),
            new("  Lines answered meanwhile", lines.Text("0.0", "/s")),
        ];

        async Task<double[]> AskAsync()
        {
            var bodies = platform.TakePeople(count, "cnam").Select(p => BenchPlatform.Question(p.Nir, "cnam")).ToList();
            return await OpenLoop.RunAsync(PerSecond, count, place => platform.AskAsync(bodies[place]));
        }

        async Task<(Guid Id, string Cancel)> UploadAsync()
        {
            var file = JsonSerializer.Serialize(platform.TakePeople(FileLines, "cnam").Select(p => new { nir = p.Nir, regime = "cnam", reason = "patient-absent" }));
            using var accepted = JsonDocument.Parse(await SendAsync(HttpMethod.Post, "api/batches", file));
            return (accepted.RootElement.GetProperty("id").GetGuid(), accepted.RootElement.GetProperty("links").GetProperty("cancel").GetString()!);
        }

        Task<long> AnsweredAsync(Guid file) => platform.FromJournalAsync($"SELECT count(*) FROM batch_lines WHERE \"Batch\" = '{file}' AND \"State\" = 1");

        async Task<string> SendAsync(HttpMethod method, string path, string? body)
        {
            using var request = new HttpRequestMessage(method, new Uri(platform.Rights.Process.Address, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", biller);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await platform.Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"Rights answered {(int)response.StatusCode}: {text}");
        }
    }
}
