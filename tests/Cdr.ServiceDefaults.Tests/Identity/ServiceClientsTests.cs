using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.ServiceDefaults.Tests.Identity;

public sealed class ServiceClientsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_module_calls_with_its_own_authority_and_never_with_anothers()
    {
        var seen = new List<string>();
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var rights = await ListenAsync(seen);
        await using var host = new DefaultsHost { Sessions = sessions };
        host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        await host.StartAsync(
            app => app.MapGet("/ask/{module}", async (string module, IServiceProvider services, CancellationToken cancellationToken) =>
                (await services.GetRequiredKeyedService<IJournalApi>(module).HeadsAsync(cancellationToken)).Count).RequireAuthorization(DefaultsHost.Clerks),
            builder =>
            {
                builder.AddServiceClient<IJournalApi>("usage", "Rights", ClientIdentity.Service);
                builder.AddServiceClient<IJournalApi>("portal", "Rights", ClientIdentity.Caller);
                builder.AddServiceClient<IJournalApi>("drawer", "Rights", ClientIdentity.None);
            },
            new KeyValuePair<string, string?>("Services:Rights", rights.Urls.Single()));

        var token = sessions.Mint(new TestCaller());
        foreach (var module in (string[])["usage", "portal", "drawer", "usage"])
            (await host.Client(token).GetAsync($"/ask/{module}", Cancel)).EnsureSuccessStatusCode();

        Assert.Equal(["Bearer " + token, ""], seen[1..3]);
        Assert.Equal(seen[0], seen[3]);
        var service = new JsonWebToken(seen[0]["Bearer ".Length..]);
        Assert.Equal(("usage", SubjectKinds.Service), (service.Subject, service.GetClaim(CdrClaims.Kind).Value));
    }

    private static async Task<WebApplication> ListenAsync(List<string> seen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/internal/journals", (HttpRequest request) =>
        {
            seen.Add(request.Headers.Authorization.ToString());
            return Array.Empty<JournalHead>();
        });
        await app.StartAsync(Cancel);
        return app;
    }
}
