using System.Buffers.Text;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Tests.Hosts;

namespace Cdr.Sessions.Tests.Features;

public sealed class BadRequestTests(PrintedCards cards, SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly string Key = Base64Url.EncodeToString(TestAgent.NewKey());

    public static TheoryData<string, string, string> Bad => new()
    {
        { "/api/sessions/challenges", """{"agentKey":"AAAA","osSession":"one","purpose":"sign-in"}""", "agent-key-invalid" },
        { "/api/sessions/challenges", $$"""{"agentKey":"{{Key}}","osSession":"","purpose":"sign-in"}""", "os-session-invalid" },
        { "/api/sessions/challenges", $$"""{"agentKey":"{{Key}}","osSession":"one","purpose":"pay"}""", "purpose-unknown" },
        { "/api/sessions/openings", $$"""{"agentKey":"{{Key}}","osSession":"one","signature":"*"}""", "signature-unreadable" },
        { "/api/sessions/openings", $$"""{"agentKey":"{{Key}}","osSession":"one","signature":"AAAA","certificate":"*"}""", "certificate-unreadable" },
        { "/api/sessions/openings", $$"""{"agentKey":"{{Key}}","osSession":"one","signature":"AAAA","certificate":"AAAA"}""", "presence-missing" },
        { "/api/sessions/presence", """{"session":"01890000-0000-7000-8000-000000000000","kind":"here","insertion":1,"sequence":1}""", "statement-kind-unknown" },
        { "/api/sessions/presence", """{"session":"01890000-0000-7000-8000-000000000000","kind":"present","insertion":1,"sequence":0}""", "sequence-invalid" },
        { "/api/sessions/presence", """{"session":"01890000-0000-7000-8000-000000000000","kind":"present","insertion":-1,"sequence":1}""", "insertion-invalid" },
        { "/api/sessions", """{"ticket":null}""", "ticket-missing" },
        { "/api/sessions/withdrawals", """{}""", "ticket-missing" },
        { "/api/sessions/01890000-0000-7000-8000-000000000000/tokens", """{}""", "renewal-missing" },
        { "/api/sessions/service-tokens", """{}""", "assertion-missing" },
        { "/api/sessions/posts/judgement", """{"post":"a b"}""", "post-invalid" },
        { "/api/sessions", """{"ticket":""", "request-unreadable" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_request_is_400_and_says_which_field(string path, string body, string code)
    {
        ArgumentNullException.ThrowIfNull(shared);
        using var http = shared.Sessions.CreateClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var answer = await Answer.ReadAsync<object>(response);
        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Too_many_requests_from_one_address_are_429()
    {
        using var host = new SessionsHost(cards, [new("Sessions:AnonymousRequestsPerMinute", "10")]);
        var agent = new TestAgent(host);
        for (var at = 0; at < 10; at++)
            Assert.Equal(403, (await agent.RedeemAsync("guess")).Status);
        var refused = await agent.PostAsync<SessionGrant>("/api/sessions", new RedemptionRequest("guess", null));
        Assert.Equal((429, "too-many-requests"), (refused.Status, refused.Code));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
    }
}
