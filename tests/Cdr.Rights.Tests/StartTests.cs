using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData("Data:Folder", null, "Data:Folder")]
    [InlineData("Regimes:BaseAddress", null, "BaseAddress")]
    [InlineData("Regimes:BaseAddress", "regimes/", "BaseAddress")]
    [InlineData("Regimes:BaseAddress", "http://regimes/without-slash", "BaseAddress")]
    [InlineData("Regimes:RegistryFile", "absent.json", "absent.json")]
    [InlineData("Regimes:Deadline", "00:00:00", "Deadline")]
    [InlineData("Batches:Lease", "00:00:25", "Lease")]
    [InlineData("Journal:SweepPeriod", "00:00:00", "SweepPeriod")]
    [InlineData("Keys:Rights:File", "/absent/keys.json", "/absent/keys.json")]
    [InlineData("Services:Sessions", null, "Services:Sessions")]
    public async Task It_does_not_start_without_its_configuration_and_says_what_is_wrong(string name, string? value, string named)
    {
        await using var world = await RightsWorld.StartAsync();

        var error = await Record.ExceptionAsync(async () =>
        {
            var host = await RightsHost.StartAsync(world.Tokens, new WorldSetup(), world.Settings(new Dictionary<string, string?> { [name] = value }));
            await host.DisposeAsync();
        });

        Assert.True(error is InvalidOperationException or OptionsValidationException or InvalidDataException, error?.ToString());
        Assert.Contains(named, error!.Message, StringComparison.Ordinal);
    }
}
