using System.Collections;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Client;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Client;

/// <summary>What hospital software sees when a call fails: it will be logged whole.</summary>
public sealed class ClientFailureTests : IDisposable
{
    private const string Bearer = "bearer-that-nobody-logs";
    private static readonly Uri Door = new("http://cdr.example");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));
    private readonly RSA key = RSA.Create(2048);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task A_refused_token_is_the_documented_exception()
    {
        var desk = new Desk { Tokens = _ => Problem("software-not-proven") };
        var refused = await Assert.ThrowsAsync<CdrProblemException>(() => AskAsync(desk));
        Assert.Equal((HttpStatusCode.Unauthorized, "software-not-proven"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_lost_connection_says_nothing_of_whom_was_asked_about_nor_of_the_token()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var door = new Uri($"http://127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}");
        closed.Stop();
        using var http = new HttpClient { BaseAddress = door };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Bearer);

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => CdrClient.Rights(http).AskRightsAsync(Question(), Cancellation));

        Assert.IsType<HttpRequestException>(failed);
        Assert.All(await EverythingOfAsync(failed), text => Assert.False(text.Contains("284057511290154", StringComparison.Ordinal) || text.Contains("Canarius", StringComparison.Ordinal) || text.Contains(Bearer, StringComparison.Ordinal), text));
    }

    [Fact]
    public async Task A_token_that_is_no_longer_good_is_renewed_and_the_question_is_asked_again_once()
    {
        var desk = new Desk { Answers = bearer => bearer == "token-1" ? Problem("session-ended") : Answer() };
        using var http = CdrClient.Http(Door, Credentials(), desk, clock);

        Assert.Empty(await CdrClient.Rights(http).ListRegimesAsync(Cancellation));
        Assert.Equal(["token-1", "token-2"], desk.Bearers);
        await CdrClient.Rights(http).ListRegimesAsync(Cancellation);
        Assert.Equal(["token-1", "token-2", "token-2"], desk.Bearers);
    }

    [Fact]
    public async Task A_caller_who_is_refused_for_good_is_told_so_after_two_tokens()
    {
        var desk = new Desk { Answers = _ => Problem("session-ended") };
        Assert.Equal("session-ended", (await Assert.ThrowsAsync<CdrProblemException>(() => AskAsync(desk))).Code);
        Assert.Equal(2, desk.Bearers.Count);
        // The question went with both.
        Assert.All(desk.Bodies, body => Assert.Contains("284057511290154", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_whose_clock_is_wrong_takes_the_time_of_the_door_that_refused_it()
    {
        var real = clock.GetUtcNow().AddMinutes(12);
        var desk = new Desk { Now = () => real, Tokens = expires => Math.Abs((expires - real).TotalSeconds) > 60 ? Problem("software-not-proven") : null };
        using var http = CdrClient.Http(Door, Credentials(), desk, clock);

        await CdrClient.Rights(http).ListRegimesAsync(Cancellation);
        await CdrClient.Rights(http).ListRegimesAsync(Cancellation);

        Assert.Equal(["token-1", "token-1"], desk.Bearers);
    }

    [Fact]
    public async Task The_token_is_not_carried_where_a_redirection_points()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var door = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        List<string> asked = [];
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync(Cancellation);
                await using var stream = connection.GetStream();
                using var reader = new StreamReader(stream);
                asked.Add(await reader.ReadLineAsync(Cancellation) ?? "");
                while (await reader.ReadLineAsync(Cancellation) is { Length: > 0 })
                {
                    // Headers.
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {door}elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Cancellation);
                await reader.ReadToEndAsync(Cancellation);
            }
        }, Cancellation);
        using var http = CdrClient.Http(door, Credentials());

        Assert.Equal(HttpStatusCode.TemporaryRedirect, (await Assert.ThrowsAsync<CdrProblemException>(() => CdrClient.Rights(http).ListRegimesAsync(Cancellation))).Status);
        Assert.Single(asked);
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
    }

    private static ConsultationRequest Question() => new() { Id = CdrClient.NewId(), Nir = "284057511290154", Names = new PersonNames { FamilyName = "Canarius", GivenName = "Zoé" }, Reason = "emergency" };

    private SoftwareCredentials Credentials() => new() { Client = "dossier", Finess = "590991014", LocalIdentifier = "mdurand", Key = key };

    private async Task<ConsultationAnswer> AskAsync(Desk desk)
    {
        using var http = CdrClient.Http(Door, Credentials(), desk, clock);
        return await CdrClient.Rights(http).AskRightsAsync(Question(), Cancellation);
    }

    private static HttpResponseMessage Problem(string code) => new(HttpStatusCode.Unauthorized) { Content = Text($$"""{"code":"{{code}}","title":"Non."}""", "application/problem+json") };

    private static HttpResponseMessage Answer() => new(HttpStatusCode.OK) { Content = Text("[]", "application/json") };

    private static StringContent Text(string body, string type) => new(body, Encoding.UTF8, type);

    /// <summary>All that a logger which walks objects would write of it.</summary>
    private static async Task<List<string>> EverythingOfAsync(object root)
    {
        List<string> texts = [];
        var (seen, left) = (new HashSet<object>(ReferenceEqualityComparer.Instance), new Queue<object>([root]));
        while (left.TryDequeue(out var one) && seen.Count < 5000)
        {
            if (!seen.Add(one))
                continue;
            texts.Add(one.ToString() ?? "");
            if (one is HttpContent content)
                texts.Add(await content.ReadAsStringAsync(Cancellation));
            if (one is string or Type or Assembly or Module or MemberInfo or Delegate || one.GetType().IsPrimitive || one.GetType().IsEnum)
                continue;
            if (one is IEnumerable many)
            {
                foreach (var item in many)
                    left.Enqueue(item ?? "");
            }

            foreach (var property in one.GetType().GetProperties().Where(property => property.CanRead && property.GetIndexParameters().Length == 0))
            {
                try
                {
                    if (property.GetValue(one) is { } value)
                        left.Enqueue(value);
                }
                catch (TargetInvocationException)
                {
                    // Says nothing, then.
                }
            }
        }

        return texts;
    }

    /// <summary>Sessions and Rights behind one door: which bearers came, and what with them.</summary>
    private sealed class Desk : HttpMessageHandler
    {
        private int given;

        public Func<DateTimeOffset, HttpResponseMessage?> Tokens { get; init; } = _ => null;

        public Func<string, HttpResponseMessage> Answers { get; init; } = _ => Answer();

        public Func<DateTimeOffset> Now { get; init; } = () => new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

        public List<string> Bearers { get; } = [];

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            HttpResponseMessage response;
            if (request.RequestUri!.AbsolutePath == "/api/sessions/software-tokens")
            {
                response = Tokens(Expiry(body)) ?? new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = Text($$"""{"value":"token-{{++given}}","expiresAt":"{{Now().AddMinutes(5):O}}"}""", "application/json"),
                };
            }
            else
            {
                Bearers.Add(request.Headers.Authorization!.Parameter!);
                Bodies.Add(body);
                response = Answers(Bearers[^1]);
            }

            response.Headers.Date = Now();
            return response;
        }

        private static DateTimeOffset Expiry(string body)
        {
            using var request = JsonDocument.Parse(body);
            var claims = request.RootElement.GetProperty("assertion").GetString()!.Split('.')[1].Replace('-', '+').Replace('_', '/');
            using var parsed = JsonDocument.Parse(Convert.FromBase64String(claims.PadRight((claims.Length + 3) / 4 * 4, '=')));
            return DateTimeOffset.FromUnixTimeSeconds(parsed.RootElement.GetProperty("exp").GetInt64());
        }
    }
}
