using System.Net;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Testing.Identity;

namespace Cdr.Rights.Tests.Harness;

/// <summary>Files of questions, sent and followed.</summary>
internal static class Batches
{
    public static string Json(IEnumerable<object> lines) => JsonSerializer.Serialize(lines, JsonSerializerOptions.Web);

    public static Task<HttpResponseMessage> UploadAsync(this RightsHost host, string file, string type = "application/json", TestCaller? caller = null, string? key = null, string? reason = null) =>
        host.UploadAsync(Encoding.UTF8.GetBytes(file), type, caller, key, reason);

    public static async Task<HttpResponseMessage> UploadAsync(this RightsHost host, byte[] file, string type, TestCaller? caller = null, string? key = null, string? reason = null)
    {
        using var request = host.Request(HttpMethod.Post, "/api/batches" + (reason is null ? "" : "?reason=" + reason), caller);
        request.Content = new ByteArrayContent(file);
        request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        // What is refused for its length is refused before it is sent: a refusal in the middle of it cuts the connection, and may not be read.
        request.Headers.ExpectContinue = file.Length > 512 * 1024;
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await host.SendAsync(request);
    }

    /// <summary>The progress in a 200 or 202.</summary>
    public static async Task<BatchProgress> ProgressAsync(this Task<HttpResponseMessage> response)
    {
        using var answered = await response;
        var text = await answered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answered.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{(int)answered.StatusCode}: {text}");
        return JsonSerializer.Deserialize<BatchProgress>(text, JsonSerializerOptions.Web)!;
    }

    public static async Task<BatchProgress> EndedAsync(this RightsHost host, BatchProgress batch, TestCaller? caller = null)
    {
        var progress = batch;
        await Records.UntilAsync("the batch has ended", async () => (progress = await host.GetAsync(batch.Links.Self, caller).ProgressAsync()).State != BatchState.UnderWay);
        return progress;
    }

    public static async Task<BatchResults> ResultsAsync(this RightsHost host, BatchProgress batch, TestCaller? caller = null)
    {
        using var response = await host.GetAsync(batch.Links.Results, caller);
        return JsonSerializer.Deserialize<BatchResults>(await response.BytesAsync(), JsonSerializerOptions.Web)!;
    }
}
