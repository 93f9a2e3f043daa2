using System.Collections.Concurrent;
using Cdr.Drawer;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.Sessions.Tests.Start;

public sealed class PrivacyTests(PrintedCards cards)
{
    [Fact]
    public async Task Nothing_personal_and_no_secret_is_logged_even_at_the_finest_level()
    {
        using var lines = new Lines();
        using var host = new SessionsHost(cards, [new("Logging:LogLevel:Default", "Trace")], services => services.AddSingleton<ILoggerProvider>(lines));
        var agent = new TestAgent(host);
        var secrets = new List<string>();
        foreach (var card in new[] { "cps-medecin", "cpe-referent", "cpa-hotline", "cps-liberal", "cpe-opposee" })
        {
            var printed = Deck.Find(card)!;
            secrets.AddRange([printed.FamilyName, printed.Number[1..]]);
            var opening = await agent.OpenAsync(card);
            if (opening.Status != 200)
                continue;
            var grant = (await agent.RedeemAsync(opening.Value.Ticket, opening.Value.Activities[0].Id)).Value;
            await agent.RenewAsync(grant);
            secrets.AddRange([opening.Value.Ticket, grant.Renewal, grant.Token.Value]);
        }

        Assert.Contains(lines.All, line => line.Contains("opened as", StringComparison.Ordinal));
        foreach (var secret in secrets)
            Assert.DoesNotContain(lines.All, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
