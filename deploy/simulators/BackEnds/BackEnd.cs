using System.Buffers;
using Cdr.RegimeSimulator.Protocols;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.BackEnds;

/// <summary>One simulated regime: its door, its moods, its hours.</summary>
internal sealed class BackEnd(RegimeRow regime, IWireProtocol protocol, Answering answering, SimulatorProfile profile, TimeProvider clock)
{
    private const int LongestBody = 64 * 1024;

    private static readonly TimeSpan SlowDelay = TimeSpan.FromSeconds(2.5);
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private readonly Latency latency = new(regime.Id);
    private readonly int? capacity = profile == SimulatorProfile.Demo ? 2 * regime.Limits.Concurrency : null;
    private long calls;
    private int inFlight;
    private int failures;

    public RegimeRow Regime => regime;

    public IWireProtocol Protocol => protocol;

    public RegimeMode Mode { get; set; }

    public RegimeActivity Activity => new(regime.Id, Mode, Interlocked.Read(ref calls), Volatile.Read(ref inFlight), capacity);

    public void Reset()
    {
        Mode = RegimeMode.Up;
        Interlocked.Exchange(ref calls, 0);
        Interlocked.Exchange(ref failures, 0);
    }

    public async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref calls);
        try
        {
            if (Interlocked.Increment(ref inFlight) > capacity)
                await RefuseAsync(context);
            else
                await BehaveAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left: that is how a hanging call ends.
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }

    private async Task BehaveAsync(HttpContext context)
    {
        var mode = Mode;
        if (mode == RegimeMode.Hanging)
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        if (profile != SimulatorProfile.Bench)
            await Task.Delay(latency.Next(), clock, context.RequestAborted);
        if (mode == RegimeMode.Slow)
            await Task.Delay(SlowDelay, clock, context.RequestAborted);

        var turn = mode is RegimeMode.Up or RegimeMode.Slow ? 0 : Interlocked.Increment(ref failures) - 1;
        var rendered = mode switch
        {
            RegimeMode.Failing => turn % 2 == 0 ? Damage.Failure with { Status = StatusCodes.Status500InternalServerError } : Damage.Failure,
            RegimeMode.Unavailable => Damage.Failure,
            RegimeMode.Garbage => Damage.Garbage(protocol, turn),
            RegimeMode.WrongSchema => protocol.WrongSchema,
            _ => Damage.Written(mode, turn, await AnswerAsync(context, mode, turn)),
        };
        await Sending.SendAsync(context, rendered, mode, turn, clock);
    }

    private async ValueTask<Rendered> AnswerAsync(HttpContext context, RegimeMode mode, int turn)
    {
        var body = await ReadBodyAsync(context.Request, context.RequestAborted);
        var exchange = new Exchange(context.Request.Headers[RequestHeaders.Consultation].ToString(), clock.GetUtcNow(), null);
        if (mode == RegimeMode.Closed || IsNight())
            return protocol.Write(new Reply.Closed(), exchange);
        if (mode == RegimeMode.ErrorInside)
            return protocol.Write(new Reply.Refused("TECHNIQUE", "Erreur interne."), exchange) with { Status = StatusCodes.Status200OK };
        if (body is null)
            return protocol.Write(new Reply.Refused("REQUETE", "Le corps dépasse 64 Kio."), exchange);
        if (RequestHeaders.Refusal(context.Request) is { } refusal)
            return protocol.Write(refusal, exchange);

        var reading = protocol.Read(context.Request, body);
        Reply reply = reading.Question is { } question ? answering.Answer(question) : reading.Refusal!;
        reply = mode switch
        {
            RegimeMode.Overlapping => Damage.Overlapping(reply, turn),
            RegimeMode.Contradictory => answering.Contradicting(reply, turn),
            _ => reply,
        };
        return protocol.Write(reply, exchange with { CareDate = reading.Question?.CareDate });
    }

    private bool IsNight() => profile == SimulatorProfile.Demo
        && regime.ClosedDaily.Any(closing => closing.Contains(TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Paris).DateTime)));

    private static async ValueTask<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAtLeastAsync(LongestBody + 1, cancellationToken);
        var body = read.Buffer.Length > LongestBody ? null : read.Buffer.ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
