using System.Net;
using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.ServiceDefaults.Tests.Identity;

public sealed class ForwardingTests : IAsyncLifetime
{
    private TestTokens sessions = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => sessions = await TestTokens.StartAsync(cancellationToken: Cancel);

    public ValueTask DisposeAsync() => sessions.DisposeAsync();

    [Fact]
    public async Task A_token_wins_over_a_cookie_and_a_cookie_serves_without_a_token()
    {
        await using var host = await StartAsync(cookies: true);
        var cookie = await SignInAsync(host);

        Assert.Equal("cookie", await WhoAsync(host, null, cookie));
        Assert.Equal("person-1", await WhoAsync(host, sessions.Mint(new TestCaller()), cookie));
        Assert.Equal("person-1", await WhoAsync(host, sessions.Mint(new TestCaller()), null));
    }

    [Fact]
    public async Task A_bad_token_is_refused_though_a_good_cookie_stands_beside_it()
    {
        await using var host = await StartAsync(cookies: true);
        var cookie = await SignInAsync(host);

        Assert.Equal(nameof(HttpStatusCode.Unauthorized), await WhoAsync(host, "not.a.token", cookie));
    }

    [Fact]
    public async Task Without_pages_there_is_no_cookie_to_believe()
    {
        await using var pages = await StartAsync(cookies: true);
        var cookie = await SignInAsync(pages);
        await using var host = await StartAsync(cookies: false);

        Assert.Equal(nameof(HttpStatusCode.Unauthorized), await WhoAsync(host, null, cookie));
        Assert.Equal("person-1", await WhoAsync(host, sessions.Mint(new TestCaller()), cookie));
    }

    [Fact]
    public async Task An_endpoint_of_roles_takes_tokens_only()
    {
        await using var host = await StartAsync(cookies: true);
        var cookie = await SignInAsync(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/desk");
        request.Headers.Add("Cookie", cookie);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client().SendAsync(request, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_at_the_first_question_are_503_and_not_a_sign_out()
    {
        await using var host = await StartAsync(cookies: false);
        var token = sessions.Mint(new TestCaller());
        sessions.Silent = true;
        var response = await host.Client(token).GetAsync("/desk", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        sessions.Silent = false;

        Assert.Equal(HttpStatusCode.OK, (await host.Client(token).GetAsync("/desk", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_stranger_key_and_another_audience_are_401()
    {
        await using var host = await StartAsync(cookies: false);
        using var stranger = System.Security.Cryptography.ECDsa.Create();

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client(sessions.Mint(new TestCaller { ForeignKey = stranger })).GetAsync("/desk", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client(sessions.Mint(new TestCaller { Audience = "other" })).GetAsync("/desk", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client(sessions.Mint(new TestCaller { Role = CdrRoles.Hotline })).GetAsync("/desk", Cancel)).StatusCode);
    }

    private async Task<DefaultsHost> StartAsync(bool cookies)
    {
        var host = new DefaultsHost { Sessions = sessions };
        host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        await host.StartAsync(
            app =>
            {
                app.MapGet("/who", (ClaimsPrincipal user) => user.FindFirstValue(CdrClaims.Subject) ?? "nobody");
                app.MapGet("/desk", () => "in").RequireAuthorization(DefaultsHost.Clerks);
                app.MapGet("/sign-in", () => Results.SignIn(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(CdrClaims.Subject, "cookie"), new Claim(CdrClaims.Session, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString())], CdrSchemes.Cookie)),
                    authenticationScheme: CdrSchemes.Cookie)).AllowAnonymous();
            },
            builder =>
            {
                if (cookies)
                    builder.Services.AddAuthentication().AddCookie(CdrSchemes.Cookie, options => options.Events.OnRedirectToLogin = context =>
                    {
                        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                        return Task.CompletedTask;
                    });
            });
        return host;
    }

    private static async Task<string> SignInAsync(DefaultsHost host) =>
        (await host.Client().GetAsync("/sign-in", Cancel)).Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static async Task<string> WhoAsync(DefaultsHost host, string? token, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        var response = await host.Client(token).SendAsync(request, Cancel);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(Cancel) : response.StatusCode.ToString();
    }
}
