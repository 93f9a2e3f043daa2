using System.Net;
using System.Text;
using System.Text.Json;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cdr.ServiceDefaults.Tests;

public sealed class ProblemsTests
{
    private const string Nir = "1850578006084";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Unreadable
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var environment in (string[])["Production", "Development"])
            {
                cases.Add(environment, "application/json", $$"""{"id":"{{Nir}}"}""");
                cases.Add(environment, "application/json", $$"""{"rank":"{{Nir}}"}""");
                cases.Add(environment, "application/json", $$"""{"rank":{{Nir}}{{Nir}}}""");
                cases.Add(environment, "application/json", $$"""{"nir":"{{Nir}}",""");
                cases.Add(environment, "application/json", $$"""{"careDate":"{{Nir}}"}""");
                cases.Add(environment, "application/json", $$"""{"{{Nir}}":}""");
                cases.Add(environment, "application/json", Nir);
                cases.Add(environment, "application/json", $"NIR {Nir}");
                cases.Add(environment, "text/plain", Nir);
                cases.Add(environment, "application/json", "");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_body_that_cannot_be_read_comes_back_nowhere(string environment, string type, string body)
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions, Environment = environment };
        await host.StartAsync(app => app.MapPost("/ask", (Question question) => TypedResults.Ok(question.Rank)).AllowAnonymous());

        using var content = new StringContent(body, Encoding.UTF8, type);
        var response = await host.Client().PostAsync("/ask", content, Cancel);

        var answer = await response.Content.ReadAsStringAsync(Cancel);
        // Another content type is no request of this endpoint, so its permission to be anonymous does not hold.
        Assert.Equal(type == "text/plain" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(Nir, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Nir, host.Logs.Text, StringComparison.Ordinal);
        var problem = JsonDocument.Parse(answer).RootElement;
        Assert.Contains(problem.GetProperty("code").GetString(), (string[])["request-unreadable", "not-signed-in"]);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task An_exception_is_told_by_a_trace_id_and_nothing_of_itself(string environment)
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions, Environment = environment };
        await host.StartAsync(app => app.MapGet("/fail", string () => throw new InvalidOperationException($"for {Nir}")).AllowAnonymous());

        var response = await host.Client().GetAsync("/fail", Cancel);

        var answer = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain(Nir, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperationException", answer, StringComparison.Ordinal);
        Assert.Equal("unexpected", JsonDocument.Parse(answer).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_problem_names_its_field_and_place_and_keeps_its_own_words()
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(app => app.MapGet("/nir", () => Problems.Invalid("nir", "nir-key", "La clé ne correspond pas.", "Vérifiez.", 13)).AllowAnonymous());

        var response = await host.Client().GetAsync("/nir", Cancel);

        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(("urn:cdr:problem:nir-key", "nir", 13, "Vérifiez."),
            (problem.GetProperty("type").GetString(), problem.GetProperty("field").GetString(), problem.GetProperty("position").GetInt32(), problem.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("text/html")]
    [InlineData("*/*")]
    public async Task Whatever_a_caller_accepts_a_problem_is_told(string accept)
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(app => app.MapPost("/ask", (Question question) => TypedResults.Ok(question.Rank)).AllowAnonymous());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ask") { Content = new StringContent("{", Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd(accept);

        var response = await host.Client().SendAsync(request, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(("request-unreadable", 400), (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()));
    }

    private sealed record Question
    {
        public Guid? Id { get; init; }

        public string? Nir { get; init; }

        public int Rank { get; init; }

        public DateOnly? CareDate { get; init; }
    }
}
