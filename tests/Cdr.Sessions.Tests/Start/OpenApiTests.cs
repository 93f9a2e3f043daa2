using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing.Platforms;

namespace Cdr.Sessions.Tests.Start;

public sealed class OpenApiTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string Snapshot = Path.Combine(Repository.Root, "tests", "Cdr.Sessions.Tests", "Start", "sessions.openapi.json");

    /// <summary>On purpose? Run again with <c>CDR_UPDATE_SNAPSHOTS=1</c> and read the difference.</summary>
    [Fact]
    public async Task The_description_is_the_one_that_was_published()
    {
        ArgumentNullException.ThrowIfNull(shared);
        var served = JsonNode.Parse(await shared.Sessions.CreateClient().GetStringAsync("/openapi/sessions.json", TestContext.Current.CancellationToken))!;
        served.AsObject().Remove("servers");
        var text = served.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("CDR_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(Snapshot, text, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(Snapshot, TestContext.Current.CancellationToken), text);
    }
}
