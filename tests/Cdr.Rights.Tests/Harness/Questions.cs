namespace Cdr.Rights.Tests.Harness;

/// <summary>Many questions at once, about different persons.</summary>
internal static class Questions
{
    public static async Task AskManyAsync(this RightsWorld world, int questions, int atOnce = 16)
    {
        var people = world.Regimes.People.All()
            .SelectMany(p => p.Memberships.Where(m => m.MovedTo is null).Select(m => new { nir = p.Nir, reason = "emergency", regime = m.Regime }))
            .Take(questions).ToList();
        // A process that has just begun compiles all of it with its first question: sixteen at once would wait longer than a session is asked about.
        for (var first = 0; first < Math.Min(world.Hosts.Count, people.Count); first++)
            await AskAsync((first, people[first]));
        await Parallel.ForEachAsync(people.Index().Skip(world.Hosts.Count), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (one, _) => await AskAsync(one));

        async Task AskAsync<T>((int Index, T Item) one)
            where T : notnull
        {
            using var response = await world.Hosts[one.Index % world.Hosts.Count].AskAsync(one.Item);
            await response.BytesAsync();
        }
    }
}
