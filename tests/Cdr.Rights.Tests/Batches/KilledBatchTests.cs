using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Npgsql;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A whole file through the real program on PostgreSQL and RabbitMQ, and what is left of it in the tables.</summary>
public sealed class KilledBatchTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hundred_lines_with_a_regime_down_for_an_hour_and_the_service_killed_twice_have_one_outcome_each()
    {
        using var folder = new TestFolder("killed");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.WithoutHostAsync(new WorldSetup
        {
            Clock = clock, Postgres = await servers.PostgresAsync(), Rabbit = await (await servers.RabbitAsync()).CreateVirtualHostAsync(Cancellation),
        });
        await using var rights = new ServiceProcess(Repository.Program("services/rights", "Cdr.Rights"), folder.File("rights.log"),
        [
            .. world.Settings(new Dictionary<string, string?>
            {
                ["Batches:PerSecond"] = "100", ["Batches:AtOnce"] = "4", ["Batches:PumpPeriod"] = "00:00:00.200", ["Batches:Deadline"] = "00:00:10", ["Batches:Lease"] = "00:00:20", ["Logging:LogLevel:Default"] = "Warning",
            }),
            new(MovedClock.Variable, folder.File("clock")), new("DOTNET_STARTUP_HOOKS", typeof(KilledBatchTests).Assembly.Location), new("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(KilledBatchTests).Assembly.GetName().Name),
        ]);
        await rights.StartAsync(cancellationToken: Cancellation);
        using var http = new HttpClient { BaseAddress = rights.Address, Timeout = TimeSpan.FromSeconds(60) };
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        var people = world.Regimes.People.All().SelectMany(p => p.Memberships.Where(m => m.MovedTo is null).Select(m => (p.Nir, m.Regime))).ToList();
        var lines = Enumerable.Range(0, 500).Select(place => people[place % people.Count]).ToList();
        var down = lines.Count(line => line.Regime == "cnam");
        Assert.InRange(down, 50, 450);

        var batch = JsonSerializer.Deserialize<BatchProgress>(
            await SendAsync(HttpMethod.Post, "/api/batches", Harness.Batches.Json(lines.Select(line => new { nir = line.Nir, reason = "patient-absent", regime = line.Regime }))), JsonSerializerOptions.Web)!;
        // In the middle of the first pass.
        await UntilAsync("some lines are answered", progress => progress.Answered >= 30);
        await rights.KillAsync();
        Assert.InRange((await CountsAsync()).Answered, 30, 500 - down - 1);
        // While nothing is being asked: a question under way when the clock jumps is past its deadline, and its line waits.
        clock.Advance(TimeSpan.FromSeconds(21));
        await rights.StartAsync(cancellationToken: Cancellation);
        await UntilAsync("all others are answered, and those of the silent one wait", progress => progress.Answered == 500 - down && progress.Postponed == down);

        // Half an hour later it is still down.
        clock.Advance(TimeSpan.FromMinutes(30));
        await Records.UntilAsync("they were asked again", async () => (long)(await Sql.RunAsync(world.Database!.Administrator, "SELECT count(*) FROM batch_lines WHERE \"State\" = 0 AND \"Tries\" < 2"))! == 0);
        clock.Advance(TimeSpan.FromMinutes(31));
        world.Regimes.Switches["cnam"] = RegimeMode.Up;
        // In the middle of the last pass.
        await UntilAsync("some of them are answered", progress => progress.Answered > 500 - down + 10);
        await rights.KillAsync();
        Assert.True((await CountsAsync()).Waiting > 0);
        clock.Advance(TimeSpan.FromMinutes(30));
        await rights.StartAsync(cancellationToken: Cancellation);
        await UntilAsync("every line is answered", progress => progress.State == BatchState.Ended);

        var results = JsonSerializer.Deserialize<BatchResults>(await SendAsync(HttpMethod.Get, batch.Links.Results), JsonSerializerOptions.Web)!;
        Assert.Equal(Enumerable.Range(1, 500), results.Lines.Select(line => line.Line));
        Assert.Equal(500, results.Lines.Select(line => line.Answer!.Id).Distinct().Count());
        Assert.All(results.Lines, line => Assert.NotEqual(ConsultationOutcome.Incomplete, line.Answer!.Outcome));
        // And none beside them.
        Assert.Equal(500L, await Sql.RunAsync(world.Database!.Administrator, "SELECT count(*) FROM records WHERE \"Kind\" = 3"));
        Assert.Equal(500L, await Sql.RunAsync(world.Database.Administrator, "SELECT count(*) FROM records r JOIN batch_lines l ON l.\"Consultation\" = r.\"Id\" WHERE r.\"Kind\" = 3"));

        async Task<byte[]> SendAsync(HttpMethod method, string path, string? body = null)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new("Bearer", world.Tokens.Mint(new TestCaller()));
            if (body is not null)
                request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(request, Cancellation);
            var bytes = await response.Content.ReadAsByteArrayAsync(Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(bytes)}");
            return bytes;
        }

        Task UntilAsync(string what, Func<BatchProgress, bool> condition) => Records.UntilAsync(what, async () =>
            condition(JsonSerializer.Deserialize<BatchProgress>(await SendAsync(HttpMethod.Get, batch.Links.Self), JsonSerializerOptions.Web)!));

        async Task<(long Waiting, long Answered)> CountsAsync() => (
            (long)(await Sql.RunAsync(world.Database!.Administrator, "SELECT count(*) FROM batch_lines WHERE \"State\" = 0"))!,
            (long)(await Sql.RunAsync(world.Database.Administrator, "SELECT count(*) FROM batch_lines WHERE \"State\" = 1"))!);
    }

    [Fact]
    public async Task Telemetry_messages_and_plain_columns_hold_nothing_of_a_person()
    {
        using var overheard = new Overheard();
        var rabbit = await servers.RabbitAsync();
        var address = await rabbit.CreateVirtualHostAsync(Cancellation);
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Logs = overheard, Postgres = await servers.PostgresAsync(), Rabbit = address,
            Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "100", ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:MassTransit"] = "Trace", ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Trace" },
        });
        var messages = await MessageTap.StartAsync(rabbit, address, "Cdr.Contracts.Rights:AskBatchLines", "Cdr.Contracts.Rights:ConsultationsAnswered");
        var people = world.Regimes.People.All().Where(p => p.Memberships.Count > 0).Take(30).ToList();
        var batch = await world.Host.UploadAsync(
            Harness.Batches.Json(people.SelectMany((p, place) => (object[])
            [
                new { reference = "facture " + p.Nir, nir = p.Nir, reason = "emergency", regime = p.Memberships[0].Regime },
                new { names = new { familyName = p.Person.FamilyName, givenName = p.Person.GivenName }, birthDate = p.Person.BirthDate.Iso, reason = "emergency" },
            ])), key: "cle " + people[0].Nir).ProgressAsync();
        await world.Host.EndedAsync(batch);
        await world.Host.UploadAsync("nir;motif\r\n" + people[0].Nir[..12] + "Z;emergency\r\n", "text/csv").ProblemAsync();

        // What no consumer can take keeps its body, and whatever is said of the fault.
        await messages.SpoilAsync("rights-ask-batch-lines", $"{{\"message\":{{\"batch\":\"{batch.Id}\",");
        IReadOnlyList<string> dead = [];
        await Records.UntilAsync("a message is dead", async () => (dead = await messages.DeadLettersAsync()).Count > 0);
        List<string> places = [overheard.Text(), .. await messages.TakeAsync(), .. dead];
        Assert.Contains(dead, place => place.Contains(batch.Id.ToString(), StringComparison.Ordinal));
        // Each line went through the lane, and its answer was told.
        Assert.Contains(places, place => place.Contains("\"lines\"", StringComparison.OrdinalIgnoreCase) && place.Contains(batch.Id.ToString(), StringComparison.Ordinal));
        Assert.Contains(places, place => place.Contains("\"facts\"", StringComparison.OrdinalIgnoreCase));
        foreach (var table in (string[])["batch_files", "batch_lines"])
        {
            await using var open = await Sql.OpenAsync(world.Database!.Administrator);
            await using var command = new NpgsqlCommand($"SELECT t::text FROM {table} t", open);
            await using var rows = await command.ExecuteReaderAsync(Cancellation);
            while (await rows.ReadAsync(Cancellation))
                places.Add(rows.GetString(0));
        }

        Assert.True(places.Count > 70);
        foreach (var told in people.SelectMany(p => Told.Forms(p.Nir).Append(p.Nir[..12] + "Z")))
            Assert.All(places, place => Assert.DoesNotContain(told, place, StringComparison.OrdinalIgnoreCase));
        foreach (var date in people.Select(p => p.Person.BirthDate.Iso).Distinct())
            Assert.All(places, place => Assert.False(Told.IsDatedIn(place, date), "a birth date"));
        foreach (var name in people.SelectMany(p => new[] { p.Person.FamilyName, p.Person.NameInUse, p.Person.GivenName }).OfType<string>().Distinct())
        {
            Assert.All(places, place => Assert.False(Told.IsIn(place, name), name));
            foreach (var written in Told.Encoded(name))
                Assert.All(places, place => Assert.DoesNotContain(written, place, StringComparison.Ordinal));
        }
    }
}
