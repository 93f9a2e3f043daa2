using System.Collections.Frozen;
using Cdr.Domain;
using Cdr.Rights.Regimes.Protocols;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Regimes;

/// <summary>Asks a regime, or tells why it is not asked; measures, and knows how each one does.</summary>
internal sealed class RegimeCaller
{
    private readonly RegimeRegistry registry;
    private readonly RegimeMetrics metrics;
    private readonly TimeProvider clock;
    private readonly FrozenDictionary<RegimeId, RegimeLine> lines;

    public RegimeCaller(
        RegimeRegistry registry, IOptions<RegimeOptions> options, RegimeMetrics metrics, TimeProvider clock, IServiceProvider services)
    {
        this.registry = registry;
        this.metrics = metrics;
        this.clock = clock;
        lines = registry.Rows.ToFrozenDictionary(
            row => row.Id, row => new RegimeLine(row, Connector(row, services), options.Value, clock));
        metrics.Watch(Health);
    }

    /// <summary>Every failure is an answer.</summary>
    /// <param name="regime">A row of the registry.</param>
    /// <param name="question">The question.</param>
    /// <param name="calling">Called before the question leaves, if it does: from then on the regime may know of it.</param>
    /// <param name="cancellationToken">The question's deadline; a clerk who leaves cancels nothing.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<RegimeReply> AskAsync(RegimeRow regime, RegimeQuestion question, Action calling, CancellationToken cancellationToken)
    {
        if (RegimeSchedule.WhyNot(regime, question, clock.GetUtcNow()) is { } reason)
            return new RegimeReply(new RegimeAnswer.NotAsked(reason), 0, clock.GetUtcNow());

        var start = clock.GetTimestamp();
        var outcome = RegimeMetrics.Cancelled;
        var called = false;
        try
        {
            var answer = await lines[regime.Id].AskAsync(question, Calling, cancellationToken);
            outcome = RegimeMetrics.OutcomeOf(answer);
            // Zero is for what was not asked: left alone, or beyond its limits.
            return new RegimeReply(answer, called ? Math.Max(1, (int)clock.GetElapsedTime(start).TotalMilliseconds) : 0, clock.GetUtcNow());
        }
        finally
        {
            metrics.Asked(regime.Id, outcome, clock.GetElapsedTime(start));
        }

        void Calling()
        {
            called = true;
            calling();
        }
    }

    /// <summary>Health of every regime, in the order of the registry.</summary>
    public IReadOnlyList<RegimeHealth> Health() => [.. registry.Rows.Select(row => lines[row.Id].Health())];

    /// <summary>Neither closed at this hour nor left alone after too many failures, as far as this process knows.</summary>
    public bool CanAnswer(RegimeRow regime) => lines[regime.Id].Health().State is RegimeHealthState.Up or RegimeHealthState.Degraded;

    /// <summary>What nineteen in twenty of its last answers took; null while too few are known.</summary>
    public TimeSpan? UsualTime(RegimeRow regime) => lines[regime.Id].UsualTime;

    private static IRegimeConnector Connector(RegimeRow row, IServiceProvider services) => row.Protocol switch
    {
        RegimeProtocol.Rest => ActivatorUtilities.CreateInstance<RestRegime>(services, row),
        RegimeProtocol.Soap => ActivatorUtilities.CreateInstance<SoapRegime>(services, row),
        RegimeProtocol.Fhir => ActivatorUtilities.CreateInstance<FhirRegime>(services, row),
        _ => throw new InvalidOperationException($"Protocol {row.Protocol} has no connector."),
    };
}
