using System.Text.Json;
using Cdr.EdgeAgent.Diagnosis;

namespace Cdr.EdgeAgent.Tests.Diagnosis;

public sealed class SectionTests
{
    [Fact]
    public async Task What_fails_is_told_in_its_place_by_its_kind_alone()
    {
        object?[] failed =
        [
            Section.Of(() => throw new FileNotFoundException("/home/lefevre/secret")),
            Section.Of(() => Task.FromException<object?>(new FileNotFoundException("/home/lefevre/secret")).ContinueWith(task => task.Result, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(9), TestContext.Current.CancellationToken)),
            await Section.OfAsync(() => Task.FromException<object?>(new FileNotFoundException("/home/lefevre/secret"))),
        ];
        Assert.All(failed, one =>
        {
            var told = JsonSerializer.SerializeToElement(one);
            Assert.Equal("FileNotFoundException", told.GetProperty("failed").GetString());
            Assert.DoesNotContain("lefevre", told.GetRawText(), StringComparison.Ordinal);
        });
        Assert.Equal(7, Section.Of(() => 7));
        Assert.Throws<OperationCanceledException>(() => Section.Of(() => throw new OperationCanceledException()));
    }
}
