using System.Text;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Presence;

/// <summary>The heartbeats of a moment go to the shared state together: nobody waits for one, and a round trip costs more than what it carries.</summary>
internal sealed class Heartbeats(ISharedState shared, IOptions<PresenceOptions> options)
{
    // The shared state does nothing else meanwhile.
    private const int Most = 500;

    // The pace is the machine's: what is said of time is the clock's.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private static readonly string AliveFirst = Encoding.ASCII.GetString([.. SessionGate.Alive, .. SessionGate.Doubtful]);

    private readonly Lock gate = new();
    private List<Beat>? waiting;

    /// <summary>The copy's number goes up and its life begins anew; only where it is there, and not ended.</summary>
    /// <exception cref="SharedStateUnavailableException">Not heard.</exception>
    public Task<Raised> SayAsync(Guid session, long sequence, CancellationToken cancellationToken)
    {
        var beat = new Beat(SessionGate.Key(session.ToString()), sequence, new TaskCompletionSource<Raised>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (waiting is null)
                _ = SendAsync(waiting = []);
            waiting.Add(beat);
            if (waiting.Count == Most)
                waiting = null;
        }

        return beat.Heard.Task.WaitAsync(cancellationToken);
    }

    private async Task SendAsync(List<Beat> beats)
    {
        await Task.Delay(Moment);
        lock (gate)
        {
            if (ReferenceEquals(waiting, beats))
                waiting = null;
        }

        try
        {
            var raised = await shared.RaiseAsync([.. beats.Select(beat => (beat.Key, beat.Sequence))], AliveFirst, options.Value.Lost, CancellationToken.None);
            for (var at = 0; at < beats.Count; at++)
                beats[at].Heard.SetResult(raised[at]);
        }
        catch (Exception e)
        {
            // Whatever it is: each of them waits for an answer.
            beats.ForEach(beat => beat.Heard.TrySetException(e));
        }
    }

    private sealed record Beat(string Key, long Sequence, TaskCompletionSource<Raised> Heard);
}
