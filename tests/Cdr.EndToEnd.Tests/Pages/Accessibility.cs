using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Cdr.EndToEnd.Tests.Pages;

internal static class Accessibility
{
    /// <summary>What axe finds wrong with a page as it is shown: the rule, the elements, and of each what was measured. Empty where nothing is wrong.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page, string name)
    {
        ArgumentNullException.ThrowIfNull(page);
        var result = await page.RunAxe();

        // A page on which no rule applied was not looked at.
        Assert.NotEmpty(result.Passes);
        return [.. result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{name}: {violation.Id} ({violation.Impact}) {violation.Help}: {node.Target}: {Measured(node)}"))];
    }

    /// <summary>Nothing is wrong, or all of it is told: a list is cut short.</summary>
    public static void None(IReadOnlyCollection<string> violations) => Assert.True(violations.Count == 0, string.Join('\n', violations));

    // Never the element's own markup: it may hold a person.
    private static string Measured(AxeResultNode node) => string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message));
}
