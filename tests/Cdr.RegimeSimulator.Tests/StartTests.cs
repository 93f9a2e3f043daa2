using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cdr.RegimeSimulator.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData("Simulator:Profile", "fast")]
    [InlineData("Simulator:InsuredPersons", "-1")]
    [InlineData("Simulator:Seed", "-5")]
    [InlineData("Simulator:RegistryFile", "/nowhere/regimes.json")]
    public async Task It_does_not_start_with_settings_that_make_no_sense(string key, string value)
    {
        await using var host = new SimulatorHost(new() { [key] = value });
        var exception = Assert.ThrowsAny<Exception>(host.CreateClient);
        Assert.True(exception is OptionsValidationException or InvalidOperationException, exception.GetType().Name);
    }

    [Fact]
    public async Task The_bench_profile_says_at_start_what_it_leaves_out()
    {
        using var logs = new Logs();
        await using var host = new SimulatorHost(new() { ["Simulator:InsuredPersons"] = "0" }, logs: logs);
        _ = host.CreateClient();
        Assert.Contains(logs.Lines, static line => line.Contains("Profile bench: no latency, no capacity and no nightly hours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_number_name_or_birth_date_is_logged_even_at_the_finest_level()
    {
        using var logs = new Logs();
        await using var host = new SimulatorHost(
            new() { ["Simulator:InsuredPersons"] = "0", ["Logging:LogLevel:Default"] = "Trace" }, logs: logs);
        using var client = host.CreateClient();
        foreach (var mode in Enum.GetValues<RegimeMode>().Where(static mode => mode is not (RegimeMode.Hanging or RegimeMode.Slow or RegimeMode.Late or RegimeMode.Drip)))
        {
            host.Switches.SetAll(mode);
            foreach (var question in host.People.Cases.SelectMany(static one => one.Questions).Where(static question => question.Regime is not null))
            {
                var sending = client.SendAsync(Wire.Request(Page.Of(question.Regime!), question), TestContext.Current.CancellationToken);
                // Some modes tear the connection: what they log counts, not what they answer.
                await Task.WhenAny(sending);
                if (sending.IsCompletedSuccessfully)
                    (await sending).Dispose();
            }
        }

        using (await client.SendAsync(Wire.WithHeaders(Wire.RestBody(Page.Of("cnam"), "{\"nir\":\"2840575112901\",")), TestContext.Current.CancellationToken))
        {
        }

        Assert.NotEmpty(logs.Lines);
        var log = string.Join('\n', logs.Lines);
        Assert.All(host.People.Nirs(), nir => Assert.DoesNotContain(nir, log, StringComparison.Ordinal));
        foreach (var person in host.People.All().SelectMany(static one => one.Memberships).SelectMany(static one => one.Beneficiaries).Select(static one => one.Person))
        {
            Assert.DoesNotContain(person.FamilyName, log, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(person.BirthDate.Iso, log, StringComparison.Ordinal);
        }
    }

    private sealed class Logs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
