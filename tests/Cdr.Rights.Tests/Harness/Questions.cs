namespace Cdr.Rights.Tests.Harness;

/// <summary>Many questions at once, about different persons.</summary>
internal static class Questions
{
    public static async Task AskManyAsync(this RightsWorld world, int questions, int atOnce = 16)
    {
        var people = world.Regimes.People.All()
            .SelectMany(p => p.Memberships.Where(m => m.MovedTo is null).Select(m => new { nir = p.Nir, reason = "emergency", regime = m.Regime }))
            .Take(questions).ToList();
        await Parallel.ForEachAsync(people.Index(), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (one, _) =>
        {
            using var response = await world.Hosts[one.Index % world.Hosts.Count].AskAsync(one.Item);
            await response.BytesAsync();
        });
    }
}
