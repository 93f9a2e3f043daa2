using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Testing.Platforms;

namespace Cdr.Sessions.Tests.Start;

/// <summary>A PIN goes from the agent's window to the card. What could carry one elsewhere is looked for: only the demo drawer's may.</summary>
public sealed partial class PinDoorTests
{
    [Fact]
    public void Nothing_that_crosses_a_wall_has_a_place_for_a_pin_but_the_drawers()
    {
        var places = typeof(SessionGrant).Assembly.GetTypes().SelectMany(type => type.GetProperties().Where(property => Named().IsMatch(property.Name)).Select(property => $"{type.FullName}.{property.Name}")).ToList();
        // It is looked for rightly: the drawer's is found.
        Assert.NotEmpty(places);
        Assert.All(places, place => Assert.StartsWith("Cdr.Contracts.Drawer.", place, StringComparison.Ordinal));
    }

    [Fact]
    public void No_page_has_a_field_for_one_but_the_drawers()
    {
        var fields = Directory.EnumerateFiles(Path.Combine(Repository.Root, "services", "portal"), "*.razor", SearchOption.AllDirectories)
            .Where(file => Field().IsMatch(File.ReadAllText(file))).Select(file => Path.GetFileName(file)).ToList();
        Assert.Equal(["CardDrawer.razor"], fields);
    }

    // PinEntry, TriesLeft and the like are none; Puk and its French sisters are.
    [GeneratedRegex("^(Pin|PinCode|Puk|PorterCode|CodePorteur|Unblock.*|Deblocage.*)$")]
    private static partial Regex Named();

    [GeneratedRegex(@"<(input|Mud\w+)[^>]*(name|id)=""(pin|puk|code-porteur|deblocage|unblock\w*)""", RegexOptions.IgnoreCase)]
    private static partial Regex Field();
}
