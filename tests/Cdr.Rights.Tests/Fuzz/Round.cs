using Xunit.Sdk;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>One round of a fuzz, made from its number alone.</summary>
internal static class Round
{
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <summary>Whatever it throws is reported with its number: that is all there is to try it again.</summary>
    public static async Task<T> OfAsync<T>(int number, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e)
        {
            throw new XunitException($"Round {number}, of new Random({number}): {e.GetType().Name}: {e.Message}", e);
        }
    }
}
