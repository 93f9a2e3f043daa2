using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.SignIn;
using Refit;

namespace Cdr.EdgeAgent.Tests.Resident;

/// <summary>A platform that opens whatever it is asked to, and keeps what it is told of its sessions.</summary>
internal sealed class WordedPlatform : HttpMessageHandler
{
    public static Uri Address { get; } = new("https://cdr.test/");

    public ConcurrentQueue<Guid> Opened { get; } = new();

    /// <summary>Each opening's report of its post.</summary>
    public ConcurrentQueue<PostReport?> Reports { get; } = new();

    public ConcurrentQueue<(Guid Session, string Kind)> Stated { get; } = new();

    /// <summary>What it says of each post.</summary>
    public IReadOnlyList<PostWarning>? Warnings { get; init; }

    /// <summary>While the end of a session is being told.</summary>
    public Action Ending { get; set; } = () => { };

    /// <summary>As an agent speaks to it.</summary>
    public Platform Reached() => new(RestService.ForGenerated<ISessionsApi>(new HttpClient(this, disposeHandler: false) { BaseAddress = Address }, new RefitSettings()), Address);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        object answer;
        switch (request.RequestUri!.AbsolutePath)
        {
            case "/api/sessions/challenges":
                answer = new Challenge(Guid.CreateVersion7(now), "https://cdr.test", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), ["RS256"], now.AddSeconds(120));
                break;
            case "/api/sessions/openings":
                Reports.Enqueue((await ReadAsync<OpeningRequest>(request, cancellationToken)).Post);
                Opened.Enqueue(Guid.CreateVersion7(now));
                answer = new Opening("ticket", now.AddSeconds(30), [], Opened.Last(), 20, Warnings);
                break;
            default:
                var statement = await ReadAsync<AgentStatement>(request, cancellationToken);
                Stated.Enqueue((statement.Session, statement.Kind));
                if (statement.Kind == AgentStatements.SignedOut)
                    Ending();
                answer = new PresenceAnswer(AgentStatements.GoesOn(statement.Kind) ? "alive" : "ended", null);
                break;
        }

        return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = JsonContent.Create(answer, answer.GetType()) };
    }

    private static async Task<T> ReadAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await request.Content!.ReadAsStringAsync(cancellationToken), JsonSerializerOptions.Web)!;
}

/// <summary>Types the same each time.</summary>
internal sealed class GivenPin : IPinEntry
{
    public Task<PinTyped> AskAsync(PinQuestion question, CancellationToken cancellationToken) => Task.FromResult<PinTyped>(new PinTyped.Pin(Encoding.ASCII.GetBytes("1234")));
}

/// <summary>A screen that the test locks.</summary>
internal sealed class HandLocks : Cdr.EdgeAgent.Locks.ILockWatch
{
    private Action told = () => { };

    public bool Watches => true;

    public void Lock() => told();

    public async Task RunAsync(Action locked, CancellationToken cancellationToken)
    {
        told = locked;
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
