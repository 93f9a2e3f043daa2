using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Sessions;

namespace Cdr.Usage.Tests.Features;

/// <summary>Questions about counts as their callers ask them.</summary>
public abstract class UsageQuestions(SharedHost? shared = null) : HostTests(shared)
{
    protected const string Paris = "750100018";
    protected const string Lyon = "690000005";

    private protected async Task<T> AskAsync<T>(string path, string? token = null)
    {
        using var response = await Host.ClientOf(token ?? Token(CdrRoles.Operations)).GetAsync("/api/usage/" + path, Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancel)}");
        return (await response.Content.ReadFromJsonAsync<T>(Cancel))!;
    }

    private protected async Task<(HttpStatusCode Status, string? Field, string? Code)> RefusalAsync(string path, string? token = null)
    {
        using var response = await Host.ClientOf(token ?? Token(CdrRoles.Operations)).GetAsync("/api/usage/" + path, Cancel);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return (response.StatusCode, problem.TryGetProperty("field", out var field) ? field.GetString() : null, problem.GetProperty("code").GetString());
    }

    /// <summary>Nine in the morning in Paris.</summary>
    protected static DateTimeOffset At(int year, int month, int day) => new(year, month, day, month is > 3 and < 11 ? 7 : 8, 0, 0, TimeSpan.Zero);
}
