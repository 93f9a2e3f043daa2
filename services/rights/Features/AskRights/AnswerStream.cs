using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.AskRights;

/// <summary>The answer as events. Nothing personal is shown before a record of it is durable.</summary>
internal sealed class AnswerStream(JournalWriter journal, RecordWriting records)
{
    private static readonly byte[] EventField = "event: "u8.ToArray();
    private static readonly byte[] DataField = "\ndata: "u8.ToArray();
    private static readonly byte[] Close = "\n\n"u8.ToArray();

    public async Task WriteAsync(HttpContext http, ConsultationRun run, CallerSession session)
    {
        if (AskRights.Refusal(await session.State) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        var leaving = http.RequestAborted;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var started = new ConsultationStarted(run.Question.Id, run.Regimes);
        await SendAsync(http, ConsultationEvents.Started, JsonSerializer.SerializeToUtf8Bytes(started, RightsJson.Wire.ConsultationStarted), leaving);
        var told = 0;
        try
        {
            await foreach (var state in run.StatesAsync(leaving))
            {
                // A card that was withdrawn meanwhile is told nothing more. A run that has ended has asked of its own session, and its end says so.
                var alive = run.End.IsCompleted && run.Session == session ? SessionState.Alive : await session.NowAsync();
                if (alive == SessionState.Ended)
                {
                    await SendAsync(http, Problems.SessionEnded(), leaving);
                    return;
                }

                if (alive is SessionState.Doubtful or SessionState.Silent)
                    break;
                await DurableAsync(run, state);
                await SendAsync(http, ConsultationEvents.Regime, JsonSerializer.SerializeToUtf8Bytes(state, RightsJson.Wire.RegimeState), leaving);
                told++;
            }
        }
        catch (JournalUnavailableException)
        {
            // The end says so too, below: the states stop here.
        }

        var (end, problem) = await AskRights.EndAsync(run, session, leaving);
        if (problem is not null)
            await SendAsync(http, problem, leaving);
        else
            await SendAnswerAsync(http, ((RunEnd.Answered)end).Body, told, leaving);
    }

    /// <summary>An answer that was there already, prepared or journaled, tells its states with it.</summary>
    private static async Task SendAnswerAsync(HttpContext http, byte[] body, int told, CancellationToken leaving)
    {
        if (told == 0)
        {
            foreach (var state in StatesIn(body))
                await SendAsync(http, ConsultationEvents.Regime, state, leaving);
        }

        await SendAsync(http, ConsultationEvents.Answer, body, leaving);
    }

    /// <summary>As they are in the answer: it may be of another build, whose members this one does not know.</summary>
    private static List<byte[]> StatesIn(byte[] body)
    {
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.TryGetProperty("regimes", out var regimes) && regimes.ValueKind == JsonValueKind.Array
            ? [.. regimes.EnumerateArray().Select(regime => System.Text.Encoding.UTF8.GetBytes(regime.GetRawText()))]
            : [];
    }

    /// <summary>An outage says nothing of the person, in our words (<see cref="RegimeWords.Told"/>); anything else a regime says is personal.</summary>
    private async Task DurableAsync(ConsultationRun run, RegimeState state)
    {
        if (state.Outcome is RegimeOutcome.Unavailable or RegimeOutcome.NotAsked)
            return;
        if (run.End.IsCompleted)
        {
            // The answer's own record is durable, and holds all of it; any other end shows nothing.
            if (await run.End is not RunEnd.Answered)
                throw new JournalUnavailableException();
        }
        // Asked just now, it is in the record of its wave; what was kept of an earlier question is in none.
        else if (state is { Outcome: RegimeOutcome.Unknown, Milliseconds: > 0 } && run.AskedRecord is { } asked)
            await asked;
        else
            await journal.AppendAsync(records.Shown(run.Question, state));
    }

    private static Task SendAsync(HttpContext http, ProblemHttpResult problem, CancellationToken cancellationToken) =>
        SendAsync(http, ConsultationEvents.Problem, JsonSerializer.SerializeToUtf8Bytes(problem.ProblemDetails, JsonSerializerOptions.Web), cancellationToken);

    private static async Task SendAsync(HttpContext http, string name, byte[] data, CancellationToken cancellationToken)
    {
        var body = http.Response.Body;
        await body.WriteAsync(EventField, cancellationToken);
        await body.WriteAsync(System.Text.Encoding.ASCII.GetBytes(name), cancellationToken);
        await body.WriteAsync(DataField, cancellationToken);
        await body.WriteAsync(data, cancellationToken);
        await body.WriteAsync(Close, cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
