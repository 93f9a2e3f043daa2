using System.Text.Json.Serialization;

namespace Cdr.RegimeSimulator;

/// <summary>The simulated national directory: which regimes manage a person today. docs/regime-protocols.md, « The directory ».</summary>
public sealed class SimulatedDirectory
{
    private readonly SimulatedPeople people;
    private readonly TimeProvider clock;
    private long calls;

    internal SimulatedDirectory(SimulatedPeople people, TimeProvider clock) => (this.people, this.clock) = (people, clock);

    /// <value>Up, failing, garbage or hanging; the other modes are as up.</value>
    public RegimeMode Mode { get; set; }

    /// <value>Since the start.</value>
    public long Calls => Interlocked.Read(ref calls);

    internal async Task<IResult> HandleAsync(DirectoryQuestion question, HttpContext context)
    {
        Interlocked.Increment(ref calls);
        if (Mode == RegimeMode.Hanging)
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // The client left: that is how a hanging call ends.
            }
        }

        if (Mode == RegimeMode.Failing)
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (Mode == RegimeMode.Garbage)
            return TypedResults.Text("<html>", "text/html");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().DateTime);
        var regimes = question.Nir is { } nir && people.Find(nir) is { } person
            ? person.Memberships.Where(membership => !membership.HasMovedOn(today)).Select(membership => membership.Regime)
            : [];
        return TypedResults.Json(new DirectoryAnswer([.. regimes]));
    }
}

internal sealed record DirectoryQuestion(string? Nir)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(DirectoryQuestion);
}

internal sealed record DirectoryAnswer([property: JsonPropertyName("regimes")] string[] Regimes);
