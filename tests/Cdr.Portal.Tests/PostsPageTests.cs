using System.Net;
using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Administration;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Microsoft.AspNetCore.Components.Authorization;
using TestContext = Xunit.TestContext;

namespace Cdr.Portal.Tests;

public sealed class PostsPageTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_will_be_cut_off_is_seen_before_they_are_with_what_to_do()
    {
        var (seen, cut) = (new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero), new DateOnly(2026, 7, 1));
        Platform.Roles.Posts = new PostsAnswer(
            cut,
            [
                new PostState("p1", "Accueil 1", "590780193", "59", seen, "windows", "5.1.5", [new PostVerdict("igc-sante", true, "accepted", [], null)]),
                new PostState("p2", "Accueil 2", "590780193", "59", seen, "windows", "4.1", [new PostVerdict("igc-sante", true, "refused", ["cryptolib-too-old"], cut), new PostVerdict("other", false, "warned", ["x"], null)]),
            ],
            [new PostSum("590780193", "Hôpital Saint-Roch", 1, 0, 1)],
            [new PostSum("59", null, 1, 0, 1)],
            [new PostWarning("cryptolib-too-old", "La Cryptolib est trop ancienne.", "Installez la version 5.", cut)]);
        var page = Opened(CdrRoles.Referent);
        var rows = page.WaitForElements("[data-testid^=post-]", Patience);
        // The worst first.
        Assert.Contains("Accueil 2", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("N’ouvre plus de session", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Installez la version 5.", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("refusé à partir du " + Answers.Words.Day(cut), rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Conforme", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(["Hôpital Saint-Roch101", "59101"], page.FindAll("[data-testid=posts-sum]").Select(row => row.TextContent));

        await page.Find("[data-testid=posts-on]").ChangeAsync(new() { Value = "2026-07-01" });
        await page.Find("form").SubmitAsync();
        page.WaitForState(() => Platform.Roles.Days.Count == 2, Patience);
        Assert.Equal("2026-07-01", Platform.Roles.Days[1]);
        Assert.Equal("/postes.csv?on=2026-07-01", page.Find("[data-testid=posts-csv]").GetAttribute("href"));
    }

    [Theory]
    [InlineData("Accueil 1", false)]
    [InlineData(null, true)]
    public void A_post_without_a_name_comes_with_how_to_find_and_name_it(string? label, bool isTold)
    {
        var (seen, day) = (new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero), new DateOnly(2026, 1, 5));
        Platform.Roles.Posts = new PostsAnswer(day, [new PostState("p1", label, "590780193", "59", seen, "windows", "5.1.5", [new PostVerdict("igc-sante", true, "accepted", [], null)])], [], [], []);
        var page = Opened(CdrRoles.Referent);
        Assert.Contains(label ?? "p1", page.WaitForElement("[data-testid=post-p1]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Equal(isTold, page.FindAll("[data-testid=posts-unnamed]").Any(hint => hint.TextContent.Contains("cdr-agent diagnose", StringComparison.Ordinal) && hint.TextContent.Contains("postLabel", StringComparison.Ordinal)));

        Platform.Roles.Expiries = new("590780193", day, [], [], [], [new EndingPost("p1", label, "igc-sante", day, "Trop ancien.", "Mettez-le à jour.")]);
        var board = Render<ExpiryBoard>();
        board.WaitForElement("[data-testid=ending-post]", Patience);
        Assert.Equal(isTold, board.FindAll("[data-testid=posts-unnamed]").Count == 1);
    }

    [Fact]
    public async Task The_file_is_fetched_with_the_persons_token_and_by_nobody_else()
    {
        using var stranger = Portal.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/postes.csv", TestContext.Current.CancellationToken)).StatusCode);
        using var browser = await Portal.SignedInAsync("cpa-operations");
        using var file = await browser.GetAsync("/postes.csv?on=2026-07-01", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/csv"), (file.StatusCode, file.Content.Headers.ContentType!.MediaType));
        Assert.Equal("postes-2026-07-01.csv", file.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal("poste;etat", await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Others_are_told_that_it_is_not_theirs()
    {
        Opened(CdrRoles.DataProtection).WaitForElement("[data-testid=posts-not-yours]", Patience);
        Assert.Empty(Platform.Roles.Days);
    }

    private IRenderedComponent<PostsPage> Opened(string role)
    {
        Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant(role))));
        return Render<PostsPage>();
    }

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
