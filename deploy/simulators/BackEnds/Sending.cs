using Cdr.RegimeSimulator.Protocols;

namespace Cdr.RegimeSimulator.BackEnds;

/// <summary>How an answer goes out, and what can happen to it on its way.</summary>
internal static class Sending
{
    private static readonly TimeSpan LateDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DripDelay = TimeSpan.FromMilliseconds(100);

    public static async Task SendAsync(HttpContext context, Rendered rendered, RegimeMode mode, int turn, TimeProvider clock)
    {
        var (response, body, leaving) = (context.Response, rendered.Body, context.RequestAborted);
        if (mode == RegimeMode.Reset)
        {
            context.Abort();
            return;
        }

        var isLengthOfWhole = mode != RegimeMode.Truncated || turn % 2 == 0;
        if (mode == RegimeMode.Truncated)
            body = body[..(body.Length / 2)];
        response.StatusCode = rendered.Status;
        response.ContentType = rendered.ContentType;
        response.ContentLength = isLengthOfWhole ? rendered.Body.Length : body.Length;
        switch (mode)
        {
            case RegimeMode.Late:
                await response.StartAsync(leaving);
                await response.Body.FlushAsync(leaving);
                await Task.Delay(LateDelay, clock, leaving);
                break;
            case RegimeMode.Drip:
                for (; !body.IsEmpty; body = body[1..])
                {
                    await response.Body.WriteAsync(body[..1], leaving);
                    await response.Body.FlushAsync(leaving);
                    await Task.Delay(DripDelay, clock, leaving);
                }

                return;
        }

        await response.Body.WriteAsync(body, leaving);
        if (body.Length < response.ContentLength)
        {
            await response.Body.FlushAsync(leaving);
            context.Abort();
        }
    }
}
