using Bunit;
using Cdr.Contracts.Rights;
using Cdr.Portal.Boards;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

public sealed class RegimesPageTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task States_are_shown_as_they_change_and_told_without_interrupting()
    {
        var page = Render<RegimesPage>();
        page.WaitForState(() => Followed(page), Patience);
        Assert.Equal(17, page.FindAll("tr[data-health]").Count);

        await Platform.Rights.Changes.Writer.WriteAsync(Msa with { Health = "down" }, Xunit.TestContext.Current.CancellationToken);

        page.WaitForElement("[data-testid=regime-msa][data-health=down]", Patience);
        Assert.Contains("ne répond pas", page.Find("[data-testid=regime-msa]").TextContent, StringComparison.Ordinal);
        var told = page.Find("[data-testid=regimes-change]");
        Assert.Equal(("status", "MSA\u00a0: ne répond pas"), (told.GetAttribute("role"), told.TextContent.Trim()));
    }

    [Fact]
    public async Task A_lost_stream_says_when_the_states_were_seen_last_and_goes_on_by_itself()
    {
        var page = Render<RegimesPage>();
        page.WaitForState(() => Followed(page), Patience);
        Platform.Rights.FollowingRefused = true;

        await Platform.Rights.Changes.Writer.WriteAsync(null, Xunit.TestContext.Current.CancellationToken);

        page.WaitForState(() => !Followed(page), Patience);
        Assert.Equal("status", page.Find("[data-testid=regimes-following]").GetAttribute("role"));
        Assert.Contains("dernier état vu le", page.Find("[data-testid=regimes-following]").TextContent, StringComparison.Ordinal);
        Assert.Contains("vu le", page.Find("[data-testid=regime-cnam]").TextContent, StringComparison.Ordinal);
        // No state of then is shown as one of now.
        Assert.Empty(page.FindAll(".health-up"));

        Platform.Rights.Regimes = [.. Platform.Rights.Regimes.Select(regime => regime.Id == "msa" ? regime with { Health = "degraded" } : regime)];
        Platform.Rights.FollowingRefused = false;

        page.WaitForState(() => Followed(page), Patience);
        page.WaitForElement("[data-testid=regime-msa][data-health=degraded]", Patience);
        Assert.Contains("MSA\u00a0: répond mal", page.Find("[data-testid=regimes-change]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("vu le", page.Find("[data-testid=regime-cnam]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_stream_the_board_shows_what_it_saw_when_it_was_opened()
    {
        Platform.Rights.FollowingRefused = true;

        var page = Render<RegimesPage>();

        page.WaitForState(() => page.FindAll("tr[data-health]").Count == 17 && page.FindAll("[data-lost=true]").Count == 1, Patience);
    }

    private RegimeInfo Msa => Platform.Rights.Regimes.Single(regime => regime.Id == "msa");

    private static bool Followed(IRenderedComponent<RegimesPage> page) => page.FindAll("[data-testid=regimes-following][data-lost=false]").Count == 1;
}
