using Cdr.EdgeAgent.Posts;

namespace Cdr.EdgeAgent.Tests.Posts;

/// <summary>The server's policy knows four browsers by four names; systems have many for each.</summary>
public sealed class PostBrowsersTests
{
    private static readonly Dictionary<string, string> Installed = new()
    {
        ["firefox"] = "Mozilla Firefox 128.5.0",
        ["google-chrome"] = "Google Chrome 104.0.5112.79 ",
        ["chromium-browser"] = "Chromium 131.0.6778.85 snap",
        ["microsoft-edge-stable"] = "Microsoft Edge 105.0.1343.25",
    };

    [Theory]
    [InlineData("google-chrome", "chrome")]
    [InlineData("google-chrome-stable", "chrome")]
    [InlineData("chrome.exe", "chrome")]
    [InlineData("com.google.Chrome", "chrome")]
    [InlineData("ChromeHTML", "chrome")]
    [InlineData("chromium-browser", "chromium")]
    [InlineData("org.chromium.Chromium", "chromium")]
    [InlineData("firefox-esr", "firefox")]
    [InlineData("firefox_firefox", "firefox")]
    [InlineData("FirefoxURL-308046B0AF4A39CB", "firefox")]
    [InlineData("microsoft-edge", "edge")]
    [InlineData("msedge.exe", "edge")]
    [InlineData("MSEdgeHTM", "edge")]
    [InlineData("Konqueror", "konqueror")]
    public void A_browser_has_the_policys_name_whatever_its_program_is_called(string called, string name) => Assert.Equal(name, PostBrowsers.Name(called));

    [Theory]
    // Not Firefox, which is there too.
    [InlineData("google-chrome.desktop\n", "chrome", "104.0.5112.79")]
    [InlineData("com.google.Chrome.desktop", "chrome", "104.0.5112.79")]
    [InlineData("microsoft-edge.desktop", "edge", "105.0.1343.25")]
    [InlineData("chromium_chromium.desktop", "chromium", "131.0.6778.85")]
    [InlineData("org.mozilla.firefox.desktop", "firefox", "128.5.0")]
    // One that does not tell its version has none: another's is not its own.
    [InlineData("konqueror.desktop", "konqueror", null)]
    // Nothing was chosen.
    [InlineData("", "firefox", "128.5.0")]
    [InlineData(null, "firefox", "128.5.0")]
    public void The_browser_that_was_chosen_is_told_and_never_another_ones_version(string? desktop, string name, string? version) =>
        Assert.Equal((name, version), PostBrowsers.OfDesktop(desktop, program => Installed.GetValueOrDefault(program)));

    [Fact]
    public void Where_there_is_none_nothing_is_told() => Assert.Equal((null, null), PostBrowsers.OfDesktop(null, _ => null));
}
