using Bunit;
using Cdr.Portal.Identity;
using Cdr.Portal.Layout;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

/// <summary>What a person is told of a refusal, and of what nobody expected.</summary>
public sealed class TroubleNoticeTests : Circuit
{
    private const string Unexpected = "erreur inattendue";

    [Theory]
    [InlineData(400, "Le fichier contient autre chose que ce qu'il montre.", null, false)]
    [InlineData(403, "Votre rôle ne permet pas cette action.", null, false)]
    [InlineData(409, "Ce ticket a déjà 20 fichiers.", "Réunissez les pages.", false)]
    [InlineData(400, null, null, true)]
    [InlineData(500, "Une panne.", null, true)]
    public void A_refusal_that_says_all_in_its_title_is_no_unexpected_error(int status, string? title, string? detail, bool isUnexpected)
    {
        var notice = Render<TroubleNotice>(page => page.Add(one => one.Trouble, new Trouble(status, "some-code", title, detail))).Find("[data-testid=trouble]");

        Assert.Equal(isUnexpected, notice.TextContent.Contains(Unexpected, StringComparison.Ordinal));
        foreach (var said in new[] { title, detail })
            Assert.Contains(said ?? "", notice.TextContent, StringComparison.Ordinal);
    }
}
