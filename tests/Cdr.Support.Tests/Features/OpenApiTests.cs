using System.Text.Json.Nodes;

namespace Cdr.Support.Tests.Features;

public sealed class OpenApiTests : HostTests
{
    [Fact]
    public async Task The_description_is_the_one_in_the_snapshot()
    {
        var snapshot = Path.Combine(AppContext.BaseDirectory, "support.openapi.json");

        var described = await Host.ClientOf(null).GetStringAsync("/openapi/support.json", Cancel);

        // A changed contract: read the difference, then copy this file over the snapshot beside the test.
        await File.WriteAllTextAsync(snapshot + ".received", described, Cancel);
        Assert.True(
            File.Exists(snapshot) && JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(snapshot, Cancel)), JsonNode.Parse(described)),
            $"The OpenAPI description changed: compare with {snapshot}.received.");
    }
}
