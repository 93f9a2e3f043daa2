using System.Net.ServerSentEvents;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Testing.Identity;

namespace Cdr.Rights.Tests.Harness;

/// <summary>One event of a stream.</summary>
internal sealed record StreamEvent(string Name, byte[] Data)
{
    public RegimeState State => JsonSerializer.Deserialize<RegimeState>(Data, JsonSerializerOptions.Web)!;

    public override string ToString() => Name;
}

internal static class Events
{
    /// <summary>Asks for events, and gives each as it comes.</summary>
    public static async IAsyncEnumerable<StreamEvent> AskForEventsAsync(this RightsHost host, object question, TestCaller? caller = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var request = host.Question(question, caller, "text/event-stream");
        using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        await foreach (var item in SseParser.Create(stream, (_, data) => data.ToArray()).EnumerateAsync(cancel))
            yield return new StreamEvent(item.EventType, item.Data);
    }
}
