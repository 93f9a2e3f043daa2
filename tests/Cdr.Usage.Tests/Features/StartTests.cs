using Cdr.Usage.Tests.Doubles;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Usage.Tests.Features;

public sealed class StartTests
{
    [Theory]
    [InlineData("Data:Folder", null, "Data:Folder")]
    [InlineData("Services:Rights", null, "Services:Rights")]
    [InlineData("Usage:ReconcileEvery", "00:00:00", nameof(UsageOptions.ReconcileEvery))]
    [InlineData("Usage:ReconcileEvery", "often", "Usage:ReconcileEvery")]
    [InlineData("Usage:BatchesPerFetch", "0", nameof(UsageOptions.BatchesPerFetch))]
    [InlineData("Usage:SweepEvery", "00:00:00", nameof(UsageOptions.SweepEvery))]
    [InlineData("Usage:QuestionsAtOnce", "0", nameof(UsageOptions.QuestionsAtOnce))]
    [InlineData("Usage:ExportsAtOnce", "0", nameof(UsageOptions.ExportsAtOnce))]
    [InlineData("Usage:FreezeAfter", "-00:00:01", nameof(UsageOptions.FreezeAfter))]
    [InlineData("Usage:AvailabilityTarget", "100", nameof(UsageOptions.AvailabilityTarget))]
    public async Task It_does_not_start_without_its_configuration_and_says_what_is_wrong(string name, string? value, string named)
    {
        await using var host = new UsageHost(new FakeTimeProvider(), new("Services:Rights", "http://rights"), new("Services:Sessions", "http://sessions"), new(name, value));

        var error = Record.Exception(() => host.CreateClient());

        Assert.True(error is InvalidOperationException or OptionsValidationException, error?.ToString());
        Assert.Contains(named, error!.Message, StringComparison.Ordinal);
    }
}
