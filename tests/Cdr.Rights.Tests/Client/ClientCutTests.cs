using System.Net;
using System.Net.Sockets;
using System.Text;
using Cdr.Client;

namespace Cdr.Rights.Tests.Client;

/// <summary>A connection that is lost in the middle of an answer: the question is to be sent again, and no client is to be installed.</summary>
public sealed class ClientCutTests
{
    private const string Regime = """{"regime":"cnam","name":"Cnam","outcome":"unknown","message":"Inconnu de ce régime.","milliseconds":12}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_is_cut_is_a_lost_connection_and_not_another_version()
    {
        await using var door = new Door("application/json", """{"id":"019ac2""", Ending.Cut);
        using var http = new HttpClient { BaseAddress = door.Address };

        Assert.IsType<HttpRequestException>(await FailureAsync(CdrClient.Rights(http).AskRightsAsync(Question(), Cancellation)));
    }

    [Fact]
    public async Task An_answer_of_another_shape_is_another_version()
    {
        await using var door = new Door("application/json", """{"id":12}""", Ending.Whole);
        using var http = new HttpClient { BaseAddress = door.Address };

        Assert.Equal("answer-unreadable", Assert.IsType<CdrProblemException>(await FailureAsync(CdrClient.Rights(http).AskRightsAsync(Question(), Cancellation))).Code);
    }

    [Fact]
    public async Task A_caller_who_leaves_in_the_middle_is_told_that_they_left()
    {
        await using var door = new Door("application/json", """{"id":"019ac2""", Ending.Waits);
        using var http = new HttpClient { BaseAddress = door.Address };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var asking = CdrClient.Rights(http).AskRightsAsync(Question(), leaving.Token);
        await door.Written;
        await leaving.CancelAsync();

        Assert.IsAssignableFrom<OperationCanceledException>(await FailureAsync(asking));
    }

    [Theory]
    [InlineData(Ending.Cut)]
    [InlineData(Ending.Whole)]
    public async Task Steps_that_end_without_an_answer_are_a_lost_connection(Ending ending)
    {
        await using var door = new Door("text/event-stream", $"event: started\ndata: {{}}\n\nevent: regime\ndata: {Regime}\n\n", ending);
        using var http = new HttpClient { BaseAddress = door.Address };
        List<ConsultationEvent> seen = [];

        Assert.IsType<HttpRequestException>(await FailureAsync(StepsAsync(http, seen)));
        Assert.Equal("cnam", Assert.Single(seen).Regime?.Regime);
    }

    [Theory]
    [InlineData("regime", "{\"id\":")]
    [InlineData("regime", "null")]
    [InlineData("answer", "{\"id\":12}")]
    [InlineData("answer", "null")]
    [InlineData("problem", "{")]
    [InlineData("problem", "[]")]
    [InlineData("problem", "{\"status\":\"x\"}")]
    public async Task A_step_that_cannot_be_read_is_another_version_and_repeats_nothing(string step, string data)
    {
        await using var door = new Door("text/event-stream", $"event: {step}\ndata: {data}\n\n", Ending.Whole);
        using var http = new HttpClient { BaseAddress = door.Address };

        var failure = Assert.IsType<CdrProblemException>(await FailureAsync(StepsAsync(http, [])));

        Assert.Equal("answer-unreadable", failure.Code);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task Steps_that_are_none_are_another_version()
    {
        await using var door = new Door("text/html", "<p>Bonjour</p>", Ending.Whole);
        using var http = new HttpClient { BaseAddress = door.Address };

        Assert.Equal("answer-unreadable", Assert.IsType<CdrProblemException>(await FailureAsync(StepsAsync(http, []))).Code);
    }

    [Fact]
    public async Task A_file_that_is_cut_is_a_lost_connection_and_none_at_all()
    {
        await using var door = new Door("application/pdf", "%PDF-1.7", Ending.Cut);
        using var http = new HttpClient { BaseAddress = door.Address };

        Assert.IsType<HttpRequestException>(await FailureAsync(CdrClient.Rights(http).StatementPdfAsync(CdrClient.NewId(), Cancellation)));
    }

    [Fact]
    public async Task A_file_of_another_kind_is_another_version_and_a_whole_one_is_its_bytes()
    {
        await using var page = new Door("text/html", "<p>Bonjour</p>", Ending.Whole);
        using var astray = new HttpClient { BaseAddress = page.Address };
        Assert.Equal("answer-unreadable", Assert.IsType<CdrProblemException>(await FailureAsync(CdrClient.Rights(astray).BatchCsvAsync(CdrClient.NewId(), Cancellation))).Code);

        await using var door = new Door("text/csv; charset=utf-8", "reference;nir", Ending.Whole);
        using var http = new HttpClient { BaseAddress = door.Address };
        Assert.Equal("reference;nir"u8.ToArray(), await CdrClient.Rights(http).BatchCsvAsync(CdrClient.NewId(), Cancellation));
    }

    private static async Task StepsAsync(HttpClient http, List<ConsultationEvent> seen)
    {
        await foreach (var one in CdrClient.Rights(http).AskRightsByStepsAsync(Question(), Cancellation))
            seen.Add(one);
    }

    private static async Task<Exception> FailureAsync(Task asking) => await Assert.ThrowsAnyAsync<Exception>(() => asking);

    private static ConsultationRequest Question() => new() { Id = CdrClient.NewId(), Nir = "284057511290154", Reason = "emergency" };

    /// <summary>After the text: the end, nothing more, or a wait.</summary>
    public enum Ending
    {
        Whole,
        Cut,
        Waits,
    }

    /// <summary>Answers one call so far and no further.</summary>
    private sealed class Door : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task serving;

        public Door(string type, string text, Ending ending)
        {
            listener.Start();
            serving = ServeAsync(type, text, ending);
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        public Task Written => written.Task;

        public async ValueTask DisposeAsync()
        {
            over.TrySetResult();
            await serving;
            listener.Dispose();
        }

        private async Task ServeAsync(string type, string text, Ending ending)
        {
            using var connection = await listener.AcceptTcpClientAsync(Cancellation);
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(Cancellation) is { Length: > 0 })
            {
                // Headers; the body is not waited for.
            }

            var body = Encoding.UTF8.GetBytes(text);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n"), Cancellation);
            await stream.WriteAsync(body, Cancellation);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(ending == Ending.Whole ? "\r\n0\r\n\r\n" : "\r\n"), Cancellation);
            written.TrySetResult();
            if (ending == Ending.Waits)
            {
                await over.Task;
                return;
            }

            // A reset would take back what was written: what is still to be read is read first.
            connection.Client.Shutdown(SocketShutdown.Send);
            await reader.ReadToEndAsync(Cancellation);
        }
    }
}
