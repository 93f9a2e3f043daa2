using System.Net;
using System.Text.Json;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Tests.Harness;

/// <summary>What came back, read.</summary>
internal static class Reading
{
    public static async Task<ConsultationAnswer> AnswerAsync(this Task<HttpResponseMessage> response) => Answer(await (await response).BytesAsync());

    public static ConsultationAnswer Answer(byte[] body) => JsonSerializer.Deserialize<ConsultationAnswer>(body, JsonSerializerOptions.Web)!;

    /// <summary>The bytes of a 200.</summary>
    public static async Task<byte[]> BytesAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        return body;
    }

    public static async Task<Problem> ProblemAsync(this Task<HttpResponseMessage> response)
    {
        using var answered = await response;
        var text = await answered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("application/problem+json", answered.Content.Headers.ContentType?.MediaType);
        var json = JsonDocument.Parse(text).RootElement;
        return new Problem(
            (int)answered.StatusCode, json.GetProperty("code").GetString()!, json.TryGetProperty("field", out var field) ? field.GetString() : null, text);
    }
}

/// <summary>Problem details.</summary>
internal sealed record Problem(int Status, string Code, string? Field, string Text);
