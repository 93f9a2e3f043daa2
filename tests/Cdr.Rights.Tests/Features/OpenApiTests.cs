using System.Text.Json.Nodes;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Features;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_description_is_the_one_in_the_snapshot()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await RightsWorld.StartAsync();
        var snapshot = Path.Combine(AppContext.BaseDirectory, "rights.openapi.json");

        var described = JsonNode.Parse(await world.Host.Client.GetStringAsync("/openapi/rights.json", cancel))!;
        // The address of the host it came from.
        described.AsObject().Remove("servers");

        // A changed contract: read the difference, then copy this file over the snapshot beside the test.
        await File.WriteAllTextAsync(snapshot + ".received", described.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n", cancel);
        Assert.True(
            File.Exists(snapshot) && JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(snapshot, cancel)), described),
            $"The OpenAPI description changed: compare with {snapshot}.received.");
    }
}
